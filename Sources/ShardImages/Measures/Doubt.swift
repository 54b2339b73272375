/// Whether measures taken over means of blocks might give another verdict than those over pixels would.
enum Doubt {
  /// What rounding, clamping and the colour transform may move a mean of a block.
  private static let tolerance = 0.02
  static let entropyMargin = 2.5
  static let blurMargin = 0.2

  static func arises(
    from measures: ImageMeasures, _ histograms: PixelHistograms, _ thresholds: ImageThresholds
  ) -> Bool {
    // Dark: less than 1% of the pixels reach the threshold.
    let bright = histograms.shareReaching(thresholds.dark)
    if bright.lowerBound <= 0.01 + tolerance / 4, bright.upperBound >= 0.01 - tolerance / 4 { return true }
    // Light: at least 95% of the pixels reach the threshold.
    let white = histograms.shareReaching(1 - thresholds.light)
    if white.lowerBound <= 0.95 + tolerance, white.upperBound >= 0.95 - tolerance { return true }
    if measures.informationScore < thresholds.lowInformation + 0.1 * entropyMargin { return true }
    return abs(measures.blurScore(thresholds) - thresholds.blurry) < blurMargin
  }
}
