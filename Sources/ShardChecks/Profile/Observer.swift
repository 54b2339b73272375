import CKernels
import ShardModel

/// Writes down single values of a batch with their places.
package struct Observer {
  let batch: RecordBatch
  let locator: Locator

  package init(batch: RecordBatch, locator: Locator) {
    self.batch = batch
    self.locator = locator
  }

  /// Writes down every value of this kind that the field has in the batch.
  package func list(_ kind: ObservationKind, field: Int, into findings: inout ChunkFindings) {
    let column = batch.columns[field]
    switch kind {
    case .missing: listMissing(field, &findings)
    case .null: list(column.nulls.values, kind, field, &findings)
    case .boolean:
      list(column.trues.values, kind, field, &findings)
      list(column.falses.values, kind, field, &findings)
    case .object: list(column.objects.values, kind, field, &findings)
    case .list: for list in column.lists.values { add(kind, field, list.position, nil, &findings) }
    case .text:
      for text in column.texts.values {
        let position = batch.isUntyped ? text.offset : text.offset - 1
        add(kind, field, position, locator.excerpt(at: position), &findings)
      }
    case .number:
      for index in 0..<column.numbers.count { listNumber(index, kind, field, &findings) }
    case .picture: listBlobs(column.blobs.values, kind, field, &findings)
    case .file: listBlobs(column.files.values, kind, field, &findings)
    case .unexpected: listAll(field, &findings)
    case .noPicture:
      for row in rowsWithoutPicture {
        findings.add(
          Observation(kind: .noPicture, path: FieldPath.root, field: FieldPath.root, value: nil), row: row)
      }
    case .notFinite, .rule: break
    case .notUnitNorm, .boxUnordered, .boxEmpty, .boxBeyondOne, .boxBeyondThousand, .boxBeyondPicture,
      .boxSizeBeyondPicture:
      listVectors(kind, field: field, into: &findings)
    }
  }

  private func listBlobs(
    _ blobs: UnsafeBufferPointer<BlobView>, _ kind: ObservationKind, _ field: Int,
    _ findings: inout ChunkFindings
  ) {
    for blob in blobs { add(kind, field, blob.position, nil, &findings) }
  }

  /// Every value, whatever its type.
  private func listAll(_ field: Int, _ findings: inout ChunkFindings) {
    let column = batch.columns[field]
    for text in column.texts.values { add(.unexpected, field, text.offset - 1, nil, &findings) }
    for list in column.lists.values { add(.unexpected, field, list.position, nil, &findings) }
    listBlobs(column.blobs.values, .unexpected, field, &findings)
    listBlobs(column.files.values, .unexpected, field, &findings)
    for positions in [
      column.numberPositions, column.objects, column.nulls, column.trues, column.falses,
    ] {
      for position in positions.values { add(.unexpected, field, position, nil, &findings) }
    }
  }

  package func listNumber(
    _ index: Int, _ kind: ObservationKind, _ field: Int, _ findings: inout ChunkFindings
  ) {
    let position = locator.position(ofNumber: index, field: field)
    add(kind, field, position, locator.excerpt(at: position), &findings)
  }

  private func list(
    _ positions: UnsafeBufferPointer<UInt32>, _ kind: ObservationKind, _ field: Int,
    _ findings: inout ChunkFindings
  ) {
    let hasValue = kind == .null || kind == .boolean
    for position in positions {
      add(kind, field, position, hasValue ? locator.excerpt(at: position) : nil, &findings)
    }
  }

  private func add(
    _ kind: ObservationKind, _ field: Int, _ position: UInt32, _ value: String?,
    _ findings: inout ChunkFindings
  ) {
    let row = batch.row(at: position)
    findings.add(
      Observation(
        kind: kind, path: batch.fields[field].path,
        field: locator.path(of: position, field: field, row: row), value: value),
      row: row)
  }

  private func listMissing(_ field: Int, _ findings: inout ChunkFindings) {
    visitMissing(field) { row, place in
      findings.add(
        Observation(kind: .missing, path: batch.fields[field].path, field: place, value: nil), row: row)
    }
  }

  /// Writes down the objects that lack a required field, under the key of its rule.
  /// - Returns: how many objects there are and how many lack it.
  func listRequired(
    _ field: Int, key: String, into findings: inout ChunkFindings
  ) -> (objects: Int, missing: Int) {
    var missing = 0
    visitMissing(field) { row, place in
      missing += 1
      findings.add(Observation(kind: .rule, path: key, field: place, value: nil), row: row)
    }
    return (batch.columns[batch.fields[field].parent].objects.count, missing)
  }

  /// The objects of the parent that do not have the field.
  private func visitMissing(_ field: Int, _ body: (_ row: Int, _ path: String) -> Void) {
    let parent = batch.fields[field].parent
    let owners = batch.columns[parent].objects.values
    // No name stands twice in most batches: then counts tell.
    let hasTwice = batch.defects.contains { $0.kind == .duplicateName && $0.field == field }
    if !hasTwice, batch.columns[field].count == owners.count { return }
    var has = presence(of: field, among: owners)
    if batch.pictureFields.contains(field) {
      for other in batch.pictureFields.sorted() where other != field {
        for (index, there) in presence(of: other, among: owners).enumerated() where there {
          has[index] = true
        }
      }
    }
    for (index, position) in owners.enumerated() where !has[index] {
      let row = batch.row(at: position)
      let owner = locator.path(of: position, field: parent, row: row)
      body(row, FieldPath.member(batch.fields[field].name, of: owner))
    }
  }

  /// The samples of the batch that have no picture under any extension.
  ///
  /// - Complexity: O(samples times extensions of pictures); O(1) where each has one under the same.
  var rowsWithoutPicture: [Int] {
    let samples = batch.columns[0].objects.values
    let fields = batch.pictureFields.filter { batch.columns[$0].count > 0 }
    if let only = fields.first, fields.count == 1, batch.columns[only].count == samples.count,
      !batch.defects.contains(where: { $0.kind == .duplicateName && $0.field == only })
    {
      return []
    }
    var has = [Bool](repeating: false, count: samples.count)
    for field in fields {
      for (index, there) in presence(of: field, among: samples).enumerated() where there { has[index] = true }
    }
    return samples.indices.filter { !has[$0] }.map { batch.row(at: samples[$0]) }
  }

  /// Which of the owners (positions in rising order) hold a value of the field.
  private func presence(of field: Int, among owners: UnsafeBufferPointer<UInt32>) -> [Bool] {
    var has = [Bool](repeating: false, count: owners.count)
    let column = batch.columns[field]
    func mark(_ count: Int, _ position: (Int) -> UInt32) {
      var owner = 0
      for index in 0..<count {
        let position = position(index)
        while owner + 1 < owners.count, owners[owner + 1] <= position { owner += 1 }
        if owner < owners.count { has[owner] = true }
      }
    }
    mark(column.numberPositions.count) { column.numberPositions[$0] }
    mark(column.texts.count) { column.texts[$0].offset }
    mark(column.lists.count) { column.lists[$0].position }
    mark(column.objects.count) { column.objects[$0] }
    mark(column.nulls.count) { column.nulls[$0] }
    mark(column.blobs.count) { column.blobs[$0].position }
    mark(column.files.count) { column.files[$0].position }
    mark(column.trues.count) { column.trues[$0] }
    mark(column.falses.count) { column.falses[$0] }
    return has
  }
}
