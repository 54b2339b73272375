import CKernels
import ShardModel

/// Parses the rows of a table into columns: the hot loop of `TableReader`.
///
/// The grammar is that of `TableCells`. A number that is plain and not quoted is parsed where it stands, and the
/// byte behind it tells whether the cell ends there; every other cell goes through `readCell`. Everything here
/// works on raw pointers: the bytes from `start` to `end` are whole rows, the last one with its line break, so that
/// no number and no unquoted cell can run beyond them, and 64 more bytes are readable.
struct TableScanner {
  let batch: RecordBatch
  /// First byte to scan, and its position in the batch.
  let start: Cursor
  let startPosition: UInt32
  let end: Cursor
  /// Where the data end: before the last line break if that was added to them.
  let dataEnd: Cursor
  /// Whether no bytes come after these in their member.
  let isFinal: Bool
  let dialect: TableDialect
  let delimiter: UInt8
  let terminator: UInt8
  /// Where the values of each cell go.
  let targets: UnsafeMutablePointer<UnsafeMutablePointer<Column>>
  /// The column of the rows themselves: each row that is kept is an object.
  let root: UnsafeMutablePointer<Column>
  let columnCount: Int
  /// The field of each cell, -1 where its values are not kept.
  let fields: UnsafeMutablePointer<Int>
  var records: Buffer<RecordView>

  /// Cells of the current row that are empty, plus one for a failure: nonzero sends the row through `finishRow`.
  var oddities = 0
  var failure: Failure?
  /// Whether the data ended inside of a quoted cell, which only the last row can have.
  var isOpen = false
  var failurePosition: Cursor

  enum Failure { case open, afterQuote }

  init(
    batch: RecordBatch, start: Cursor, startPosition: Int, count: Int, hasAddedLineBreak: Bool, isFinal: Bool,
    dialect: TableDialect,
    targets: UnsafeMutablePointer<UnsafeMutablePointer<Column>>, fields: UnsafeMutablePointer<Int>
  ) {
    self.batch = batch
    self.start = start
    self.startPosition = UInt32(truncatingIfNeeded: startPosition)
    end = start + count
    dataEnd = hasAddedLineBreak ? end - 1 : end
    self.isFinal = isFinal
    self.dialect = dialect
    delimiter = dialect.delimiter
    terminator = dialect.terminator.byte
    self.targets = targets
    root = batch.columns
    columnCount = dialect.columns.count
    self.fields = fields
    records = batch.records
    failurePosition = start
  }

  @inline(__always)
  func position(_ p: Cursor) -> UInt32 { startPosition &+ UInt32(truncatingIfNeeded: p - start) }

  /// Parses all rows.
  mutating func scan() {
    let delimiter = delimiter
    let terminator = terminator
    let targets = targets
    let end = end
    let last = columnCount - 1
    var p = start
    while p < end {
      let rowStart = p
      var cell = 0
      oddities = 0
      while true {
        let first = p.pointee
        if first &- UInt8(ascii: "0") <= 9 || first == UInt8(ascii: "-") {
          let number = ck_parse_number(p)
          if number.kind == UInt32(CK_NUMBER_REAL) || number.kind == UInt32(CK_NUMBER_INTEGER) {
            let after = p + Int(number.length)
            let stop = after.pointee
            if stop == delimiter {
              if cell < last {
                append(number, p, to: targets[cell])
                p = after + 1
                cell &+= 1
                continue
              }
            } else if cell == last {
              let isLineBreak = stop == terminator
              if isLineBreak || (stop == 0x0D && after[1] == 0x0A && terminator == 0x0A) {
                append(number, p, to: targets[cell])
                finish(rowStart, after, cells: columnCount)
                p = after + (isLineBreak ? 1 : 2)
                break
              }
            }
          }
        }
        let stop = readCell(cell, p)
        p = stop + 1
        cell &+= 1
        if stop.pointee == terminator {
          let isLong = terminator == 0x0A && stop > rowStart && stop[-1] == 0x0D
          finish(rowStart, isLong ? stop - 1 : stop, cells: cell)
          break
        }
      }
    }
  }

  @inline(__always)
  private func append(_ number: ck_number, _ p: Cursor, to column: UnsafeMutablePointer<Column>) {
    column.pointee.numbers.append(number.value)
    column.pointee.numberPositions.append(position(p))
    column.pointee.integers &+= number.kind == UInt32(CK_NUMBER_INTEGER) ? 1 : 0
  }

  @inline(__always)
  private mutating func finish(_ rowStart: Cursor, _ rowEnd: Cursor, cells: Int) {
    var rowEnd = rowEnd
    let isKept = (cells == columnCount && oddities == 0) || finishOddRow(rowStart, &rowEnd, cells: cells)
    if isKept { root.pointee.objects.append(position(rowStart)) }
    records.append(
      RecordView(offset: position(rowStart), length: UInt32(truncatingIfNeeded: rowEnd - rowStart)))
  }

  // MARK: Other cells

  /// Reads any cell and returns the delimiter or line break behind it.
  @inline(never)
  private mutating func readCell(_ cell: Int, _ p: Cursor) -> Cursor {
    if p.pointee == UInt8(ascii: "\"") { return readQuotedCell(cell, p) }
    var high: UInt64 = 0
    // Safe: the bytes end with a line break.
    let stop = findStop(p, &high)
    let isLong = stop.pointee == 0x0A && terminator == 0x0A && stop > p && stop[-1] == 0x0D
    addValue(cell, p, isLong ? stop - 1 : stop, at: p, high: high, pairs: 0)
    return stop
  }

