import ShardModel

/// A label is not the id at its place.
struct LabelsMisaligned: Check {
  static let description = CheckDescription(
    id: "labels-misaligned", family: .tokens, severity: .error,
    summary: "A label that is not ignored differs from the token id at its place.",
    rationale: """
      The trainer shifts labels itself, so a label stands at the place of its id. Where it does not, the model learns to \
      answer something else. Labels that differ in most records are classes of tokens, and no error.
      """,
    triggering: [
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [-100, 6, 8]}\n"),
      .init((1...40).map { "{\"input_ids\": [5, 6, \($0)], \"labels\": [6, \($0), -100]}\n" }.joined()),
    ],
    nonTriggering: [
      .init("{\"input_ids\": [5, 6, 7], \"labels\": [-100, 6, 7]}\n"),
      .init(
        "{\"input_ids\": [5, 6, 7], \"labels\": [1, 0, 2]}\n",
        rules: "version: 1\ntokens: {labels_are: classes}\n"),
      .init(
        "{\"input_ids\": [5, 6, 7], \"labels\": [6, 7, -100]}\n",
        rules: "version: 1\ntokens: {shift: false}\n"),
    ])

  /// Found by `TokenChecker`, judged here.
  init(_ settings: CheckSettings) {}

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, profile) in dataset.tokens.sorted(by: { $0.key < $1.key }) where profile.differing.broken > 0 {
      let differing = profile.differing
      guard differing.isUnmeant else {
        conclusions.addRule(LabelMismatch.Kind.differing.key(path), .rule) { observation in
          Self.finding(
            field: observation.field, value: observation.value,
            "a label is neither ignored nor the token id at its place")
        }
        continue
      }
      if profile.shifted > differing.broken / 2 {
        conclusions.findings.append(
          Self.finding(
            field: path, value: nil,
            "in \(profile.shifted) of \(differing.checked) records every label is the id after its place, but trainers "
              + "shift labels themselves; say `tokens: {shift: false}` if yours does not"))
      } else {
        var note = Self.finding(
          field: path, value: nil,
          "labels are not ids in \(differing.broken) of \(differing.checked) records: taken as classes of tokens; say "
            + "`tokens: {labels_are: ids}` if they are not")
        note.severity = .note
        conclusions.findings.append(note)
      }
    }
  }
}
