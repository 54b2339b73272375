import ShardModel

/// No label of a record carries loss.
struct LabelsAllIgnored: Check {
  static let description = CheckDescription(
    id: "labels-all-ignored", family: .tokens, severity: .error,
    summary: "No label of a record is left that carries loss.",
    rationale: """
      The mean over no token is 0/0: the loss of the record is NaN, which transformers logs as 0, and nothing is learnt \
      from it. Labels are shifted by one, so a label at the first place is never used.
      """,
    triggering: [
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [-100, -100, -100]}\n"),
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [5, -100, -100]}\n"),
    ],
    nonTriggering: [
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [-100, -100, 7]}\n"),
      .init(
        "{\"input_ids\": [5, 6, 7], \"labels\": [6, -100, -100]}\n",
        rules: "version: 1\ntokens: {shift: false}\n"),
    ])

  /// Found by `TokenChecker` and `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  static func finding(field: String, ignored: Int, count: Int, onlyFirst: Bool) -> Finding {
    finding(
      field: field, value: onlyFirst ? "1 label of \(count)" : "\(ignored) throughout",
      onlyFirst
        ? "only the first label is not \(ignored), and the shift by one drops it"
        : "all \(Figures.grouped(count)) labels are \(ignored), expected at least one that is not")
  }

  static func finding(field: String?, _ reason: String) -> Finding {
    finding(field: field, value: nil, "no label is left: \(reason)")
  }
}
