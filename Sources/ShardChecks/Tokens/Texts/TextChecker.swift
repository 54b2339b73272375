import ShardModel
import ShardRules

/// Counts the tokens of the texts of batches with a tokenizer: captions, conversations as the trainer sees them, and the
/// fields that the rules name. One belongs to one worker and one reader.
///
/// A text without escapes is counted where it stands.
package final class TextChecker {
  private let settings: CheckSettings
  private let checker: ConversationChecker
  /// The verdict, in a second read.
  private let verdict: Conclusions?
  private let globs: [FieldGlob]
  private let specials: SpecialTokenFinder
  private let reader: TurnReader
  /// Fields that the rules name, and for each field whether it is one.
  private var fields: [Int] = []
  private var isNamed: [Bool] = []
  private var accumulators: [String: TokenAccumulator] = [:]
  /// Where each sequence of the batch stands, by path.
  private var places: [String: [Place]] = [:]
  private var found: [Finding] = []

  private struct Place {
    var row: Int
    var field: Int
    var position: UInt32
  }

  /// - Parameter conclusions: the verdict; in a second read.
  package init(_ settings: CheckSettings, _ tokenizer: any TextTokenizer, conclusions: Conclusions? = nil) {
    self.settings = settings
    let trainer = Trainer(settings.rules.tokens)
    checker = ConversationChecker(trainer, tokenizer, settings)
    verdict = conclusions
    globs = settings.rules.tokens.texts.map { FieldGlob($0) }
    specials = SpecialTokenFinder(settings)
    reader = TurnReader(needsSize: trainer.pictures.needsSize)
  }

  /// - Complexity: that of the tokenizer over the texts; O(1) for a batch without them.
  package func observe(
    _ batch: RecordBatch, _ pairs: PairExtractor, _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    while isNamed.count < batch.fields.count {
      let path = batch.fields[isNamed.count].path
      let isNamed = globs.contains { $0.matches(path) }
      if isNamed { fields.append(self.isNamed.count) }
      self.isNamed.append(isNamed)
    }
    for field in fields { observe(field, batch, pairs, locator, &findings) }
    if pairs.isActive {
      observeCaptions(pairs, locator, &findings)
      observeConversations(pairs, locator, &findings)
    }
    finishBatch(batch, locator, &findings)
  }

  // MARK: Texts

  private func observe(
    _ field: Int, _ batch: RecordBatch, _ pairs: PairExtractor, _ locator: Locator,
    _ findings: inout ChunkFindings
  ) {
    let column = batch.columns[field]
    guard column.texts.count > 0 || (batch.isUntyped && column.numbers.count > 0) else { return }
    let path = batch.fields[field].path
    let accumulator = accumulator(path)
    var row = 0
    for text in column.texts.values {
      let place = Place(
        row: pairs.advance(&row, to: text.offset), field: field, position: pairs.position(of: text))
      let bytes = pairs.bytes(of: text)
      count(bytes, Int(text.characters), isEmptyTold: false, path, accumulator, place, locator, &findings)
      if let name = specials.first(in: bytes) {
        let exact = locator.path(of: place.position, field: field, row: place.row)
        findings.add(SeparatorInText.finding(name, in: bytes, field: exact), row: place.row)
      }
    }
    guard batch.isUntyped else { return }
    row = 0
    for position in column.numberPositions.values {
      let place = Place(row: pairs.advance(&row, to: position), field: field, position: position)
      let cell = batch.format.valueBytes(at: position, in: batch)
      count(cell, cell.count, isEmptyTold: false, path, accumulator, place, locator, &findings)
    }
  }

  private func observeCaptions(
    _ pairs: PairExtractor, _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    // Records of a shard have their captions in one field.
    var (last, path) = (-1, "")
    var accumulator: TokenAccumulator?
    for caption in pairs.captions.values where !caption.isNull && !isNamed[Int(caption.field)] {
      if Int(caption.field) != last || accumulator == nil {
        last = Int(caption.field)
        path = pairs.batch.fields[last].path
        accumulator = self.accumulator(path)
      }
      guard let accumulator else { continue }
      let place = Place(row: Int(caption.row), field: last, position: caption.position)
      count(
        pairs.bytes(of: caption.text), Int(caption.text.characters), isEmptyTold: caption.marks.isBlank, path,
        accumulator, place, locator, &findings)
    }
  }

  private func count(
    _ bytes: UnsafeBufferPointer<UInt8>, _ characters: Int, isEmptyTold: Bool, _ path: String,
    _ accumulator: TokenAccumulator, _ place: Place, _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    let inexact = checker.tokenizer.inexactTexts
    checker.check(
      text: bytes, characters: characters, isEmptyTold: isEmptyTold, into: accumulator,
      field: { locator.path(of: place.position, field: place.field, row: place.row) }, &found)
    accumulator.counts.inexact &+= UInt64(checker.tokenizer.inexactTexts &- inexact)
    places[path, default: []].append(place)
    flush(place.row, &findings)
  }

  // MARK: Conversations

  private func observeConversations(
    _ pairs: PairExtractor, _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    guard pairs.turns.count > 0 else { return }
    reader.begin(pairs.batch)
    for row in 0..<pairs.records.count {
      let record = pairs.records[row]
      guard record.turns.count > 0, record.turnField >= 0 else { continue }
      let field = Int(record.turnField)
      let path = pairs.batch.fields[field].path
      let accumulator = accumulator(path)
      let place = Place(
        row: row, field: field, position: pairs.turns[record.turns.indices.lowerBound].position)
      let inexact = checker.tokenizer.inexactTexts
      let isCounted = checker.check(
        reader.turns(ofRow: row, pairs), into: accumulator, field: { path }, &found)
      accumulator.counts.inexact &+= UInt64(checker.tokenizer.inexactTexts &- inexact)
      if isCounted { places[path, default: []].append(place) }
      flush(row, &findings)
    }
  }

  // MARK: Batches

  private func flush(_ row: Int, _ findings: inout ChunkFindings) {
    guard !found.isEmpty else { return }
    for finding in found { findings.add(finding, row: row) }
    found.removeAll(keepingCapacity: true)
  }

  private func accumulator(_ path: String) -> TokenAccumulator {
    if let known = accumulators[path] { return known }
    let new = TokenAccumulator()
    accumulators[path] = new
    return new
  }

  private func finishBatch(_ batch: RecordBatch, _ locator: Locator, _ findings: inout ChunkFindings) {
    for (path, accumulator) in accumulators {
      let places = places[path] ?? []
      if let verdict {
        let fences = verdict.tokenFences[path]
        accumulator.dropBatch { index, length in
          guard let fences, !fences.range.contains(length) else { return }
          let finding = fences.finding(
            length, TokensTooLong.count(Int(length)), self.path(places[index], batch, locator))
          findings.add(finding, row: places[index].row)
        }
      } else {
        accumulator.finishBatch(settings.outliers) { index, length in
          Extreme(
            value: length, text: TokensTooLong.count(Int(length)),
            field: self.path(places[index], batch, locator), memberOrdinal: batch.origin.memberOrdinal,
            location: locator.location(ofRow: places[index].row))
        }
      }
      self.places[path]?.removeAll(keepingCapacity: true)
    }
  }

  /// Of a conversation, that of its field.
  private func path(_ place: Place, _ batch: RecordBatch, _ locator: Locator) -> String {
    batch.columns[place.field].lists.count > 0
      ? batch.fields[place.field].path
      : locator.path(of: place.position, field: place.field, row: place.row)
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

  /// Forgets the fields, as the reader does.
  package func forgetFields() {
    reader.forgetFields()
    fields = []
    isNamed = []
    accumulators = [:]
    places = [:]
  }
}
