import ShardModel

/// What may turn out to be wrong once the whole data set is known.
extension Profiler {
  /// Writes down the values of kinds that are rare so far. What is common is only counted; if the verdict is that
  /// it was wrong after all, the shard is read again.
  func listRare(
    _ batch: RecordBatch, _ duplicates: [Int: Int], _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    let observer = Observer(batch: batch, locator: locator)
    if batch.holdsSamples { listWithoutPicture(batch, observer, &findings) }
    for field in 0..<batch.fields.count {
      let accumulator = accumulators[field]
      let column = batch.columns + field
      let here = column.pointee.count
      let total = accumulator.counts.present + accumulator.counts.null
      listMissing(field, batch, duplicates[field] ?? 0, observer, &findings)
      guard here > 0 else { continue }
      if accumulator.isMember { listUnexpected(field, batch, observer, &findings) }
      if batch.isUntyped { listNotFinite(field, batch, observer, &findings) }
      // The usual case: one type, no null.
      if here == column.pointee.numbers.count, accumulator.counts.number == total { continue }
      if here == column.pointee.texts.count, accumulator.counts.text == total { continue }
      if here == column.pointee.blobs.count, accumulator.counts.picture == total { continue }
      for kind in ObservationKind.types + [.null] {
        let count = column.pointee.count(of: kind)
        guard count > 0, isRare(accumulator.count(kind), of: total, here: count) else { continue }
        observer.list(kind, field: field, into: &findings)
        accumulator.listed[kind] += UInt64(count)
      }
    }
  }

  /// Members that few samples have so far.
  func listUnexpected(
    _ field: Int, _ batch: RecordBatch, _ observer: Observer, _ findings: inout ChunkFindings
  ) {
    let accumulator = accumulators[field]
    let here = batch.columns[field].count
    guard isRare(accumulator.count(.unexpected), of: accumulators[0].counts.object, here: here) else {
      return
    }
    observer.list(.unexpected, field: field, into: &findings)
    accumulator.listed[.unexpected] += UInt64(here)
  }

  private func listWithoutPicture(
    _ batch: RecordBatch, _ observer: Observer, _ findings: inout ChunkFindings
  ) {
    let rows = observer.rowsWithoutPicture
    guard !rows.isEmpty else { return }
    let root = accumulators[0]
    root.withoutPicture += UInt64(rows.count)
    guard isRare(root.withoutPicture, of: root.counts.object, here: rows.count) else { return }
    observer.list(.noPicture, field: 0, into: &findings)
    root.listed[.noPicture] += UInt64(rows.count)
  }

  /// Names that stand twice in an object, by field: their values must not hide that another object has none.
  func countDuplicates(_ batch: RecordBatch) -> [Int: Int] {
    var duplicates: [Int: Int] = [:]
    for defect in batch.defects where defect.kind == .duplicateName {
      guard let field = defect.field else { continue }
      duplicates[field, default: 0] += 1
      accumulators[field].duplicates += 1
    }
    return duplicates
  }

  func isRare(_ count: UInt64, of total: UInt64, here: Int) -> Bool {
    count * 10 <= total || (here <= 16 && count * 2 < total)
  }

  private func listMissing(
    _ field: Int, _ batch: RecordBatch, _ duplicates: Int, _ observer: Observer,
    _ findings: inout ChunkFindings
  ) {
    guard batch.fields[field].role == .member else { return }
    let parent = batch.fields[field].parent
    let owners = batch.columns[parent].objects.count
    let missing = owners - (batch.columns[field].count - duplicates)
    guard missing > 0 else { return }
    let all = accumulators[parent].counts.object
    let accumulator = accumulators[field]
    let there = accumulator.counts.present + accumulator.counts.null - accumulator.duplicates
    guard all > there, isRare(all - there, of: all, here: missing) else { return }
    observer.list(.missing, field: field, into: &findings)
    accumulators[field].listed[.missing] += UInt64(missing)
  }

  /// Cells that are NaN, infinite, or beyond the training type. Whether they are numbers at all hangs on the rest
  /// of the column.
  private func listNotFinite(
    _ field: Int, _ batch: RecordBatch, _ observer: Observer, _ findings: inout ChunkFindings
  ) {
    let column = batch.columns + field
    let type = settings.trainingType
    let fact = facts[field]
    let isBeyond = fact.finite > 0 && (type.overflows(fact.summary.max) || type.overflows(fact.summary.min))
    guard isBeyond || column.pointee.exceptions.values.contains(where: { $0.kind.isNotFinite }) else {
      return
    }
    let accumulator = accumulators[field]
    let values = column.pointee.numbers.values
    let indices = values.indices.filter { !values[$0].isFinite || type.overflows(values[$0]) }
    accumulator.notFinite += UInt64(indices.count)
    guard isRare(accumulator.notFinite, of: accumulator.counts.number, here: indices.count) else { return }
    for index in indices { observer.listNumber(index, .notFinite, field, &findings) }
    accumulator.listed[.notFinite] += UInt64(indices.count)
  }
}
