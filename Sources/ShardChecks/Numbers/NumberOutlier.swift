import ShardModel

/// A number lies far outside of nearly all others of its field.
struct NumberOutlier: Check {
  static let description = CheckDescription(
    id: "number-outlier", family: .numbers, severity: .warning,
    summary: "A number lies far outside the others of its field.",
    rationale: """
      A sentinel (-9999), a wrong unit or a parse error dominates mean and deviation, so normalization crushes all other \
      values; a large loss weight makes gradients explode.
      """,
    parameters: [
      .init(
        "outliers", default: "iqr:3",
        """
        iqr:k is outside [Q1 - k IQR, Q3 + k IQR] of the whole data set, z:k beyond k standard deviations, mad:k beyond \
        k * 1.4826 MAD of the median, all from quantiles of the finite values; positive, heavy-tailed fields must be \
        outside on a log scale too; set it with --outliers, `none` turns it off
        """)
    ],
    triggering: [
      .init((1...40).map { "{\"a\": \($0 == 20 ? 900 : $0)}\n" }.joined()),
      .init((1...40).map { "{\"a\": \($0 == 20 ? -9999 : $0 % 2)}\n" }.joined()),
    ],
    nonTriggering: [
      .init((1...40).map { "{\"a\": \($0)}\n" }.joined()),
      .init((1...40).map { "{\"a\": \($0 % 10 == 0 ? 7 : 1)}\n" }.joined()),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, field) in dataset.fields where field.numbers.moments.count > 0 {
      // A column of texts that happens to hold a few numbers has no scale.
      guard field.counts.number * 2 > field.counts.present else { continue }
      guard let fences = settings.outliers.fences(of: field.numbers.sketch) else { continue }
      let range = "[\(Figures.text(fences.low)), \(Figures.text(fences.high))]"
      let message =
        "expected a value in \(range), the fences of \(settings.outliers.name)"
        + (fences.isLogarithmic ? " on a log scale" : "")
      conclusions.fences[path] = Conclusions.Fences(
        range: fences.low...fences.high, isLogarithmic: fences.isLogarithmic
      ) { Self.finding(field: $2, value: $1, message) }
    }
  }
}
