import ShardModel

/// A number does not follow the one of the record before as the rules file says.
struct FieldOrder: Check {
  static let description = CheckDescription(
    id: "field-order", family: .structure, severity: .error,
    summary: "A number does not follow the one of the record before as the rules file says.",
    rationale: """
      Steps or times that go back mean shards that were joined in the wrong order, or a log that was cut and resumed.
      """,
    triggering: [
      .init(
        "{\"a\": 1}\n{\"a\": 3}\n{\"a\": 2}\n", rules: "version: 1\nfields:\n  a: {monotonic: increasing}\n")
    ],
    nonTriggering: [
      .init(
        "{\"a\": 1}\n{\"a\": 3}\n{\"a\": 3}\n", rules: "version: 1\nfields:\n  a: {monotonic: increasing}\n")
    ])

  /// Found by `RuleChecker`, concluded by `RuleConclusions`.
  init(_ settings: CheckSettings) {}
}
