import ShardModel

extension RecordBatch {
  /// The bytes around a defect: what a person needs to see to believe it.
  func excerpt(at defect: Defect) -> String? {
    if format.isBinary { return nil }
    let record = records[defect.row]
    let end = Int(record.offset) + Int(record.length)
    let position = min(max(Int(defect.position), Int(record.offset)), end)
    let start = max(Int(record.offset), position - 20)
    let stop = min(end, position + 40)
    guard start < stop else { return nil }
    return Excerpt.of(UnsafeBufferPointer(start: bytes + start, count: stop - start))
  }
}
