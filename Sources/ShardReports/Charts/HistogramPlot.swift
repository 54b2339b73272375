import ShardModel

/// A histogram laid out: bars over an axis, and what lies beyond it left and right.
struct HistogramPlot {
  struct Bar {
    /// 0 to 1 on the axis.
    var start: Double
    var end: Double
    /// 0 to 1, the highest bar is 1.
    var height: Double
    /// Beyond the outlier fences.
    var isOutside = false
  }

  private(set) var axis: ChartAxis
  private(set) var bars: [Bar] = []
  /// Values left and right of the axis.
  private(set) var below: UInt64 = 0
  private(set) var above: UInt64 = 0
  private(set) var isBelowOutside = false
  private(set) var isAboveOutside = false

  private static let columns = 40

  /// Nil of no values, or of one value only.
  init?(_ numbers: NumberSummary) {
    guard let least = numbers.minimum, let most = numbers.maximum, least < most, !numbers.histogram.isEmpty
    else { return nil }
    if ChartAxis.isLogarithmic(numbers), !numbers.bins.isEmpty {
      guard let plot = Self(logarithmic: numbers, most: most) else { return nil }
      self = plot
    } else {
      guard let plot = Self(linear: numbers) else { return nil }
      self = plot
    }
    if let fences = numbers.fences {
      isBelowOutside = least < fences.low
      isAboveOutside = most > fences.high
    }
  }

  /// The bins as they are; a tail that is wider than two fifths of what lies between stands beside the axis.
  private init?(linear numbers: NumberSummary) {
    var bins = numbers.histogram
    var (below, above): (UInt64, UInt64) = (0, 0)
    func isFar(_ tail: HistogramBin, _ low: Double, _ high: Double) -> Bool {
      !(tail.high - tail.low <= 0.4 * (high - low))
    }
    if bins.count > 2, let last = bins.last, isFar(last, bins[0].high, bins[bins.count - 2].high) {
      above = last.count
      bins.removeLast()
    }
    if bins.count > 1, isFar(bins[0], bins[1].low, bins[bins.count - 1].high) {
      below = bins[0].count
      bins.removeFirst()
    }
    guard let first = bins.first, let last = bins.last else { return nil }
    var (low, high) = (first.low, last.high)
    if let fences = numbers.fences, high - low > 0 {
      let room = 0.3 * (high - low)
      if below == 0, fences.low < low, low - fences.low <= room { low = fences.low }
      if above == 0, fences.high > high, fences.high - high <= room { high = fences.high }
    }
    guard let axis = ChartAxis(low: low, high: high, isLogarithmic: false) else { return nil }
    self.axis = axis
    self.below = below
    self.above = above
    bars = Self.bars(bins, axis, numbers.fences)
  }

  /// The bins of equal counts, spread over columns.
  private init?(logarithmic numbers: NumberSummary, most: Double) {
    guard let least = numbers.bins.first(where: { $0.low > 0 })?.low,
      let axis = ChartAxis(low: least, high: max(most, least), isLogarithmic: true)
    else { return nil }
    self.axis = axis
    let counts = Self.spread(numbers.bins, over: axis, columns: Self.columns)
    below = numbers.zeros
    let highest = counts.max() ?? 0
    guard highest > 0 else { return nil }
    let fences = numbers.fences.map { (axis.position($0.low), axis.position($0.high)) }
    for (index, count) in counts.enumerated() where count > 0 {
      let start = Double(index) / Double(Self.columns)
      let end = Double(index + 1) / Double(Self.columns)
      let isOutside = fences.map { end <= $0.0 || start >= $0.1 } ?? false
      bars.append(Bar(start: start, end: end, height: count / highest, isOutside: isOutside))
    }
  }

  private static func bars(_ bins: [HistogramBin], _ axis: ChartAxis, _ fences: OutlierFences?) -> [Bar] {
    var bars: [Bar] = []
    // Of bins of unequal width the area stands for the count; a width of nothing would be infinitely high.
    let least = 1 / 400.0
    var highest = 0.0
    for bin in bins where bin.count > 0 {
      let start = min(1, max(0, axis.position(bin.low)))
      let end = min(1, max(start, axis.position(bin.high)))
      let density = Double(bin.count) / max(end - start, least)
      highest = max(highest, density)
      let isOutside = fences.map { bin.high <= $0.low || bin.low >= $0.high } ?? false
      bars.append(Bar(start: start, end: end, height: density, isOutside: isOutside))
    }
    for index in bars.indices { bars[index].height /= max(highest, .leastNormalMagnitude) }
    return bars
  }

  /// Counts per column of values on the axis, each bin spread evenly over the part of the axis that it covers.
  static func spread(_ bins: [HistogramBin], over axis: ChartAxis, columns: Int) -> [Double] {
    var counts = [Double](repeating: 0, count: columns)
    for bin in bins where bin.count > 0 && (!axis.isLogarithmic || bin.high > 0) {
      let low = axis.isLogarithmic ? max(bin.low, axis.low) : bin.low
      let start = axis.position(low) * Double(columns)
      let end = axis.position(bin.high) * Double(columns)
      guard start.isFinite, end.isFinite, end >= 0, start <= Double(columns) else { continue }
      let from = min(columns - 1, max(0, Int(start)))
      let through = min(columns - 1, max(from, Int(min(end, Double(columns)))))
      for column in from...through {
        let overlap = min(end, Double(column + 1)) - max(start, Double(column))
        counts[column] += Double(bin.count) * (end - start > 1e-9 ? max(0, overlap) / (end - start) : 1)
        if end - start <= 1e-9 { break }
      }
    }
    return counts
  }
}
