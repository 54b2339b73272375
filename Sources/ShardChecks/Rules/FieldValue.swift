import ShardModel

/// A value is none of those that the rules file allows, or does not match its pattern.
struct FieldValue: Check {
  static let description = CheckDescription(
    id: "field-value", family: .structure, severity: .error,
    summary: "A value is none of those that the rules file allows, or does not match its pattern.",
    rationale: """
      An unknown class or role is a KeyError in the middle of an epoch, or a sample that is skipped in silence.
      """,
    triggering: [
      .init("{\"a\": \"bird\"}\n", rules: "version: 1\nfields:\n  a: {enum: [cat, dog]}\n"),
      .init("{\"a\": \"x.gif\"}\n", rules: "version: 1\nfields:\n  a: {pattern: '[.]jpg$'}\n"),
    ],
    nonTriggering: [
      .init("{\"a\": \"cat\"}\n", rules: "version: 1\nfields:\n  a: {enum: [cat, dog]}\n")
    ])

  /// Found by `RuleChecker`, concluded by `RuleConclusions`.
  init(_ settings: CheckSettings) {}
}
