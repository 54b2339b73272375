import ShardModel

extension Profiler {
  /// Takes in the number lists whose elements are `field`; writes down vectors and boxes that are unlike the others.
  func observeVectors(
    _ field: Int, _ batch: RecordBatch, _ locator: Locator, _ findings: inout ChunkFindings
  ) -> VectorProfile {
    let accumulator = accumulators[field]
    var notUnit: [Int] = []
    var profile = vectorObserver.observe(field, batch) { notUnit.append($0) }
    accumulator.normed += profile.normed
    accumulator.unit += profile.unit
    let observer = Observer(batch: batch, locator: locator)
    if !notUnit.isEmpty,
      isRare(accumulator.normed - accumulator.unit, of: accumulator.normed, here: notUnit.count)
    {
      for list in notUnit { observer.listVector(list, .notUnitNorm, field, &findings) }
      accumulator.listed[.notUnitNorm] += UInt64(notUnit.count)
    }
    if boxFields.contains(field) { observeBoxes(field, batch, observer, &profile.boxes, &findings) }
    return profile
  }

  private func observeBoxes(
    _ field: Int, _ batch: RecordBatch, _ observer: Observer, _ boxes: inout BoxCounts,
    _ findings: inout ChunkFindings
  ) {
    let accumulator = accumulators[field]
    var odd: [ObservationKind: [Int]] = [:]
    boxFields.visit(field, batch, boxes: &boxes) { odd[$1, default: []].append($0) }
    for (kind, lists) in odd { boxes[kind] = UInt64(lists.count) }
    accumulator.boxes.merge(boxes)
    for kind in ObservationKind.boxes {
      guard let lists = odd[kind],
        isRare(accumulator.boxes[kind], of: accumulator.boxes.boxes, here: lists.count)
      else { continue }
      for list in lists { observer.listVector(list, kind, field, &findings) }
      accumulator.listed[kind] += UInt64(lists.count)
    }
  }
}

extension ObservationKind {
  /// Whether it is said of a list of numbers and stands at its elements.
  package var isOfVectors: Bool { self == .notUnitNorm || ObservationKind.boxes.contains(self) }
}

extension Observer {
  /// Writes down a list of numbers as a vector.
  func listVector(_ list: Int, _ kind: ObservationKind, _ field: Int, _ findings: inout ChunkFindings) {
    let parent = batch.fields[field].parent
    let lists = batch.columns[parent].lists
    let position = lists[list].position
    let row = batch.row(at: position)
    guard let numbers = VectorObserver.row(list, lists, batch.columns[field], Int(lists[list].count)) else {
      return
    }
    let values = UnsafeBufferPointer(start: numbers, count: Int(lists[list].count))
    let value =
      kind == .notUnitNorm
      ? "norm \(Figures.text(VectorObserver.norm(values)))"
      : "[" + values.map { Figures.exact($0) }.joined(separator: ", ") + "]"
    findings.add(
      Observation(
        kind: kind, path: batch.fields[field].path,
        field: locator.path(of: position, field: parent, row: row), value: value),
      row: row)
  }

  /// Writes down all vectors or boxes of this kind that the field has in the batch.
  func listVectors(_ kind: ObservationKind, field: Int, into findings: inout ChunkFindings) {
    if kind == .notUnitNorm {
      VectorObserver.visitNotUnit(field, batch) { listVector($0, kind, field, &findings) }
    } else {
      var fields = BoxFields()
      fields.look(at: batch.fields)
      var boxes = BoxCounts()
      fields.visit(field, batch, boxes: &boxes) { if $1 == kind { listVector($0, kind, field, &findings) } }
    }
  }
}
