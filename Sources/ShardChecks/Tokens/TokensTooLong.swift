import ShardModel

/// A sequence has more tokens than training keeps.
struct TokensTooLong: Check {
  static let description = CheckDescription(
    id: "tokens-too-long", family: .tokens, severity: .error,
    summary: "A sequence has more tokens than `--max-tokens`; padding that a mask leaves out does not count.",
    rationale: """
      Trainers cut it without a word: the end of the answer and its end-of-text token are lost, so the model never learns \
      to stop; where picture tokens are cut the forward pass fails.
      """,
    triggering: [
      .init("{\"input_ids\": [5, 6, 7, 8]}\n", rules: "version: 1\ntokens: {max_tokens: 3}\n")
    ],
    nonTriggering: [
      .init("{\"input_ids\": [5, 6, 7]}\n", rules: "version: 1\ntokens: {max_tokens: 3}\n"),
      .init(
        "{\"input_ids\": [5, 6, 0, 0], \"attention_mask\": [1, 1, 0, 0]}\n",
        rules: "version: 1\ntokens: {max_tokens: 3}\n"),
      .init("{\"input_ids\": [5, 6, 7, 8]}\n"),
    ])

  /// Found by `TokenChecker` and `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  static func count(_ tokens: Int) -> String { tokens == 1 ? "1 token" : "\(Figures.grouped(tokens)) tokens" }

  static func finding(_ length: Int, limit: Int, field: String?) -> Finding {
    finding(
      field: field, value: count(length),
      "\(Figures.grouped(length)) tokens, over the limit of \(Figures.grouped(limit)): \(Figures.grouped(length - limit)) are cut off"
    )
  }
}
