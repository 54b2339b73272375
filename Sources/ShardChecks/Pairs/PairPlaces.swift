import ShardModel
import ShardRules

/// Names places in records for findings about pairs.
struct PairPlaces {
  let pairs: PairExtractor
  let locator: Locator

  /// Nil where the batch holds no pairs.
  init?(_ context: BatchContext) {
    guard let pairs = context.pairs else { return nil }
    self.pairs = pairs
    locator = context.locator
  }

  /// `conversations[1].value`, or the turn where it has no content.
  func content(of turn: PairTurn) -> String {
    turn.content == .missing
      ? path(turn.position, turn.field, turn.row) : path(turn.contentPosition, turn.contentField, turn.row)
  }

  func turn(_ turn: PairTurn) -> String { path(turn.position, turn.field, turn.row) }

  func path(_ position: UInt32, _ field: UInt32, _ row: UInt32) -> String {
    locator.path(of: position, field: Int(field), row: Int(row))
  }

  /// The records that are pairs.
  func visit(_ body: (_ row: Int, _ record: PairRecord, _ shape: PairShape) -> Void) {
    for row in 0..<pairs.records.count {
      let record = pairs.records[row]
      if let shape = record.shape { body(row, record, shape) }
    }
  }

  /// The records that are pairs and have turns.
  func visitConversations(_ body: (_ row: Int, _ record: PairRecord, _ shape: PairShape) -> Void) {
    guard !pairs.turns.isEmpty else { return }
    visit { if $1.turns.count > 0 { body($0, $1, $2) } }
  }

  func excerpt(_ text: TextView) -> String { Excerpt.of(pairs.bytes(of: text)) }

  func turns(of record: PairRecord) -> UnsafeBufferPointer<PairTurn> {
    UnsafeBufferPointer(rebasing: pairs.turns.values[record.turns.indices])
  }

  func images(of record: PairRecord) -> UnsafeBufferPointer<PairImage> {
    UnsafeBufferPointer(rebasing: pairs.images.values[record.images.indices])
  }

  func tags(of turn: PairTurn) -> UnsafeBufferPointer<PairTag> {
    UnsafeBufferPointer(rebasing: pairs.tags.values[turn.tags.indices])
  }
}

extension Check {
  /// A finding whose severity is not the check's own.
  func finding(_ severity: Severity, field: String?, value: String? = nil, _ message: String) -> Finding {
    var finding = finding(field: field, value: value, message)
    finding.severity = severity
    return finding
  }
}
