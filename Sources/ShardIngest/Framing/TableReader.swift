import ShardModel

/// Bounds on what one table may ask for.
package struct TableLimits: Sendable {
  /// Distinct fields over all shards of a reader; cells of further columns are checked for their grammar, counted,
  /// and left out.
  package var fields = 20_000

  package init() {}
}

/// Reads chunks of rows of a delimited text file into a batch, one column a field.
///
/// An empty cell, quoted or not, is null. A cell that spells a number (`TableNumber`, spaces around it allowed) is a
/// number, quoted or not; every other cell is a text. A row with too few or too many cells, a blank line among
/// several columns, and a row with text behind a closing quote or without one keep no value: columns never shift.
///
/// - Complexity: O(bytes); memory O(chunk + fields).
package final class TableReader: RecordReader {
  package let batch: RecordBatch
  package private(set) var dialect: TableDialect
  private let limits: TableLimits
  private let isIgnored: (@Sendable (String) -> Bool)?
  /// Fields by their names.
  private var known: [String: Int] = [:]
  /// The field of each column of the dialect, -1 where its values are not kept.
  private var fields = Buffer<Int>()
  private var targets = Buffer<UnsafeMutablePointer<Column>>()
  /// Take the values of columns beyond the limit, and of ignored ones.
  private let excess: UnsafeMutablePointer<Column>
  private let ignored: UnsafeMutablePointer<Column>
  /// A copy of a last row that has no line break, with one.
  private var unfinished = Buffer<UInt8>()

  /// - Parameter isIgnored: whether the field with this path is left out.
  package init(
    dialect: TableDialect, limits: TableLimits = TableLimits(),
    isIgnored: (@Sendable (String) -> Bool)? = nil
  ) {
    self.dialect = dialect
    self.limits = limits
    self.isIgnored = isIgnored
    batch = RecordBatch(format: TableFormat(dialect: dialect))
    batch.isUntyped = true
    excess = .allocate(capacity: 2)
    excess.initialize(repeating: Column(), count: 2)
    ignored = excess + 1
    use(dialect)
  }

  deinit {
    excess[0].deallocate()
    excess[1].deallocate()
    excess.deallocate()
    fields.deallocate()
    targets.deallocate()
    unfinished.deallocate()
  }

  /// Prepares for a shard with this dialect. Columns with names that were seen before keep their fields.
  /// - Complexity: O(columns).
  package func use(_ dialect: TableDialect) {
    self.dialect = dialect
    batch.format = TableFormat(dialect: dialect)
    batch.endsLinesWithCarriageReturn = dialect.terminator == .carriageReturn
    fields.removeAll()
    for name in dialect.columns { fields.append(field(named: name)) }
  }

  /// Forgets the fields of the shards before, so that many shards with different fields do not add up.
  package func forgetFields() {
    batch.removeFields()
    known.removeAll()
    use(dialect)
  }

  private static let noField = -1
  private static let ignoredField = -2

  private func field(named name: String) -> Int {
    if let index = known[name] { return index }
    let field = Field(member: name, of: .root, at: 0)
    if let isIgnored, isIgnored(field.path) { return Self.ignoredField }
    guard batch.fields.count <= limits.fields else { return Self.noField }
    let index = batch.addField(field)
    known[name] = index
    return index
  }

  package func read(_ bytes: UnsafePointer<UInt8>, count: Int, origin: BatchOrigin, isFinal: Bool) {
    batch.begin(bytes: bytes, count: count, origin: origin)
    excess.pointee.removeAll()
    ignored.pointee.removeAll()
    targets.removeAll()
    for field in fields.values {
      switch field {
      case Self.noField: targets.append(excess)
      case Self.ignoredField: targets.append(ignored)
      default: targets.append(batch.columns + field)
      }
    }
    let whole = wholeRows(bytes, count)
    scan(bytes, from: 0, count: whole, hasAddedLineBreak: false, isFinal: isFinal && whole == count)
    if whole < count { scanUnfinished(bytes + whole, from: whole, count: count - whole, isFinal: isFinal) }
    batch.valuesBeyondFieldLimit = excess.pointee.count
  }

  /// How many bytes are rows that end with a line break.
  private func wholeRows(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    guard count > 0, bytes[count - 1] != dialect.terminator.byte else { return count }
    var framer = TableFramer(dialect: dialect)
    return framer.scan(bytes, from: 0, to: count)?.offset ?? 0
  }

  private func scan(
    _ bytes: UnsafePointer<UInt8>, from position: Int, count: Int, hasAddedLineBreak: Bool, isFinal: Bool
  ) {
    var scanner = TableScanner(
      batch: batch, start: bytes, startPosition: position, count: count,
      hasAddedLineBreak: hasAddedLineBreak, isFinal: isFinal, dialect: dialect,
      targets: targets.base, fields: fields.base)
    scanner.scan()
    batch.records = scanner.records
  }

  /// Reads the one row without a line break, from a copy that has one, so that the scanner never looks for the end.
  private func scanUnfinished(
    _ bytes: UnsafePointer<UInt8>, from position: Int, count: Int, isFinal: Bool
  ) {
    unfinished.removeAll()
    unfinished.reserve(count + 1 + RecordBatch.padding)
    // Safe: room for all of it was reserved in the line above.
    unfinished.base.update(from: bytes, count: count)
    unfinished.base[count] = dialect.terminator.byte
    (unfinished.base + count + 1).update(repeating: 0, count: RecordBatch.padding)
    scan(unfinished.base, from: position, count: count + 1, hasAddedLineBreak: true, isFinal: isFinal)
  }
}
