import ShardModel

/// All labels of a record stand beyond the limit.
struct LabelsTruncated: Check {
  static let description = CheckDescription(
    id: "labels-truncated", family: .tokens, severity: .error,
    summary: "The first label stands beyond `--max-tokens`: the cut leaves none.",
    rationale: """
      The prompt fills the context and the whole answer is cut off, so every label that is left is ignored. The loss of \
      the record is NaN, which transformers logs as 0, and nothing is learnt from it.
      """,
    triggering: [
      .init(
        "{\"input_ids\": [5, 6, 7, 8], \"labels\": [-100, -100, -100, 8]}\n",
        rules: "version: 1\ntokens: {max_tokens: 3}\n"),
      .init(
        "{\"input_ids\": [5, 6, 7, 8], \"labels\": [5, -100, -100, 8]}\n",
        rules: "version: 1\ntokens: {max_tokens: 3}\n"),
    ],
    nonTriggering: [
      .init(
        "{\"input_ids\": [5, 6, 7, 8], \"labels\": [-100, -100, -100, 8]}\n",
        rules: "version: 1\ntokens: {max_tokens: 4}\n"),
      .init(
        "{\"input_ids\": [5, 6, 7, 8], \"labels\": [-100, -100, 7, 8]}\n",
        rules: "version: 1\ntokens: {max_tokens: 3}\n"),
    ])

  /// Found by `TokenChecker` and `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  /// - Parameters:
  ///   - before: tokens before the first label that is used.
  ///   - all: tokens of the record.
  static func finding(field: String?, before: Int, limit: Int, all: Int) -> Finding {
    var message =
      "\(Figures.grouped(before)) tokens stand before the first label, over the limit of \(Figures.grouped(limit)); "
    message +=
      all > before + 1
      ? "a limit of \(Figures.grouped(before + 1)) would keep one label, \(Figures.grouped(all)) would keep them all"
      : "a limit of \(Figures.grouped(before + 1)) would keep it"
    return finding(field: field, value: TokensTooLong.count(all), message)
  }
}
