import ShardIngest
import ShardModel

/// What a reader made of a table, row by row, in positions of the whole input: the same for any chunking.
struct ParsedTable: Equatable, CustomStringConvertible {
  struct Row: Equatable {
    var offset: Int
    var length: Int
    /// By column; missing where the row keeps no values.
    var cells: [String] = []
    /// Whether the row counts as an object of the root.
    var isKept = false
  }

  var rows: [Row] = []
  /// `kind@row:position detail`
  var defects: [String] = []
  var integers: [Int] = []

  var cells: [[String]] { rows.map(\.cells) }
  var description: String {
    "\(rows.map { "\($0.offset)+\($0.length) \($0.cells)" }) \(defects) \(integers)"
  }

  /// Cells are written as `~` (null), `1.5` (a number, with `!kind` if it is not plain) or `'text'`, for which
  /// characters are checked here.
  mutating func add(_ batch: RecordBatch, offset: Int) {
    let firstRow = rows.count
    for record in batch.records.values {
      rows.append(Row(offset: offset + Int(record.offset), length: Int(record.length)))
    }
    for position in batch.columns[0].objects.values { rows[firstRow + batch.row(at: position)].isKept = true }
    let columns = batch.fields.count - 1
    if integers.isEmpty { integers = Array(repeating: 0, count: columns) }
    for field in 1..<max(1, columns + 1) {
      let column = batch.columns[field]
      integers[field - 1] += column.integers
      var kinds: [Int: NumberKind] = [:]
      for exception in column.exceptions.values { kinds[Int(exception.index)] = exception.kind }
      var cells: [(position: UInt32, cell: String)] = []
      for index in 0..<column.numbers.count {
        let mark = kinds[index].map { "!\($0)" } ?? ""
        cells.append((column.numberPositions[index], "\(column.numbers[index])" + mark))
      }
      for text in column.texts.values {
        let bytes = batch.format.unescaped(text, in: batch)
        let decoded = String(decoding: bytes, as: UTF8.self)
        let mark = isUTF8(bytes) && Int(text.characters) != decoded.unicodeScalars.count ? "?" : ""
        cells.append((text.offset, "'\(decoded)'" + mark))
      }
      for position in column.nulls.values { cells.append((position, "~")) }
      for (position, cell) in cells.sorted(by: { $0.position < $1.position }) {
        rows[firstRow + batch.row(at: position)].cells.append(cell)
      }
    }
    for defect in batch.defects {
      let field = defect.field.map { " in \(batch.fields[$0].path)" } ?? ""
      let position = offset + Int(defect.position)
      defects.append("\(defect.kind)@\(firstRow + defect.row):\(position)\(field) \(defect.detail)")
    }
  }

  private func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}

/// Bytes with the padding that chunks have, filled with digits, which no reader may take for data.
func withPadding<Result>(_ bytes: some Collection<UInt8>, _ body: (UnsafePointer<UInt8>) -> Result) -> Result
{
  let padding = repeatElement(UInt8(ascii: "1"), count: RecordBatch.padding)
  let padded = Array(padding) + Array(bytes) + Array(padding)
  return padded.withUnsafeBufferPointer { buffer in body(buffer.baseAddress! + RecordBatch.padding) }
}

extension TableDialect {
  static func sniffed(
    _ bytes: [UInt8], isWhole: Bool = true, forced: UInt8? = nil, header: Bool? = nil
  ) -> TableDialect? {
    bytes.withUnsafeBufferPointer {
      TableSniffer.sniff(prefix: $0, isWhole: isWhole, forced: forced, header: header)
    }
  }
}

/// Feeds a table through framer and reader as a stream: `steps` says how many bytes come at a time, again and again;
/// it is cut wherever a row is complete.
func parse(_ bytes: [UInt8], _ dialect: TableDialect, steps: [Int] = [Int.max]) -> ParsedTable {
  let reader = TableReader(dialect: dialect)
  var framer = TableFramer(dialect: dialect)
  var parsed = ParsedTable()
  var done = min(dialect.headerLength, bytes.count)
  var available = done
  var turn = 0
  func read(_ count: Int, _ records: Int, isFinal: Bool) {
    var origin = BatchOrigin()
    origin.offset = UInt64(done)
    withPadding(bytes[done..<(done + count)]) { pointer in
      reader.read(pointer, count: count, origin: origin, isFinal: isFinal)
      parsed.add(reader.batch, offset: done)
    }
    if reader.batch.records.count != records {
      parsed.defects.append("the framer saw \(records) rows, the reader \(reader.batch.records.count)")
    }
    done += count
  }
  while available < bytes.count {
    let step = min(steps[turn % steps.count], bytes.count - available)
    let boundary = bytes.withUnsafeBufferPointer { buffer in
      framer.scan(buffer.baseAddress! + done, from: available - done, to: available + step - done)
    }
    turn += 1
    available += step
    guard let boundary, available < bytes.count else { continue }
    framer.cut(at: boundary)
    read(boundary.offset, boundary.records, isFinal: false)
  }
  let rest = bytes.count - done
  let records = bytes.withUnsafeBufferPointer { framer.finish($0.baseAddress! + done, count: rest) }
  read(rest, records, isFinal: true)
  return parsed
}

func parse(_ text: String, columns: Int, delimiter: UInt8 = UInt8(ascii: ",")) -> ParsedTable {
  parse(
    Array(text.utf8),
    TableDialect(delimiter: delimiter, hasHeader: false, columns: (0..<columns).map { "c\($0)" }))
}
