import ShardModel

/// Makes findings of single numbers of a batch: one for a value, and for a list one that names its first bad
/// element and counts the others, so that a list of a thousand NaN is one finding.
struct NumberFindings {
  let batch: RecordBatch
  let locator: Locator

  /// - Parameters:
  ///   - indices: in `columns[field].numbers`, rising.
  ///   - make: the finding, from the value, its text, its path, and ` (and 3 more in this list)` or nothing.
  func add(
    _ indices: some Sequence<Int>, field: Int, to findings: inout ChunkFindings,
    make: (_ value: Double, _ text: String, _ path: String, _ more: String) -> Finding
  ) {
    var group: (list: Int, first: Int, count: Int)?
    func flush(_ findings: inout ChunkFindings) {
      guard let group else { return }
      let position = locator.position(ofNumber: group.first, field: field)
      let row = batch.row(at: position)
      let more = group.count > 1 ? " (and \(group.count - 1) more in this list)" : ""
      findings.add(
        make(
          batch.columns[field].numbers[group.first], locator.excerpt(at: position),
          locator.path(of: position, field: field, row: row), more), row: row)
    }
    let isElement = batch.fields[field].role == .element
    let lists = batch.columns[batch.fields[field].parent].lists
    for index in indices {
      let list = isElement ? locator.listHolding(number: index, lists) : index
      if group?.list == list {
        group?.count += 1
      } else {
        flush(&findings)
        group = (list, index, 1)
      }
    }
    flush(&findings)
  }

  /// The exceptions of one kind, for each field that has them.
  func addExceptions(
    _ kind: NumberKind, to findings: inout ChunkFindings,
    make: (_ value: Double, _ text: String, _ path: String, _ more: String) -> Finding
  ) {
    for field in batch.fields.indices where batch.columns[field].exceptions.count > 0 {
      let exceptions = batch.columns[field].exceptions.values.lazy.filter { $0.kind == kind }
      add(exceptions.map { Int($0.index) }, field: field, to: &findings, make: make)
    }
  }
}
