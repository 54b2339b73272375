import ShardModel

/// A sample has two members with the same extension.
struct MemberDuplicate: Check {
  static let description = CheckDescription(
    id: "member-duplicate", family: .structure, severity: .error,
    summary: "A sample of a tar has two members with the same extension.",
    rationale: """
      The webdataset library raises "duplicate file name in tar file" in the middle of an epoch; other loaders keep one \
      of the two without a word.
      """,
    triggering: [.init(samples: [("0.jpg", "x"), ("0.txt", "a cat"), ("0.txt", "a dog")])],
    nonTriggering: [.init(samples: [("0.jpg", "x"), ("0.txt", "a cat"), ("1.jpg", "y"), ("1.txt", "a dog")])])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .memberTwice {
      findings.add(finding(defect.detail), row: defect.row)
    }
  }
}
