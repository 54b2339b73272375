import CKernels
import ShardModel

/// Finds record, line, key and path of single values of a batch. For values that are reported.
///
/// Rows are best asked for in rising order: the line count goes on from the last one.
package final class Locator {
  private let batch: RecordBatch
  private var lineOffset = 0
  private var lines: UInt64 = 0
  /// Locations that were asked for: columns are gone through one after the other, so a row comes up again.
  private var known: [Int: Location] = [:]
  /// Whether the path of a field's values is that of the field: no list on the way. Parallel to the fields.
  private var isExact: [Bool] = []

  package init(_ batch: RecordBatch) { self.batch = batch }

  /// Goes on to the batch's next chunk.
  package func begin() {
    lineOffset = 0
    lines = 0
    known.removeAll(keepingCapacity: true)
    // Parents come before their members.
    if isExact.count > batch.fields.count { isExact.removeAll() }
    for index in isExact.count..<batch.fields.count {
      let field = batch.fields[index]
      isExact.append(field.role == .root || (field.role == .member && isExact[field.parent]))
    }
  }

  /// - Complexity: O(record) for the key, O(bytes since the last row) for the line.
  package func location(ofRow row: Int) -> Location {
    if let location = known[row] { return location }
    let record = batch.records[row]
    let extent =
      batch.format.storedExtent(ofRow: row, in: batch)
      ?? (batch.origin.offset + UInt64(record.offset), UInt64(record.length))
    let location = Location(
      member: batch.origin.member, record: batch.origin.record + UInt64(row), line: line(ofRow: row),
      offset: extent.offset, length: extent.length,
      key: batch.format.key(ofRow: row, in: batch))
    known[row] = location
    return location
  }

  private func line(ofRow row: Int) -> UInt64? {
    if batch.origin.line == 0 { return nil }
    if batch.hasRecordPerLine { return batch.origin.line + UInt64(row) }
    let offset = Int(batch.records[row].offset)
    if offset < lineOffset {
      lineOffset = 0
      lines = 0
    }
    let end: UInt8 = batch.endsLinesWithCarriageReturn ? 0x0D : 0x0A
    lines += UInt64(ck_count_byte(batch.bytes + lineOffset, offset - lineOffset, end))
    lineOffset = offset
    return batch.origin.line + lines
  }

  /// Byte of a number of the column, which tells its row.
  package func position(ofNumber index: Int, field: Int) -> UInt32 {
    let column = batch.columns[field]
    if index < column.numberPositions.count { return column.numberPositions[index] }
    return element(ofNumber: index, field: field).position
  }

  /// Byte, row and exact path of a number of the column, with no walk through the record where its list is the only one
  /// on the way.
  package func place(ofNumber index: Int, field: Int) -> (position: UInt32, row: Int, path: String) {
    let column = batch.columns[field]
    let parent = batch.fields[field].parent
    // Rows of arrays may have several dimensions in one list.
    if index >= column.numberPositions.count, isExact[parent], !batch.format.isBinary {
      let (position, element) = element(ofNumber: index, field: field)
      let row = batch.row(at: position)
      if let element { return (position, row, FieldPath.element(element, of: batch.fields[parent].path)) }
      return (position, row, path(of: position, field: field, row: row))
    }
    let position = position(ofNumber: index, field: field)
    let row = batch.row(at: position)
    return (position, row, path(of: position, field: field, row: row))
  }

  /// A number in a list, with its index among all elements; the list's own byte where it is not found.
  private func element(ofNumber index: Int, field: Int) -> (position: UInt32, index: Int?) {
    let lists = batch.columns[batch.fields[field].parent].lists
    let list = listHolding(number: index, lists)
    let ordinal = index - Int(lists[list].firstNumber)
    guard
      let found = batch.format.elementPosition(number: ordinal, list: lists[list].position, in: batch)
    else { return (lists[list].position, nil) }
    return (found.position, found.index)
  }

  /// Index of the list that holds the element column's number at `index`.
  package func listHolding(number index: Int, _ lists: Buffer<ListView>) -> Int {
    var low = 0
    var high = lists.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lists[middle].firstNumber) <= index { low = middle } else { high = middle }
    }
    return low
  }

  package func path(of position: UInt32, field: Int, row: Int) -> String {
    isExact[field]
      ? batch.fields[field].path : batch.format.path(of: position, field: field, row: row, in: batch)
  }

  /// The scalar at `position` as written, bounded.
  package func excerpt(at position: UInt32) -> String {
    if let text = batch.format.spelling(at: position, in: batch) { return text }
    let bytes = batch.format.valueBytes(at: position, in: batch)
    guard isEscaped(bytes) else { return Excerpt.of(bytes) }
    let text = TextView(
      offset: UInt32((bytes.baseAddress ?? batch.bytes) - batch.bytes),
      length: UInt32(min(bytes.count, Excerpt.limit * 8)), isEscaped: true, characters: 0)
    return Excerpt.of(batch.format.unescaped(text, in: batch))
  }

  /// Whether the start of a text, as it is written, does not mean itself.
  private func isEscaped(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = bytes.prefix(Excerpt.limit * 2)
    guard batch.isUntyped else { return start.contains(UInt8(ascii: "\\")) }
    let quote = UInt8(ascii: "\"")
    guard let base = bytes.baseAddress, base > batch.bytes, base[-1] == quote else { return false }
    return start.contains(quote)
  }
}
