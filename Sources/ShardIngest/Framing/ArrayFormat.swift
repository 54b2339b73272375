import ShardModel

/// Names and spells single values of the rows of an array. Every position is arithmetic.
package struct ArrayFormat: RecordFormat {
  private let header: ArrayHeader

  package init(header: ArrayHeader) { self.header = header }

  package var isBinary: Bool { true }

  package var storedRange: StoredRange? {
    header.element.kind == .float16 ? StoredRange(type: "float16", largest: "65504") : nil
  }

  /// `features[1][2]`: the indices of the element behind the row's, in the order of the shape.
  package func path(of position: UInt32, field: Int, row: Int, in batch: RecordBatch) -> String {
    guard batch.fields[field].role == .element, row < batch.records.count else {
      return batch.fields[field].path
    }
    let byte = max(0, Int(position) - Int(batch.records[row].offset))
    var rest = byte / header.element.size
    var indices: [Int] = []
    for dimension in header.shape.dropFirst().reversed() where dimension > 0 {
      indices.append(rest % dimension)
      rest /= dimension
    }
    let owner = batch.fields[batch.fields[field].parent].path
    return indices.reversed().reduce(owner) { FieldPath.element($1, of: $0) }
  }

  package func elementPosition(number ordinal: Int, list: UInt32, in batch: RecordBatch) -> (
    position: UInt32, index: Int
  )? {
    (list + UInt32(truncatingIfNeeded: ordinal * header.element.size), ordinal)
  }

  /// The element as stored.
  package func valueBytes(at position: UInt32, in batch: RecordBatch) -> UnsafeBufferPointer<UInt8> {
    let start = min(Int(position), batch.byteCount)
    return UnsafeBufferPointer(
      start: batch.bytes + start, count: min(header.element.size, batch.byteCount - start))
  }

  package func spelling(at position: UInt32, in batch: RecordBatch) -> String? {
    let bytes = valueBytes(at: position, in: batch)
    guard bytes.count == header.element.size, let start = bytes.baseAddress else { return nil }
    return header.element.text(of: start)
  }

  package func unescaped(_ text: TextView, in batch: RecordBatch) -> [UInt8] { [] }

  package func key(ofRow row: Int, in batch: RecordBatch) -> String? { nil }

  /// In Fortran order the elements of a row lie apart: the place of the first one.
  package func storedExtent(ofRow row: Int, in batch: RecordBatch) -> (offset: UInt64, length: UInt64)? {
    guard header.isFortran else { return nil }
    let size = UInt64(header.element.size)
    return (UInt64(header.length) &+ (batch.origin.record &+ UInt64(row)) &* size, size)
  }
}
