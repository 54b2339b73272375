import ShardModel

/// Names and finds single values in the bytes of table rows. Walks the row each time: for values that are reported,
/// not for the hot path.
package struct TableFormat: RecordFormat {
  private let delimiter: UInt8
  private let terminator: TableDialect.Terminator
  private let columnCount: Int
  private let keyColumn: Int?

  package init(dialect: TableDialect) {
    delimiter = dialect.delimiter
    terminator = dialect.terminator
    columnCount = dialect.columns.count
    keyColumn = RecordKey.names.lazy.compactMap { dialect.columns.firstIndex(of: $0) }.first
  }

  package func path(of position: UInt32, field: Int, row: Int, in batch: RecordBatch) -> String {
    batch.fields[field].path
  }

  /// A table has no lists.
  package func elementPosition(number ordinal: Int, list: UInt32, in batch: RecordBatch) -> (
    position: UInt32, index: Int
  )? { nil }

  /// The content of the cell that holds `position`; of a number without the spaces around it.
  package func valueBytes(at position: UInt32, in batch: RecordBatch) -> UnsafeBufferPointer<UInt8> {
    let empty = UnsafeBufferPointer(start: batch.bytes + Int(position), count: 0)
    guard !batch.records.isEmpty, let cell = cell(at: Int(position), in: batch) else { return empty }
    // Up to the byte behind the row, which is there or is padding.
    let start = batch.bytes + cell.content.lowerBound
    var first = start
    var end = batch.bytes + cell.content.upperBound
    while first < end, first.pointee == 0x20 || first.pointee == 0x09 { first += 1 }
    while end > first, end[-1] == 0x20 || end[-1] == 0x09 { end -= 1 }
    guard first - batch.bytes == Int(position), isNumber(first, end) else {
      return UnsafeBufferPointer(start: start, count: cell.content.count)
    }
    return UnsafeBufferPointer(start: first, count: end - first)
  }

  package func unescaped(_ text: TextView, in batch: RecordBatch) -> [UInt8] {
    let content = UnsafeBufferPointer(start: batch.bytes + Int(text.offset), count: text.length)
    return text.isEscaped ? TableCells.unescaped(content) : Array(content)
  }

  /// The cell of the first column that is named `key`, `id`, ... Of a row with the wrong number of cells it is only
  /// sure where that column is the first.
  package func key(ofRow row: Int, in batch: RecordBatch) -> String? {
    guard let keyColumn else { return nil }
    var cells = cells(ofRow: row, in: batch)
    var count = 0
    var key: String?
    while let cell = cells.next() {
      if count == keyColumn, !cell.content.isEmpty, !cell.isOpen, !cell.isMalformed {
        key = String(decoding: cells.text(of: cell), as: UTF8.self)
        if keyColumn == 0 { return key }
      }
      count += 1
    }
    return count == columnCount ? key : nil
  }

  private func cells(ofRow row: Int, in batch: RecordBatch) -> TableCells {
    let record = batch.records[row]
    let end = min(Int(record.offset) + Int(record.length), batch.byteCount)
    return TableCells(
      UnsafeBufferPointer(start: batch.bytes, count: end), from: Int(record.offset), delimiter: delimiter,
      terminator: terminator, isRecord: true)
  }

  private func cell(at position: Int, in batch: RecordBatch) -> TableCell? {
    var cells = cells(ofRow: batch.row(at: UInt32(position)), in: batch)
    while let cell = cells.next() {
      if position < cells.index { return cell }
    }
    return nil
  }

  /// Copies the bytes: those behind the last row may be anything.
  private func isNumber(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
    let copy = [UInt8](unsafeUninitializedCapacity: end - start + RecordBatch.padding) { buffer, count in
      _ = buffer.initialize(from: UnsafeBufferPointer(start: start, count: end - start))
      buffer[(end - start)...].initialize(repeating: 0)
      count = buffer.count
    }
    return copy.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return TableNumber.parse(base, base + (end - start)) != nil
    }
  }
}