  private mutating func readQuotedCell(_ cell: Int, _ p: Cursor) -> Cursor {
    var high: UInt64 = 0
    var pairs: UInt32 = 0
    var quote = p
    repeat {
      quote = findQuote(quote + 1, &high)
      guard quote < end else {
        fail(.open, at: p)
        isOpen = true
        // The last byte is a line break, here inside of the cell.
        return end - 1
      }
      if quote[1] != UInt8(ascii: "\"") || quote + 1 >= end { break }
      quote += 1
      pairs &+= 1
    } while true
    let after = quote + 1
    if after < end {
      let byte = after.pointee
      if byte == delimiter || byte == terminator {
        addValue(cell, p + 1, quote, at: p, high: high, pairs: pairs)
        return after
      }
      if byte == 0x0D, terminator == 0x0A, after[1] == 0x0A {
        addValue(cell, p + 1, quote, at: p, high: high, pairs: pairs)
        return after + 1
      }
    }
    fail(.afterQuote, at: after)
    return findStop(after, &high)
  }

  /// Adds the value whose content is from `start` to `end` in a cell that starts at `cellStart`.
  @inline(__always)
  private mutating func addValue(
    _ cell: Int, _ start: Cursor, _ end: Cursor, at cellStart: Cursor, high: UInt64, pairs: UInt32
  ) {
    guard cell < columnCount else { return }
    let column = targets[cell]
    if start == end {
      oddities &+= 1
      column.pointee.nulls.append(position(cellStart))
      return
    }
    var first = start
    while first < end, isBlank(first.pointee) { first += 1 }
    if first < end, mayStartNumber(first.pointee), addNumber(to: column, first, end) { return }
    let length = UInt32(truncatingIfNeeded: end - start)
    let characters = high == 0 ? length : countCharacters(cell, start, end)
    column.pointee.texts.append(
      TextView(
        offset: position(start), length: length, isEscaped: pairs > 0, characters: characters &- pairs))
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @inline(__always)
  private func mayStartNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "i"), UInt8(ascii: "I"):
      true
    default: false
    }
  }

  @inline(never)
  private func addNumber(to column: UnsafeMutablePointer<Column>, _ start: Cursor, _ end: Cursor) -> Bool {
    var end = end
    while isBlank(end[-1]) { end -= 1 }
    guard let number = TableNumber.parse(start, end) else { return false }
    if let kind = number.exception {
      column.pointee.exceptions.append(
        NumberException(index: UInt32(truncatingIfNeeded: column.pointee.numbers.count), kind: kind))
    }
    column.pointee.numbers.append(number.value)
    column.pointee.numberPositions.append(position(start))
    if number.isInteger { column.pointee.integers &+= 1 }
    return true
  }

  /// Unicode scalars of a text that is not all ASCII; each byte that is not UTF-8 counts as one and the first is a
  /// defect.
  @inline(never)
  private func countCharacters(_ cell: Int, _ start: Cursor, _ end: Cursor) -> UInt32 {
    var p = start
    var characters: UInt32 = 0
    var isReported = false
    while p < end {
      if p.pointee < 0x80 {
        while end - p >= 8, TableWord.load(p) & TableWord.highBits == 0 {
          p += 8
          characters &+= 8
        }
        guard p < end, p.pointee < 0x80 else { continue }
        p += 1
      } else {
        // Safe: what follows the cell is ASCII, so that no valid sequence reaches beyond it.
        let length = ck_utf8_length(p)
        if length == 0, !isReported {
          isReported = true
          let value = String(p.pointee, radix: 16, uppercase: true)
          addDefect(.invalidEncoding, at: p, field: fields[cell], "byte 0x\(value) is not UTF-8")
        }
        p += max(1, Int(length))
      }
      characters &+= 1
    }
    return characters
  }

  // MARK: Finding bytes

  /// The first delimiter or line break; there is one.
  @inline(__always)
  private func findStop(_ from: Cursor, _ high: inout UInt64) -> Cursor {
    let delimiters = TableWord.filled(delimiter)
    let terminators = TableWord.filled(terminator)
    var p = from
    while true {
      let word = TableWord.load(p)
      let found = TableWord.zeros(word ^ delimiters) | TableWord.zeros(word ^ terminators)
      if found != 0 {
        high |= word & TableWord.highBits & (found & (0 &- found)) &- 1
        return p + found.trailingZeroBitCount / 8
      }
      high |= word & TableWord.highBits
      p += 8
    }
  }

  /// The first quote, or `end`.
  @inline(__always)
  private func findQuote(_ from: Cursor, _ high: inout UInt64) -> Cursor {
    let quotes = TableWord.filled(UInt8(ascii: "\""))
    var p = from
    while p < end {
      let word = TableWord.load(p)
      let found = TableWord.zeros(word ^ quotes)
      if found != 0 {
        high |= word & TableWord.highBits & (found & (0 &- found)) &- 1
        return min(end, p + found.trailingZeroBitCount / 8)
      }
      high |= word & TableWord.highBits
      p += 8
    }
    return end
  }
}
