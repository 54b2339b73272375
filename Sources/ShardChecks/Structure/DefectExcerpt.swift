import ShardModel

extension RecordBatch {
  /// The bytes around a defect: what a person needs to see to believe it.
  func excerpt(at defect: Defect) -> String? {
    let shown = format.shownExtent(around: defect.position, row: defect.row, in: self)
    let position = min(max(Int(defect.position), shown.lowerBound), shown.upperBound)
    let start = max(shown.lowerBound, position - 20)
    let stop = min(shown.upperBound, position + 40)
    guard start < stop else { return nil }
    return Excerpt.of(UnsafeBufferPointer(start: bytes + start, count: stop - start))
  }
}
