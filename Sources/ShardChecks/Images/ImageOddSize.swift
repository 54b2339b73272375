import ShardModel

/// The size of a picture lies far outside of the others'.
struct ImageOddSize: Check {
  static let description = CheckDescription(
    id: "image-odd-size", family: .images, severity: .warning,
    summary: "A picture is far larger or smaller than the others of the data set.",
    rationale: """
      A thumbnail among photographs was a failed download; a scan of 100 megapixels among them takes a worker's time and \
      memory. Size is the square root of width times height, as in CleanVision.
      """,
    parameters: [
      .init(
        "factor", default: "3",
        "sizes outside [Q1 - factor IQR, Q3 + factor IQR] of the whole data set are odd")
    ],
    triggering: [], nonTriggering: [.init("{\"a\": 1}\n")])

  private let factor: Double

  init(_ settings: CheckSettings) { factor = settings.number("factor", of: Self.description.id) ?? 3 }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    let sizes = dataset.images.sizes.sketch
    guard let range = Self.fences(of: sizes, factor: factor) else { return }
    let expected = "expected [\(Figures.text(max(0, range.lowerBound))), \(Figures.text(range.upperBound))]"
    conclusions.imageSizes = Conclusions.Fences(range: range, isLogarithmic: false) { value, text, field in
      Finding(
        check: Self.description.id, severity: Self.description.severity, field: field, value: text,
        message: "a size of \(Figures.text(value)), \(expected), the fences of the data set")
    }
  }

  /// Nil where there are too few pictures to go by. Where most have one size, the fences are those of the others.
  static func fences(of sizes: some QuantileSource, factor: Double) -> ClosedRange<Double>? {
    guard sizes.count >= 16 else { return nil }
    let quartiles = sizes.quantiles(at: [0.25, 0.75])
    guard quartiles.count == 2 else { return nil }
    let reach = factor * (quartiles[1] - quartiles[0])
    if reach > 0 { return (quartiles[0] - reach)...(quartiles[1] + reach) }
    return OutlierRule.iqr(factor).fences(of: sizes).map { $0.low...$0.high }
  }
}
