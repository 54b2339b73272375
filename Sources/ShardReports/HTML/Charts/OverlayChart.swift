import ShardModel

/// Draws two distributions over one axis: the first as an outline, the second filled. Areas are equal.
enum OverlayChart {
  private static let columns = 40

  static func write(
    _ before: Distribution, _ after: Distribution, of name: String, legend: StaticString,
    to writer: inout HTMLWriter
  ) {
    let quantiles = [before, after].map { (quantile($0.bins, 0.01), quantile($0.bins, 0.99)) }
    guard let low = quantiles.compactMap(\.0?.low).min(), let high = quantiles.compactMap(\.1?.high).max()
    else { return }
    let isLogarithmic = low > 0 && high / low >= 100
    guard let axis = ChartAxis(low: low, high: high, isLogarithmic: isLogarithmic) else { return }
    let old = shares(before, axis)
    let new = shares(after, axis)
    let highest = max(old.max() ?? 0, new.max() ?? 0)
    guard highest > 0 else { return }
    writer.raw(
      "<figure class=\"hist\"><svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\"")
    writer.attribute(
      "aria-label",
      "\(name): the median was \(HistogramChart.shown(before.median)) and is \(HistogramChart.shown(after.median))"
    )
    writer.raw("><path class=\"bar\" d=\"")
    let step = 1000 / Double(columns)
    for (index, share) in new.enumerated() where share > 0 {
      HistogramChart.rectangle(
        Double(index) * step, Double(index + 1) * step, height: max(2, share / highest * 96), to: &writer)
    }
    writer.raw("\"/><path class=\"before\" d=\"M0 100")
    for share in old {
      writer.raw("V")
      writer.number(100 - share / highest * 96)
      writer.raw("h")
      writer.number(step)
    }
    writer.raw("V100\"/></svg><figcaption><span class=\"ends\"><span>")
    writer.text(HistogramChart.shown(low))
    writer.raw("</span><span>")
    writer.raw(legend)
    if isLogarithmic { writer.raw(" (log)") }
    writer.raw("</span><span>")
    writer.text(HistogramChart.shown(high))
    writer.raw("</span></span></figcaption></figure>")
  }

  private static func shares(_ distribution: Distribution, _ axis: ChartAxis) -> [Double] {
    let count = Double(max(1, distribution.count))
    return HistogramPlot.spread(distribution.bins, over: axis, columns: columns).map { $0 / count }
  }

  /// The bin that holds the value of that rank.
  private static func quantile(_ bins: [HistogramBin], _ rank: Double) -> HistogramBin? {
    let total = Double(bins.reduce(0) { $0 &+ $1.count })
    var passed = 0.0
    for bin in bins {
      passed += Double(bin.count)
      if passed >= total * rank { return bin }
    }
    return bins.last
  }
}
