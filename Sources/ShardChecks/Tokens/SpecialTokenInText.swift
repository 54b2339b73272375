import ShardModel

/// A special token stands in a text as its surface form.
struct SpecialTokenInText: Check {
  static let description = CheckDescription(
    id: "special-token-in-text", family: .tokens, severity: .warning,
    summary:
      "A special token of the trainer's vocabulary stands in a text: `<|im_end|>`, `</s>`, `<image>` in an answer.",
    rationale: """
      Tokenizers that look for special tokens in text end the turn there, mask what is padding's token as well, or expect \
      a picture. The model learns to write control tokens.
      """,
    triggering: [], nonTriggering: [.init("{\"a\": \"<|im_end|>\"}\n")])

  /// Found by `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  static func finding(_ name: String, count: Int, turn: Int, field: String?) -> Finding {
    finding(
      field: field, value: name,
      "turn \(turn) has the special token \(name) in its text" + (count > 1 ? ", and \(count - 1) more" : ""))
  }
}
