import ShardModel

/// A sample has a member that few others have.
struct MemberExtension: Check {
  static let description = CheckDescription(
    id: "member-extension", family: .structure, severity: .warning,
    summary: "A sample of a tar has a member with an extension that few samples have.",
    rationale: """
      Loaders choose members by their extension: a picture under a misspelled one is not seen, and the sample is dropped \
      or stops the epoch.
      """,
    parameters: NearlyAll.parameters,
    triggering: [SampleMembers.example([("012.jpg", "x"), ("012.txt", "a cat"), ("012.jpgg", "y")])],
    nonTriggering: [SampleMembers.example([("012.jpg", "x"), ("012.txt", "a cat")])])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for member in SampleMembers.rare(dataset, settings) where !SampleMembers.hasPeriod(member.path, dataset) {
      let ending = SampleMembers.ending(member.path)
      conclusions.addRule(member.path, .unexpected) { observation in
        Self.finding(
          field: observation.field,
          "a member .\(ending) is in \(member.count) of \(member.samples) samples")
      }
    }
  }
}
