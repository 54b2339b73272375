import ShardModel

/// Bytes that are not UTF-8, half of a surrogate pair, or a byte order mark.
struct EncodingInvalid: Check {
  static let description = CheckDescription(
    id: "encoding-invalid", family: .structure, severity: .error,
    summary: "Bytes that are not UTF-8, half of a surrogate pair, or a byte order mark.",
    rationale: """
      Tokenizers raise on it in the middle of an epoch, or turn it into replacement characters that the model then learns.
      """,
    triggering: [
      .init("{\"a\": \"\\ud83d\"}\n"),
      .init("\u{FEFF}{\"a\": 1}\n"),
    ],
    nonTriggering: [
      .init("{\"a\": \"\\ud83d\\ude00 é\"}\n")
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .invalidEncoding {
      findings.add(
        finding(
          field: defect.field.map {
            context.locator.path(of: defect.position, field: $0, row: defect.row)
          },
          value: batch.excerpt(at: defect), defect.detail),
        row: defect.row)
    }
  }
}
