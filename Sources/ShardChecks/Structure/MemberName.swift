import ShardModel

/// A member's name does not say which sample it belongs to, or not what was meant.
struct MemberName: Check {
  static let description = CheckDescription(
    id: "member-name", family: .structure, severity: .warning,
    summary: "A name in a tar of samples has a period in its base name, or no extension.",
    rationale: """
      WebDataset ends the key at the first period of the base name: `photo.v2.jpg` is the member `v2.jpg` of the sample \
      `photo`, which no loader asks for. A name without an extension belongs to no sample and is passed over.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      SampleMembers.example([("012.v2.jpg", "x"), ("012.v2.txt", "a cat")]),
      .init(samples: [("0.jpg", "x"), ("0.txt", "a cat"), ("README", "cats")]),
    ],
    nonTriggering: [
      SampleMembers.example([("v1.2/012.jpg", "x"), ("v1.2/012.txt", "a cat")]),
      .init(samples: [("0.left.jpg", "x"), ("0.right.jpg", "y"), ("0.txt", "a cat")]),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .memberUnnamed || defect.kind == .memberCount {
      findings.add(finding(defect.detail), row: defect.row)
    }
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for member in SampleMembers.rare(dataset, settings) where SampleMembers.hasPeriod(member.path, dataset) {
      let ending = SampleMembers.ending(member.path)
      conclusions.addRule(member.path, .unexpected) { observation in
        Self.finding(
          field: observation.field,
          "the base name has a period: loaders read the extension as .\(ending)")
      }
    }
  }
}
