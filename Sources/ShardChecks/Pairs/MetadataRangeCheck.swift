import ShardModel

/// A number that comes with a picture is none that it can be.
struct MetadataRangeCheck: Check {
  static let description = CheckDescription(
    id: "metadata-range", family: .pairs, severity: .warning,
    summary: "A similarity, a probability or a size that comes with a picture is out of its range.",
    rationale: """
      Data sets are filtered by these numbers: one that cannot be was computed or joined wrongly, and its row passes or fails the filter by chance.
      """,
    triggering: [
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"a dog on a beach\", \"width\": 640, \"height\": 0, \"similarity\": 31.2}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"a dog on a beach\", \"width\": 640, \"height\": 480.0, \"similarity\": -0.02}\n"
      ),
      .init("{\"similarity\": 31.2, \"height\": 0.5}\n"),
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let pairs = context.pairs else { return }
    for (field, range) in pairs.fields.metadata {
      let column = batch.columns[field]
      if field < context.facts.count, range.holds(column.numbers.values, context.facts[field]) { continue }
      for (index, value) in column.numbers.values.enumerated()
      where !range.contains(value) && value.isFinite && index < column.numberPositions.count {
        let position = column.numberPositions[index]
        let row = batch.row(at: position)
        guard let shape = pairs.records[row].shape, shape.needsPicture || shape == .internVL else { continue }
        findings.add(
          finding(
            field: context.locator.path(of: position, field: field, row: row),
            value: context.locator.excerpt(at: position), "expected \(range.expectation)"), row: row)
      }
    }
  }
}
