import ShardModel

/// Draws quartiles and medians of a field shard by shard: a shard that is made otherwise stands out.
enum SpreadChart {
  static func write(_ spread: ShardSpread, of name: String, to writer: inout HTMLWriter) {
    let slots = spread.slots
    let lows = slots.compactMap(\.lowerQuartile)
    let medians = slots.compactMap(\.leastMedian) + slots.compactMap(\.greatestMedian)
    guard slots.count > 1, let low = lows.min(), let high = slots.compactMap(\.upperQuartile).max(),
      let least = medians.min(), let most = medians.max()
    else { return }
    let isLogarithmic = low > 0 && high / low >= 100
    let axis = ChartAxis(low: low, high: high, isLogarithmic: isLogarithmic)
    // Of a field that is the same everywhere there is a line in the middle.
    func y(_ value: Double) -> Double { 90 - 80 * (axis?.position(value) ?? 0.5) }
    let step = 1000 / Double(slots.count)
    let shards = slots.reduce(0) { $0 + $1.shards }
    writer.raw(
      "<figure class=\"strip\"><svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\"")
    writer.attribute(
      "aria-label",
      "\(name) in \(shards) shards by name: medians from \(shown(least)) to \(shown(most))"
    )
    writer.raw("><path class=\"box\" stroke-width=\"")
    writer.number(step * 0.6)
    writer.raw("\" d=\"")
    for (index, slot) in slots.enumerated() {
      guard let lower = slot.lowerQuartile, let upper = slot.upperQuartile else { continue }
      column(index, step, y(upper), max(y(lower), y(upper) + 1), to: &writer)
    }
    writer.raw("\"/><path class=\"med\" stroke-width=\"")
    writer.number(step * 0.8)
    writer.raw("\" d=\"")
    for (index, slot) in slots.enumerated() {
      guard let lower = slot.leastMedian, let upper = slot.greatestMedian else { continue }
      column(index, step, y(upper) - 1.5, y(lower) + 1.5, to: &writer)
    }
    writer.raw("\"/><path class=\"odd\" stroke-width=\"")
    writer.number(step * 0.6)
    writer.raw("\" d=\"")
    for (index, slot) in slots.enumerated() where slot.notFinite > 0 {
      column(index, step, 0, 7, to: &writer)
    }
    writer.raw("\"/></svg><figcaption>Shard by shard, by name: medians ")
    writer.text("\(shown(least)) to \(shown(most))")
    if isLogarithmic { writer.raw(" (log)") }
    let wrong = slots.filter { $0.notFinite > 0 }
    if let first = wrong.first {
      writer.raw("; marked at the top: NaN or infinite values, first in ")
      writer.code(first.first, limit: 80)
    }
    if let widest = slots.map(\.shards).max(), widest > 1 {
      writer.text("; a column is \(widest) shards")
    }
    writer.raw("</figcaption></figure>")
  }

  private static func column(
    _ index: Int, _ step: Double, _ top: Double, _ bottom: Double, to writer: inout HTMLWriter
  ) {
    writer.raw("M")
    writer.number((Double(index) + 0.5) * step)
    writer.raw(" ")
    writer.number(top)
    writer.raw("V")
    writer.number(bottom)
  }

  /// A median of a shard is within 1/256.
  private static func shown(_ value: Double) -> String { Numeral.rounded(value, digits: 3) }
}
