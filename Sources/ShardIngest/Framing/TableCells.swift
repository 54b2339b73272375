import ShardModel

/// One cell as written, in bytes from the start of what is walked.
struct TableCell: Equatable {
  /// First byte of the cell, its opening quote if it has one.
  var start: Int
  /// The content, without quotes.
  var content: Range<Int>
  var isQuoted: Bool
  /// Whether the content holds doubled quotes.
  var isEscaped: Bool
  /// Whether the end of the bytes came before the closing quote.
  var isOpen: Bool
  /// Whether something other than a delimiter or a line break follows the closing quote.
  var isMalformed: Bool
  /// Whether a line break or the end of the bytes follows.
  var endsRow: Bool
  /// Whether the cell ends with the bytes and not with a byte of its own.
  var endsBytes: Bool
}

/// Walks over the cells of a table one byte at a time: for headers and for values that are reported, not for the
/// hot path. It is the plain statement of the grammar (RFC 4180, section 2) that `TableScanner` and `TableFramer`
/// have to agree with.
///
/// A quote is special only as the first byte of a cell. Inside of quotes a doubled quote means one quote, and
/// everything else means itself, line breaks included.
struct TableCells {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  private let terminator: UInt8
  private let isRecord: Bool
  private(set) var index: Int
  private var isBehindDelimiter = false
  private var isDone = false

  /// - Parameter isRecord: whether the bytes end with one row, whose line break has been left out.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0, delimiter: UInt8,
    terminator: TableDialect.Terminator, isRecord: Bool = false
  ) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.terminator = terminator.byte
    self.isRecord = isRecord
    index = start
  }

  /// The next cell, or nil after the last one. Nothing after the last line break is no cell.
  mutating func next() -> TableCell? {
    if isDone || (index >= bytes.count && !isBehindDelimiter) { return nil }
    isBehindDelimiter = false
    var cell = TableCell(
      start: index, content: index..<index, isQuoted: false, isEscaped: false, isOpen: false,
      isMalformed: false, endsRow: false, endsBytes: false)
    var from = index
    if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
      readQuoted(&cell)
      from = index
    }
    while index < bytes.count, bytes[index] != delimiter, bytes[index] != terminator { index += 1 }
    let stop = contentEnd(from: from)
    if cell.isQuoted { cell.isMalformed = stop > from } else { cell.content = from..<stop }
    cell.endsBytes = index >= bytes.count
    cell.endsRow = cell.endsBytes || bytes[index] == terminator
    isBehindDelimiter = !cell.endsRow
    isDone = cell.endsBytes
    index += 1
    return cell
  }

  private mutating func readQuoted(_ cell: inout TableCell) {
    cell.isQuoted = true
    index += 1
    let start = index
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\"") else {
        index += 1
        continue
      }
      guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else {
        cell.content = start..<index
        index += 1
        return
      }
      cell.isEscaped = true
      index += 2
    }
    cell.content = start..<index
    cell.isOpen = true
  }

  /// Where the cell that stops at `index` ends: before the carriage return of a CRLF.
  private func contentEnd(from start: Int) -> Int {
    let endsLine = index < bytes.count ? bytes[index] == terminator : !isRecord
    guard terminator == 0x0A, endsLine, index > start, bytes[index - 1] == 0x0D else { return index }
    return index - 1
  }

  /// The content of a cell with doubled quotes undone.
  /// - Complexity: O(n), one allocation.
  static func unescaped(_ content: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var index = 0
    while index < content.count {
      result.append(content[index])
      let isDoubled =
        content[index] == UInt8(ascii: "\"") && index + 1 < content.count
        && content[index + 1] == UInt8(ascii: "\"")
      index += isDoubled ? 2 : 1
    }
    return result
  }

  func text(of cell: TableCell) -> [UInt8] {
    let content = UnsafeBufferPointer(rebasing: bytes[cell.content])
    return cell.isEscaped ? Self.unescaped(content) : Array(content)
  }
}
