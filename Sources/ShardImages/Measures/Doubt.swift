/// Whether measures taken over means of blocks might give another verdict than those over pixels would.
///
/// The errors were measured on 3,074 JPEGs: photographs, text, shapes, gradients and noise, blurred or not, of 64 to 2,000
/// pixels. Where they have no bound, the width of the doubt is what left no verdict different, or few: see each.
enum Doubt {
  /// How far the information score of means was above that of pixels, where it matters, by the pixels of a side that
  /// became one: at most 0.19, 0.08 and 0.01. Where it was below, as noise makes it, there is no bound, so low scores
  /// are always in doubt.
  private static func informationError(scale: Int) -> Double { scale >= 8 ? 0.2 : scale >= 4 ? 0.08 : 0.02 }

  /// How far the brightness that 1% of the means reach was above that of the pixels, in pictures near the threshold:
  /// at most 0.016, and 0.001 at less than 1/8. Means are darker than the brightest of their pixels without a bound, so
  /// dark ones are always in doubt.
  private static func brightnessError(scale: Int) -> Double { scale >= 8 ? 0.02 : 0.005 }
  /// How far the share of near-white pixels may be off for the transform's rounding.
  private static let shareError = 0.02

  /// Means shrink edges: the part of the score that edges give was at most 0.004 too high, and too low by 4% in nine
  /// of ten pictures and by 10% at most.
  private static let edgeExcess = 0.004
  /// In strips the few pixels across weigh as much as the others: at most 0.051 too high.
  private static let stripExcess = 0.055
  /// The sides' ratio from which a picture is a strip: some 20 pixels or less across the copy that blur is measured on.
  private static let stripRatio = 3
  private static let edgeLoss = 1.04
  /// The part that the spread gives was off by less than this in nineteen of twenty pictures near its threshold.
  private static let spreadError = 0.01

  /// Doubt of brightness or entropy.
  static func arises(from measures: ImageMeasures, _ sink: PixelSink, _ thresholds: ImageThresholds) -> Bool {
    if measures.darkScore < thresholds.dark + brightnessError(scale: measures.scale) { return true }
    if measures.informationScore < thresholds.lowInformation + informationError(scale: measures.scale) {
      return true
    }
    // Light: at least 95% of the pixels reach the threshold.
    let bright = 1 - thresholds.light
    let share = sink.histograms.shareReaching(bright)
    return share.lowerBound <= 0.95 + shareError && share.upperBound >= 0.95 - shareError
      && sink.shareThatMayReach(bright) >= 0.95 - shareError
  }

  /// Of 2,000 gradients under noise 134 are in doubt, of 800 other pictures 20. Seen afterwards, 4 of the 2,000 verdicts
  /// differ from CleanVision's, as many as where every pixel is measured, and 2 of the 800.
  static func isBlurInDoubt(
    _ measures: ImageMeasures, width: Int, height: Int, _ thresholds: ImageThresholds
  ) -> Bool {
    let edges = Blur.part(measures.edgeDeviation)
    let spread = Blur.part(measures.histogramDeviation)
    let isStrip = max(width, height) / max(1, min(width, height)) >= stripRatio
    var least = edges - (isStrip ? stripExcess : edgeExcess)
    var most = edges * edgeLoss
    // The spread counts only above its threshold: where it may lie on either side, both scores are possible.
    if spread - spreadError > thresholds.histogramSpread { least += spread - spreadError }
    if spread + spreadError > thresholds.histogramSpread { most += spread + spreadError }
    return least < thresholds.blurry && most >= thresholds.blurry
  }
}
