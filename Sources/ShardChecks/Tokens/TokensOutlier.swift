import ShardModel

/// A sequence is far longer or shorter than nearly all others.
struct TokensOutlier: Check {
  static let description = CheckDescription(
    id: "tokens-outlier", family: .tokens, severity: .warning,
    summary: "A sequence has far more or fewer tokens than the others of its field.",
    rationale: """
      A text that was joined with the next, cut in the middle, or that is one long run of characters: it sets the padding \
      of its whole batch, and its memory.
      """,
    triggering: [
      .init(
        (1...40).map { index in
          "{\"input_ids\": [\(String(repeating: "5, ", count: index == 20 ? 400 : index % 7))\(index)]}\n"
        }.joined())
    ],
    nonTriggering: [
      .init((1...40).map { "{\"input_ids\": [\(String(repeating: "5, ", count: $0 % 7))\($0)]}\n" }.joined())
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, profile) in dataset.tokens {
      guard let fences = settings.outliers.fences(of: profile.lengths) else { continue }
      let range = "[\(Figures.text(max(0, fences.low))), \(Figures.text(fences.high))]"
      let message =
        "expected a length in \(range), the fences of \(settings.outliers.name)"
        + (fences.isLogarithmic ? " on a log scale" : "")
      conclusions.tokenFences[path] = Conclusions.Fences(
        range: fences.low...fences.high, isLogarithmic: fences.isLogarithmic
      ) { Self.finding(field: $2, value: $1, message) }
    }
  }
}
