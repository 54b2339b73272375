import ShardModel

/// A blank line, an empty object or list, or a row without a value.
struct RecordEmpty: Check {
  static let description = CheckDescription(
    id: "record-empty", family: .structure, severity: .warning,
    summary: "A blank line, an empty object or list, or a row without a value.",
    rationale: """
      Some loaders skip it and count on, others raise; either way record numbers no longer agree between tools.
      """,
    triggering: [
      .init("{\"a\": 1}\n\n{\"a\": 2}\n"),
      .init("{\"a\": 1}\n{}\n"),
    ],
    nonTriggering: [
      .init("{\"a\": 1}\n{\"a\": 2}\n")
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .empty {
      findings.add(finding(value: batch.excerpt(at: defect), defect.detail), row: defect.row)
    }
  }
}
