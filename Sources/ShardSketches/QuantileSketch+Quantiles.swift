/// Questions to a sketch.
extension QuantileSketch {
  /// The value at rank floor(q (n - 1)), within 1/256 of the exact one; nil of no values.
  ///
  /// - Parameter limits: The known smallest and largest value, to which the answer is clamped.
  /// - Complexity: O(buckets).
  package func quantile(_ quantile: Double, within limits: ClosedRange<Double>? = nil) -> Double? {
    quantiles([quantile], within: limits).first
  }

  /// The values at several quantiles, in the order asked; empty of no values.
  ///
  /// - Complexity: O(buckets) and the sorting of the quantiles.
  package func quantiles(_ quantiles: [Double], within limits: ClosedRange<Double>? = nil) -> [Double] {
    var query = RankQuery(quantiles, count: count, limits: limits)
    for bucket in buckets where !query.isAnswered { query.pass(bucket.index, count: bucket.count) }
    return query.answers
  }

  /// How many values lie in buckets above that of `threshold`: those that are surely larger.
  ///
  /// Values in the threshold's own bucket, at most 1/128 larger than it, are not counted.
  /// - Complexity: O(buckets).
  package func count(above threshold: Double) -> UInt64 {
    guard !threshold.isNaN else { return 0 }
    let place =
      threshold == .infinity ? buckets.count : firstPlace(from: BucketScale.index(of: threshold) + 1)
    return buckets[place...].reduce(0) { $0 &+ $1.count }
  }

  /// The share of `count(above:)`; 0 of no values.
  ///
  /// - Complexity: O(buckets).
  package func fraction(above threshold: Double) -> Double {
    count == 0 ? 0 : Double(count(above: threshold)) / Double(count)
  }
}

/// Answers quantiles while buckets pass in value order.
struct RankQuery {
  private let order: [(rank: UInt64, place: Int)]
  private let limits: ClosedRange<Double>?
  private var next = 0
  private var passed: UInt64 = 0
  private(set) var answers: [Double]

  init(_ quantiles: [Double], count: UInt64, limits: ClosedRange<Double>?) {
    let asked = count == 0 ? [] : quantiles
    order = asked.enumerated()
      .map { (BucketScale.rank(of: $0.element, count: count), $0.offset) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    answers = Array(repeating: 0, count: asked.count)
    self.limits = limits
  }

  var isAnswered: Bool { next == order.count }

  mutating func pass(_ index: Int32, count: UInt64) {
    passed &+= count
    while next < order.count, order[next].rank < passed {
      let middle = BucketScale.midpoint(index)
      answers[order[next].place] = limits.map { min(max(middle, $0.lowerBound), $0.upperBound) } ?? middle
      next += 1
    }
  }
}
