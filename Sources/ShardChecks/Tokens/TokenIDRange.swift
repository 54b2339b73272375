import ShardModel

/// A token id or a label is outside of the vocabulary.
struct TokenIDRange: Check {
  static let description = CheckDescription(
    id: "token-id-range", family: .tokens, severity: .error,
    summary: "A token id, label, segment or position is negative, not whole, or beyond the vocabulary.",
    rationale: """
      Looking it up in the embedding fails: on a GPU as an assertion that kills the run, steps after the record was read. \
      The limit is the number of rows of the embedding, which may be larger than the tokenizer's vocabulary; it is \
      set with `--vocab-size`.
      """,
    triggering: [
      .init("{\"input_ids\": [5, -1, 6]}\n"),
      .init("{\"input_ids\": [5, 32000]}\n", rules: "version: 1\ntokens: {vocab_size: 32000}\n"),
      .init("{\"input_ids\": [5, 6], \"labels\": [-100, -1]}\n"),
    ],
    nonTriggering: [
      .init("{\"input_ids\": [0, 31999]}\n", rules: "version: 1\ntokens: {vocab_size: 32000}\n"),
      .init("{\"input_ids\": [5, 6], \"labels\": [-100, 6]}\n"),
    ])

  /// Found by `TokenChecker`.
  init(_ settings: CheckSettings) {}

  static func finding(field: String, value: String, _ number: Double, count: Int, limit: Int?) -> Finding {
    let expected =
      limit.map { "expected a whole number from 0 to \(Figures.grouped($0 - 1))" }
      ?? "expected a whole number from 0 on"
    let wrong =
      number < 0 ? "negative" : number != number.rounded(.towardZero) ? "not whole" : "beyond the vocabulary"
    return finding(
      field: field, value: value,
      "\(wrong), \(expected)" + (count > 1 ? "; \(Figures.grouped(count)) of this list are not" : ""))
  }
}
