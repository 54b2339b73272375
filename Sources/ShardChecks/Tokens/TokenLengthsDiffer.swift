import ShardModel

/// Lists that stand side by side have different lengths.
struct TokenLengthsDiffer: Check {
  static let description = CheckDescription(
    id: "token-lengths-differ", family: .tokens, severity: .error,
    summary: "Labels, mask, segments or positions are not as many as the token ids beside them.",
    rationale: """
      They cannot be stacked into a batch, or every label after the gap teaches the wrong token. Labels that are more or \
      fewer than the ids in most records are sequences of their own (encoder and decoder), and no error.
      """,
    triggering: [
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [-100, 6]}\n"),
      .init("{\"input_ids\": [5, 6, 7], \"attention_mask\": [1, 1]}\n"),
    ],
    nonTriggering: [
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [-100, 6, 7], \"attention_mask\": [1, 1, 1]}\n"),
      .init(
        "{\"input_ids\": [5, 6, 7], \"labels\": [6]}\n", rules: "version: 1\ntokens: {labels_are: targets}\n"),
    ])

  /// Found by `TokenChecker`; labels are judged here.
  init(_ settings: CheckSettings) {}

  static func finding(field: String, _ found: String, ids: Int) -> Finding {
    finding(field: field, value: found, "as many as the token ids are expected, \(Figures.grouped(ids))")
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, profile) in dataset.tokens.sorted(by: { $0.key < $1.key }) where profile.uneven.broken > 0 {
      guard !profile.uneven.isUnmeant else {
        var note = Self.finding(
          field: path, value: nil,
          "labels are not as many as ids in \(profile.uneven.broken) of \(profile.uneven.checked) records: taken as "
            + "sequences of their own; say `tokens: {labels_are: ids}` if they are not")
        note.severity = .note
        conclusions.findings.append(note)
        continue
      }
      conclusions.addRule(LabelMismatch.Kind.uneven.key(path), .rule) { observation in
        Self.finding(
          field: observation.field, value: observation.value, "expected as many labels as token ids")
      }
    }
  }
}
