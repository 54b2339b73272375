import ShardModel

/// Much of a text is not in the vocabulary.
struct TokensUnknown: Check {
  static let description = CheckDescription(
    id: "tokens-unknown", family: .tokens, severity: .warning,
    summary: "More than one token in twenty of a text stands for what the vocabulary does not have.",
    rationale: """
      A text in a script that the tokenizer does not know is one unknown token after the other: the model learns nothing \
      from it but to write that token.
      """,
    triggering: [
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"a a a a a a a a a a a a a a a a a a a a 犬 猫\"}\n",
        options: ["--tokenizer", "words.json"])
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"a a a a a a a a a a a a a a a a a a a a\"}\n",
        options: ["--tokenizer", "words.json"])
    ])

  /// Of at least 20 tokens.
  static let share = 20
  static let fewest = 20

  static func isMuch(_ unknown: Int, of all: Int) -> Bool { all >= fewest && unknown > all / share }

  /// Found by `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  static func finding(_ unknown: Int, of all: Int, field: String?) -> Finding {
    finding(
      field: field, value: "\(Figures.grouped(unknown)) of \(Figures.grouped(all)) tokens",
      "\(Figures.grouped(unknown)) of \(Figures.grouped(all)) tokens are unknown, expected at most 5%")
  }
}
