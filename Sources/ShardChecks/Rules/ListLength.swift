import ShardModel

/// A list has another length than the rules file says.
struct ListLength: Check {
  static let description = CheckDescription(
    id: "list-length", family: .numbers, severity: .error,
    summary: "A list has another length than the rules file says.",
    rationale: """
      Vectors of different lengths cannot be stacked into a batch.
      """,
    triggering: [
      .init("{\"a\": [1, 2]}\n", rules: "version: 1\nfields:\n  a: {length: 3}\n")
    ],
    nonTriggering: [
      .init("{\"a\": [1, 2, 3]}\n", rules: "version: 1\nfields:\n  a: {length: 3}\n")
    ])

  /// Found by `RuleChecker`, concluded by `RuleConclusions`.
  init(_ settings: CheckSettings) {}
}
