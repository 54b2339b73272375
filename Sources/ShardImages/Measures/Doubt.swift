/// Whether measures taken over means of blocks might give another verdict than those over pixels would.
///
/// The errors were measured on 800 JPEGs: photographs, text, shapes, noise, blurred or not, of 130 to 2,000 pixels.
enum Doubt {
  /// What rounding, clamping and the colour transform may move the bounds of a share of pixels.
  private static let shareError = 0.02
  /// How far the information score of means was above that of pixels: at most 0.16. Where it was below, as noise makes it,
  /// there is no bound, so low scores are always in doubt.
  private static let informationError = 0.2
  /// How far the two parts of the blur score were off, either way, by the number of pixels of a side that became one.
  private static func blurErrors(scale: Int) -> (edges: Double, spread: Double) {
    scale >= 8 ? (0.055, 0.07) : scale >= 4 ? (0.04, 0.04) : (0.03, 0.06)
  }

  /// Doubt of brightness or entropy.
  static func arises(
    from measures: ImageMeasures, _ histograms: PixelHistograms, _ thresholds: ImageThresholds
  ) -> Bool {
    // Dark: less than 1% of the pixels reach the threshold.
    let bright = histograms.shareReaching(thresholds.dark)
    if bright.lowerBound <= 0.01 + shareError / 4, bright.upperBound >= 0.01 - shareError / 4 { return true }
    // Light: at least 95% of the pixels reach the threshold.
    let white = histograms.shareReaching(1 - thresholds.light)
    if white.lowerBound <= 0.95 + shareError, white.upperBound >= 0.95 - shareError { return true }
    return measures.informationScore < thresholds.lowInformation + informationError
  }

  static func isBlurInDoubt(_ measures: ImageMeasures, _ thresholds: ImageThresholds) -> Bool {
    let (edgeError, spreadError) = blurErrors(scale: measures.blurScale)
    let edges = Blur.part(measures.edgeDeviation)
    let spread = Blur.part(measures.histogramDeviation)
    var least = edges - edgeError
    var most = edges + edgeError
    // The spread counts only above its threshold: where it may lie on either side, both scores are possible.
    if spread - spreadError > thresholds.histogramSpread { least += spread - spreadError }
    if spread + spreadError > thresholds.histogramSpread { most += spread + spreadError }
    return least < thresholds.blurry && most >= thresholds.blurry
  }
}
