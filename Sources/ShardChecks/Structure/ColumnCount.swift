import ShardModel

/// A row has more or fewer cells than the header.
struct ColumnCount: Check {
  static let description = CheckDescription(
    id: "column-count", family: .structure, severity: .error,
    summary: "A row has more or fewer cells than the header.",
    rationale: """
      Loaders shift the cells, fill with nulls, or drop the row; shifted cells are trained on as if they were right.
      """,
    triggering: [
      .init("a,b\n1,2\n3\n", file: "example.csv"),
      .init("a,b\n1,2\n3,4,5\n", file: "example.csv"),
    ],
    nonTriggering: [
      .init("a,b\n1,2\n3,\n", file: "example.csv")
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .cellCount {
      findings.add(finding(value: batch.excerpt(at: defect), defect.detail), row: defect.row)
    }
  }
}
