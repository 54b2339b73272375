import ShardModel

/// The record does not follow the grammar of its format.
struct RecordMalformed: Check {
  static let description = CheckDescription(
    id: "record-malformed", family: .structure, severity: .error,
    summary: "The record does not follow the grammar of its format.",
    rationale: """
      Loaders stop at it, or skip it without a word; what they make of the rest of the line differs from one to the next.
      """,
    triggering: [
      .init("{\"a\": 1}\n{\"a\": 1,}\n{\"a\": 2}\n"),
      .init("{\"a\": [1, 2}\n"),
      .init("a,b\n1,\"x\"y\n2,z\n", file: "example.csv"),
    ],
    nonTriggering: [
      .init("{\"a\": 1}\n{\"a\": 2}\n"),
      .init("{\"a\": NaN}\n"),
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .malformed || defect.kind == .tooLong {
      findings.add(finding(value: batch.excerpt(at: defect), defect.detail), row: defect.row)
    }
  }
}
