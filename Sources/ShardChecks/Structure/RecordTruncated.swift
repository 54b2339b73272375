import ShardModel

/// The data end inside the record.
struct RecordTruncated: Check {
  static let description = CheckDescription(
    id: "record-truncated", family: .structure, severity: .error,
    summary: "The data end inside the record.",
    rationale: """
      The file was cut while it was written or copied; everything after this record is gone too, and nobody counted it.
      """,
    triggering: [
      .init("{\"a\": 1}\n{\"a\": 2"),
      .init("[{\"a\": 1}, {\"a\": 2}", file: "example.json"),
    ],
    nonTriggering: [
      .init("{\"a\": 1}\n{\"a\": 2}"),
      .init("[{\"a\": 1}, {\"a\": 2}]", file: "example.json"),
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .truncated {
      findings.add(finding(value: batch.excerpt(at: defect), defect.detail), row: defect.row)
    }
  }
}
