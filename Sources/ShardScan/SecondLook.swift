import CKernels
import ShardChecks
import ShardModel

/// What a second read of a shard looks for: all values that the verdict makes findings, however many they are.
struct SecondLook: Sendable {
  let conclusions: Conclusions
  let dataset: ShardProfile
  let trainingType: TrainingType
  /// Fields that no object of a shard has and none needs, by shard.
  let exempt: [String: Set<String>]

  /// Adds the findings that hang on the verdict; returns the facts that the other checks need.
  func look(
    at batch: RecordBatch, of shard: String, _ locator: Locator, _ findings: inout ChunkFindings
  ) -> [NumberFacts] {
    let observer = Observer(batch: batch, locator: locator)
    var known = exempt[shard] ?? []
    for (index, field) in batch.fields.enumerated() {
      known.insert(field.path)
      if let rules = conclusions.rules[field.path] {
        for kind in rules.keys {
          switch kind {
          case .missing:
            guard field.role == .member, exempt[shard]?.contains(field.path) != true else { continue }
            observer.list(kind, field: index, into: &findings)
          case .noPicture where exempt[shard]?.contains(field.path) == true: continue
          case .notFinite: listNotFinite(index, batch, observer, &findings)
          default: observer.list(kind, field: index, into: &findings)
          }
        }
      }
      if let fences = conclusions.fences[field.path] {
        addOutliers(index, fences, batch, locator, &findings)
      }
    }
    for (path, rules) in conclusions.rules where rules[.missing] != nil && !known.contains(path) {
      listAbsent(path, batch, locator, &findings)
    }
    return facts(of: batch)
  }

  /// Turns observations into the findings that they are by the verdict.
  func settled(_ entries: [LocatedObservations]) -> [LocatedObservations] {
    entries.compactMap { entry in
      var entry = entry
      for observation in entry.observations { entry.findings += conclusions.findings(for: observation) }
      entry.observations = []
      return entry.findings.isEmpty ? nil : entry
    }
  }

  private func listNotFinite(
    _ field: Int, _ batch: RecordBatch, _ observer: Observer, _ findings: inout ChunkFindings
  ) {
    guard batch.isUntyped else { return }
    let values = batch.columns[field].numbers.values
    for index in values.indices where !values[index].isFinite || trainingType.overflows(values[index]) {
      observer.listNumber(index, .notFinite, field, &findings)
    }
  }

  private func addOutliers(
    _ field: Int, _ fences: Conclusions.Fences, _ batch: RecordBatch, _ locator: Locator,
    _ findings: inout ChunkFindings
  ) {
    let values = batch.columns[field].numbers.values
    for index in values.indices
    where values[index].isFinite
      && (values[index] < fences.range.lowerBound || values[index] > fences.range.upperBound)
    {
      let position = locator.position(ofNumber: index, field: field)
      let row = batch.row(at: position)
      findings.add(
        fences.finding(
          values[index], locator.excerpt(at: position),
          locator.path(of: position, field: field, row: row)), row: row)
    }
  }

  /// A field that the reader has never met is missing in every object of its parent.
  private func listAbsent(
    _ path: String, _ batch: RecordBatch, _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    guard let parent = dataset.fields[path]?.parent,
      let owner = batch.fields.firstIndex(where: { $0.path == parent })
    else { return }
    for position in batch.columns[owner].objects.values {
      let row = batch.row(at: position)
      let exact = locator.path(of: position, field: owner, row: row)
      let field = parent == FieldPath.root ? path : exact + path.dropFirst(parent.count)
      findings.add(Observation(kind: .missing, path: path, field: field, value: nil), row: row)
    }
  }

  private func facts(of batch: RecordBatch) -> [NumberFacts] {
    batch.fields.indices.map { field in
      let values = batch.columns[field].numbers.values.filter(\.isFinite)
      var facts = NumberFacts()
      ck_summarize(values, values.count, &facts.summary)
      facts.finite = values.count
      return facts
    }
  }
}
