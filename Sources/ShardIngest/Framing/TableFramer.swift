import CKernels
import Glibc
import ShardModel

/// Cuts the rows of a delimited text file: a row ends with a line break outside of quotes (RFC 4180, section 2,
/// rules 1, 2 and 6).
///
/// A quote opens a quoted cell only as the first byte of a cell; elsewhere in an unquoted cell it means itself. The
/// header is no record: its bytes must not be shown to the framer.
///
/// Cost: where there are no quotes, two vectorised passes over the bytes; each quote adds a call of `memchr`.
package struct TableFramer: RecordFramer {
  private enum State {
    /// Outside of quotes.
    case outside
    case quoted
    /// Behind a quote in a quoted cell: closing, or the first of a pair.
    case behindQuote
  }

  private let delimiter: UInt8
  private let terminator: UInt8
  private var state = State.outside
  /// The last byte that was scanned.
  private var previous: UInt8
  private var records = 0
  private var boundary = 0

  package init(dialect: TableDialect) {
    delimiter = dialect.delimiter
    terminator = dialect.terminator.byte
    previous = terminator
  }

  package mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary? {
    var index = from
    while index < count {
      switch state {
      case .outside:
        let quote = firstQuote(bytes, index, count)
        let stop = quote ?? count
        countRows(bytes, index, stop)
        index = stop
        guard quote != nil else { break }
        let before = stop > from ? bytes[stop - 1] : previous
        if before == delimiter || before == terminator { state = .quoted }
        index += 1
      case .quoted:
        guard let quote = firstQuote(bytes, index, count) else {
          index = count
          break
        }
        state = .behindQuote
        index = quote + 1
      case .behindQuote:
        if bytes[index] == UInt8(ascii: "\"") {
          state = .quoted
          index += 1
        } else if bytes[index] == delimiter, index + 1 < count, bytes[index + 1] == UInt8(ascii: "\"") {
          // The next cell is quoted too.
          state = .quoted
          index += 2
        } else {
          state = .outside
        }
      }
    }
    if count > from { previous = bytes[count - 1] }
    return records > 0 ? FrameBoundary(offset: boundary, records: records) : nil
  }

  package mutating func cut(at boundary: FrameBoundary) {
    records -= boundary.records
    self.boundary -= boundary.offset
  }

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    records + (count > boundary ? 1 : 0)
  }

  @inline(__always)
  private func firstQuote(_ bytes: UnsafePointer<UInt8>, _ from: Int, _ to: Int) -> Int? {
    // Most quoted cells are short, and a call costs more than two words.
    if to - from >= 16 {
      let quotes = TableWord.filled(UInt8(ascii: "\""))
      let first = TableWord.zeros(TableWord.load(bytes + from) ^ quotes)
      if first != 0 { return from + first.trailingZeroBitCount / 8 }
      let second = TableWord.zeros(TableWord.load(bytes + from + 8) ^ quotes)
      if second != 0 { return from + 8 + second.trailingZeroBitCount / 8 }
    }
    guard let found = memchr(bytes + from, Int32(UInt8(ascii: "\"")), to - from) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
  }

  private mutating func countRows(_ bytes: UnsafePointer<UInt8>, _ from: Int, _ to: Int) {
    let found = Int(ck_count_byte(bytes + from, to - from, terminator))
    guard found > 0 else { return }
    records += found
    var end = to
    while bytes[end - 1] != terminator { end -= 1 }
    boundary = end
  }
}
