import ShardModel

/// Says what a trainer makes of conversations and texts, and counts their tokens. One belongs to one worker; a
/// `TextChecker` feeds it what a batch holds.
package final class ConversationChecker {
  package let trainer: Trainer
  let tokenizer: any TextTokenizer
  private let limit: Int?

  /// `--max-tokens` takes the place of the trainer's own limit.
  package init(_ trainer: Trainer, _ tokenizer: any TextTokenizer, _ settings: CheckSettings) {
    var trainer = trainer
    limit = settings.rules.tokens.maxTokens
    trainer.limit = limit ?? trainer.limit
    self.trainer = trainer
    self.tokenizer = tokenizer
  }

  /// Takes in one conversation; returns whether its length is known and was counted.
  /// - Parameter field: makes the exact path of the conversation, for findings: `messages`.
  /// - Complexity: that of the tokenizer over all texts, twice for LLaVA or where the vocabulary has an unknown token.
  package func check(
    _ turns: [Turn], into accumulator: TokenAccumulator, field: () -> String, _ findings: inout [Finding]
  ) -> Bool {
    let record = trainer.train(on: turns, tokenizer)
    if record.failure == .pictureSize, trainer.pictures.needsSize, turns.hasUnknownSize {
      accumulator.counts.uncounted &+= 1
      return false
    }
    add(record, turns, field, &findings)
    countTexts(turns, accumulator, field, &findings)
    // Where the trainer stops before it has tokens, there is no sequence.
    guard record.tokens > 0 || record.failure == nil else { return false }
    accumulator.add(length: record.tokens, positions: record.tokens, limit: limit)
    accumulator.counts.count(labelled: record.labelled, first: record.beforeFirstLabel, limit: limit)
    return true
  }

  /// Takes in one text that is trained on as it is, such as a caption, in place.
  /// - Parameters:
  ///   - characters: scalars of the text.
  ///   - isEmptyTold: whether another check says that the text is empty.
  /// - Complexity: that of the tokenizer.
  func check(
    text: UnsafeBufferPointer<UInt8>, characters: Int, isEmptyTold: Bool,
    into accumulator: TokenAccumulator, field: () -> String, _ findings: inout [Finding]
  ) {
    let own: Int
    if tokenizer.hasUnknown {
      let counts = tokenizer.countUnknown(text)
      own = counts.all
      accumulator.counts.unknown &+= UInt64(clamping: counts.unknown)
      if TokensUnknown.isMuch(counts.unknown, of: own) {
        findings.append(TokensUnknown.finding(counts.unknown, of: own, field: field()))
      }
    } else {
      own = tokenizer.count(text)
    }
    let count = own + tokenizer.addedTokens
    if own == 0, !isEmptyTold { findings.append(TokensEmpty.finding(field: field())) }
    if count > trainer.limit {
      findings.append(TokensTooLong.finding(count, limit: trainer.limit, field: field()))
    }
    accumulator.counts.characters &+= UInt64(clamping: characters)
    accumulator.add(length: count, positions: count, limit: limit)
  }

  // MARK: Findings

  private func add(
    _ record: TrainedRecord, _ turns: [Turn], _ field: () -> String, _ findings: inout [Finding]
  ) {
    if let failure = record.failure {
      findings.append(
        failure.isCrash
          ? ConversationUnusable.finding(failure, trainer, field: field())
          : LabelsAllIgnored.finding(field: field(), failure.reason(limit: trainer.limit)))
      return
    }
    let dropped = [(record.droppedQuestion, "a question"), (record.droppedAnswer, "an answer")]
    for case (let rejection?, let part) in dropped {
      findings.append(ConversationUnusable.dropped(rejection, part, field: field()))
    }
    if record.areRolesSwapped { findings.append(ConversationUnusable.swapped(field: field())) }
    if trainer.recipe == .monkey, turns.count > 2 {
      findings.append(ConversationUnusable.unread(turns.count - 2, of: turns.count, field: field()))
    }
    if record.tokens == 0 { findings.append(TokensEmpty.finding(field: field())) }
    if record.tokens > trainer.limit {
      findings.append(TokensTooLong.finding(record.tokens, limit: trainer.limit, field: field()))
    }
    if let finding = truncation(record, field) { findings.append(finding) }
  }

  private func truncation(_ record: TrainedRecord, _ field: () -> String) -> Finding? {
    if record.left == 0, let before = record.beforeFirstLabel {
      return LabelsTruncated.finding(
        field: field(), before: before, limit: trainer.limit, all: record.limitForAll)
    }
    // Labels on tokens of the template keep the loss finite, but nothing is learnt of the answer.
    guard record.answersLeft == 0, let before = record.beforeFirstAnswer else { return nil }
    var finding = LabelsTruncated.finding(
      field: field(), before: before, limit: trainer.limit, all: record.limitForAll)
    finding.severity = .warning
    finding.message += "; tokens of the template still carry labels, so the loss is finite"
    return finding
  }

  private func countTexts(
    _ turns: [Turn], _ accumulator: TokenAccumulator, _ field: () -> String, _ findings: inout [Finding]
  ) {
    var (all, unknown) = (0, 0)
    for turn in turns {
      // Continuation bytes begin no character.
      let characters = turn.content.count { $0 & 0xC0 != 0x80 }
      accumulator.counts.characters &+= UInt64(clamping: characters)
      guard tokenizer.hasUnknown else { continue }
      let counts = turn.content.withUnsafeBufferPointer { tokenizer.countUnknown($0) }
      all += counts.all
      unknown += counts.unknown
    }
    accumulator.counts.unknown &+= UInt64(clamping: unknown)
    if TokensUnknown.isMuch(unknown, of: all) {
      findings.append(TokensUnknown.finding(unknown, of: all, field: field()))
    }
  }
}

extension [Turn] {
  fileprivate var hasUnknownSize: Bool {
    contains { $0.pictures.contains { $0.width == nil || $0.height == nil } }
  }
}
