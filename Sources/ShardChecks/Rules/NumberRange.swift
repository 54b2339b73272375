import ShardModel

/// A number is outside the range that the rules file gives, or not whole where it must be.
struct NumberRange: Check {
  static let description = CheckDescription(
    id: "number-range", family: .numbers, severity: .error,
    summary: "A number is outside the range that the rules file gives, or not whole where it must be.",
    rationale: """
      A label beyond the number of classes stops training with an assertion on the GPU, thousands of steps in.
      """,
    triggering: [
      .init("{\"a\": 1.5}\n", rules: "version: 1\nfields:\n  a: {range: [0, 1]}\n"),
      .init("{\"a\": [1, 2.5]}\n", rules: "version: 1\nfields:\n  a: {integer: true}\n"),
    ],
    nonTriggering: [
      .init("{\"a\": 1.0}\n", rules: "version: 1\nfields:\n  a: {range: [0, 1], integer: true}\n")
    ])

  /// Found by `RuleChecker`, concluded by `RuleConclusions`.
  init(_ settings: CheckSettings) {}
}
