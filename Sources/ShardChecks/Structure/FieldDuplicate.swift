import ShardModel

/// A name stands twice in one object.
struct FieldDuplicate: Check {
  static let description = CheckDescription(
    id: "field-duplicate", family: .structure, severity: .error,
    summary: "A name stands twice in one object.",
    rationale: """
      Which of the values a loader takes is its own affair: most take the last, some the first, strict ones refuse the record.
      """,
    triggering: [
      .init("{\"a\": 1, \"a\": 2}\n")
    ],
    nonTriggering: [
      .init("{\"a\": 1, \"b\": {\"a\": 2}}\n")
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .duplicateName {
      findings.add(
        finding(
          field: defect.field.map { batch.fields[$0].path }, value: batch.excerpt(at: defect), defect.detail),
        row: defect.row)
    }
  }
}
