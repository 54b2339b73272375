import ShardModel

/// Says what a trainer makes of conversations, and counts their tokens. One belongs to one worker; whoever reads the
/// conversations of a batch feeds it.
package final class ConversationChecker {
  package let trainer: Trainer
  private let tokenizer: any TextTokenizer
  private let settings: CheckSettings
  private let specials: SpecialTokens
  private var accumulators: [String: TokenAccumulator] = [:]

  /// `--max-tokens` takes the place of the trainer's own limit.
  package init(_ trainer: Trainer, _ tokenizer: any TextTokenizer, _ settings: CheckSettings) {
    var trainer = trainer
    trainer.limit = settings.rules.tokens.maxTokens ?? trainer.limit
    self.trainer = trainer
    self.tokenizer = tokenizer
    self.settings = settings
    specials = trainer.specials
  }

  /// Takes in one conversation.
  /// - Parameters:
  ///   - field: exact path of the conversation, for findings: `messages`, `samples[2].conversations`.
  ///   - path: of the field, for statistics: `samples[].conversations`.
  /// - Complexity: that of the tokenizer over all texts, twice for LLaVA or where the vocabulary has an unknown token.
  package func check(_ turns: [Turn], field: String, path: String) -> [Finding] {
    let record = trainer.train(on: turns, tokenizer)
    var findings = findings(record, turns, field)
    findSpecials(turns, field, &findings)
    let accumulator = accumulators[path] ?? TokenAccumulator()
    accumulators[path] = accumulator
    countTexts(turns, field, accumulator, &findings)
    accumulator.add(length: record.tokens, positions: record.tokens, limit: settings.rules.tokens.maxTokens)
    accumulator.counts.count(
      labelled: record.labelled, first: record.beforeFirstLabel, limit: settings.rules.tokens.maxTokens)
    return findings
  }

  /// Takes in one text that is trained on as it is, such as a caption.
  /// - Parameter added: tokens that the model puts around each text, such as CLIP's two.
  /// - Complexity: that of the tokenizer, twice where the vocabulary has an unknown token.
  package func check(text: [UInt8], added: Int = 0, field: String, path: String) -> [Finding] {
    let accumulator = accumulators[path] ?? TokenAccumulator()
    accumulators[path] = accumulator
    var findings: [Finding] = []
    let own = tokenizer.count(text)
    let count = own + added
    if own == 0 { findings.append(TokensEmpty.finding(field: field)) }
    if count > trainer.limit {
      findings.append(TokensTooLong.finding(count, limit: trainer.limit, field: field))
    }
    countTexts([Turn(.user, text)], field, accumulator, &findings)
    accumulator.add(length: count, positions: count, limit: settings.rules.tokens.maxTokens)
    return findings
  }

  /// Takes in the lengths of the conversations of a batch; those that may turn out to be outliers are written down.
  /// - Parameter extreme: makes the entry for a conversation, by the path of its field and its place among those of the
  ///   batch under that path.
  package func finishBatch(extreme: (_ path: String, _ index: Int, _ length: Double) -> Extreme) {
    for (path, accumulator) in accumulators {
      accumulator.finishBatch(settings.outliers) { extreme(path, $0, $1) }
    }
  }

  /// All that was counted since the last call, by the path of the field.
  package func drain() -> [String: TokenProfile] {
    var profiles: [String: TokenProfile] = [:]
    for (path, accumulator) in accumulators {
      let profile = accumulator.drain()
      if !profile.isEmpty { profiles[path] = profile }
    }
    return profiles
  }

  // MARK: Findings

  private func findings(_ record: TrainedRecord, _ turns: [Turn], _ field: String) -> [Finding] {
    if let failure = record.failure {
      guard !failure.isCrash else { return [ConversationUnusable.finding(failure, trainer, field: field)] }
      return [LabelsAllIgnored.finding(field: field, failure.reason(limit: trainer.limit))]
    }
    var findings: [Finding] = []
    let dropped = [(record.droppedQuestion, "a question"), (record.droppedAnswer, "an answer")]
    for case (let rejection?, let part) in dropped {
      findings.append(ConversationUnusable.dropped(rejection, part, field: field))
    }
    if record.areRolesSwapped { findings.append(ConversationUnusable.swapped(field: field)) }
    if trainer.recipe == .monkey, turns.count > 2 {
      findings.append(ConversationUnusable.unread(turns.count - 2, of: turns.count, field: field))
    }
    if record.tokens == 0 { findings.append(TokensEmpty.finding(field: field)) }
    if record.tokens > trainer.limit {
      findings.append(TokensTooLong.finding(record.tokens, limit: trainer.limit, field: field))
    }
    findings += truncation(record, field)
    return findings
  }

  private func truncation(_ record: TrainedRecord, _ field: String) -> [Finding] {
    if record.left == 0, let before = record.beforeFirstLabel {
      return [
        LabelsTruncated.finding(field: field, before: before, limit: trainer.limit, all: record.limitForAll)
      ]
    }
    // Labels on tokens of the template keep the loss finite, but nothing is learnt of the answer.
    guard record.answersLeft == 0, let before = record.beforeFirstAnswer else { return [] }
    var finding = LabelsTruncated.finding(
      field: field, before: before, limit: trainer.limit, all: record.limitForAll)
    finding.severity = .warning
    finding.message += "; tokens of the template still carry labels, so the loss is finite"
    return [finding]
  }

  private func findSpecials(_ turns: [Turn], _ field: String, _ findings: inout [Finding]) {
    for (index, turn) in turns.enumerated() {
      var names = specials.all(in: turn.content).map { specials.names[$0.index] }
      // The markup of pictures, regions and boxes is meant to be in text; what stands in a picture's place is not.
      names.removeAll { trainer.markup.contains($0) && !(turn.role == .assistant && $0 == "<img>") }
      if turn.role == .assistant, turn.content[...].firstRange(of: Array("<image>".utf8)) != nil {
        names.append("<image>")
      }
      guard let first = names.first else { continue }
      findings.append(SpecialTokenInText.finding(first, count: names.count, turn: index, field: field))
    }
  }

  private func countTexts(
    _ turns: [Turn], _ field: String, _ accumulator: TokenAccumulator, _ findings: inout [Finding]
  ) {
    var (all, unknown) = (0, 0)
    for turn in turns {
      // Continuation bytes begin no character.
      let characters = turn.content.count { $0 & 0xC0 != 0x80 }
      accumulator.counts.characters &+= UInt64(clamping: characters)
      guard let id = tokenizer.unknown else { continue }
      let ids = turn.content.withUnsafeBufferPointer { tokenizer.encode($0) }
      all += ids.count
      unknown += ids.count { $0 == id }
    }
    accumulator.counts.unknown &+= UInt64(clamping: unknown)
    if all >= TokensUnknown.fewest, unknown > all / TokensUnknown.share {
      findings.append(TokensUnknown.finding(unknown, of: all, field: field))
    }
  }
}

extension Trainer {
  /// Special tokens that records of this trainer are written with.
  var markup: Set<String> {
    switch recipe {
    case .monkey, .textMonkey, .qwenVL:
      ["<img>", "</img>", "<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>"]
    case .llava, .template: []
    }
  }
}
