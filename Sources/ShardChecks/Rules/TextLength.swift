import ShardModel

/// A text is shorter or longer than the rules file says.
struct TextLength: Check {
  static let description = CheckDescription(
    id: "text-length", family: .structure, severity: .error,
    summary: "A text is shorter or longer than the rules file says.",
    rationale: """
      An empty caption teaches nothing, and one that is too long is cut without a word.
      """,
    triggering: [
      .init("{\"a\": \"\"}\n", rules: "version: 1\nfields:\n  a: {length: [1, 5]}\n")
    ],
    nonTriggering: [
      .init("{\"a\": \"r\\u00e9sum\"}\n", rules: "version: 1\nfields:\n  a: {length: [1, 5]}\n")
    ])

  /// Found by `RuleChecker`, concluded by `RuleConclusions`.
  init(_ settings: CheckSettings) {}
}
