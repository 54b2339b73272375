import ShardModel

/// A mask attends to nothing, has other values than 0 and 1, or a hole.
struct MaskInvalid: Check {
  static let description = CheckDescription(
    id: "mask-invalid", family: .tokens, severity: .error,
    summary: "An attention mask is 0 throughout, has other values than 0 and 1, or has a 0 between its 1s.",
    rationale: """
      A row that attends to nothing is a softmax over nothing: NaN. Other values are added to the attention as they are. A \
      hole (a warning) hides a token in the middle: often an id that is the padding token's as well. `tokens: {packed: true}` in \
      the rules allows a mask that numbers the documents of a packed sequence (1, 1, 2, 2, 0).
      """,
    triggering: [
      .init("{\"input_ids\": [5, 6], \"attention_mask\": [0, 0]}\n"),
      .init("{\"input_ids\": [5, 6], \"attention_mask\": [1, 2]}\n"),
      .init("{\"input_ids\": [5, 6, 7], \"attention_mask\": [1, 0, 1]}\n"),
    ],
    nonTriggering: [
      .init("{\"input_ids\": [5, 6, 0], \"attention_mask\": [1, 1, 0]}\n"),
      .init("{\"input_ids\": [0, 5, 6], \"attention_mask\": [0, 1, 1]}\n"),
      .init(
        "{\"input_ids\": [5, 6, 0], \"attention_mask\": [1, 2, 0]}\n",
        rules: "version: 1\ntokens: {packed: true}\n"),
    ])

  /// Found by `TokenChecker`.
  init(_ settings: CheckSettings) {}

  static func nothing(field: String) -> Finding {
    finding(field: field, value: "0 throughout", "no token is attended to, expected at least one 1")
  }

  static func odd(field: String, value: String, count: Int) -> Finding {
    finding(
      field: field, value: value,
      "expected 0 or 1" + (count > 1 ? "; \(Figures.grouped(count)) of this mask are neither" : ""))
  }

  static func hole(field: String) -> Finding {
    var finding = finding(field: field, value: "0", "a 0 between 1s, expected padding at one end")
    finding.severity = .warning
    return finding
  }
}
