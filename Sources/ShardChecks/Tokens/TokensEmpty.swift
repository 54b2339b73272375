import ShardModel

/// A sequence has no token.
struct TokensEmpty: Check {
  static let description = CheckDescription(
    id: "tokens-empty", family: .tokens, severity: .error,
    summary: "A list of token ids, or a text that is trained on, has no token.",
    rationale: """
      An empty sequence fails in the collator, or gives a batch without a label, whose loss is 0/0: NaN, which some \
      trainers log as 0.
      """,
    triggering: [.init("{\"input_ids\": [], \"labels\": []}\n")],
    nonTriggering: [.init("{\"input_ids\": [5]}\n"), .init("{\"values\": []}\n")])

  /// Found by `TokenChecker` and `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  static func finding(field: String?) -> Finding {
    finding(field: field, value: nil, "no token, expected at least one")
  }
}
