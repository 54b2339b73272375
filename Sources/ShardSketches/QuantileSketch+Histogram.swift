extension QuantileSketch {
  /// A range of values and how many there are in it.
  package struct Bin: Sendable, Equatable {
    package var low: Double
    package var high: Double
    package var count: UInt64

    package init(low: Double, high: Double, count: UInt64) {
      self.low = low
      self.high = high
      self.count = count
    }
  }

  /// The share of the values that a histogram leaves to each tail, so that one far value does not squeeze the rest.
  private static let tailShare = 0.005

  /// Adjacent bins of nearly equal width between a low and a high quantile, and a tail on each side that has values.
  ///
  /// Edges are moved to the next edge of a bucket, so every count is exact; where buckets are wider than bins there
  /// are fewer bins. A positive value equal to an edge is in the bin above it, a negative one in the bin below.
  ///
  /// - Parameter limits: The known smallest and largest value, to which the outer edges are clamped.
  /// - Returns: At most `bins` bins and two tails; empty of no values.
  /// - Complexity: O(buckets + bins).
  package func histogram(bins: Int, within limits: ClosedRange<Double>? = nil) -> [Bin] {
    guard bins > 0, let first = buckets.first, let last = buckets.last else { return [] }
    var starts = binStarts(bins)
    let end = starts.removeLast()
    if first.index < starts[0] { starts.insert(first.index, at: 0) }
    if last.index >= end { starts.append(end) }
    let stop = Swift.max(end, last.index + 1)

    var result: [Bin] = []
    var place = 0
    for (position, start) in starts.enumerated() {
      let next = position + 1 < starts.count ? starts[position + 1] : stop
      var inside: UInt64 = 0
      while place < buckets.count, buckets[place].index < next {
        inside &+= buckets[place].count
        place += 1
      }
      let bin = Bin(low: BucketScale.lowerEdge(start), high: BucketScale.upperEdge(next - 1), count: inside)
      result.append(bin)
    }
    if let limits {
      result[0].low = Swift.max(result[0].low, limits.lowerBound)
      result[result.count - 1].high = Swift.min(result[result.count - 1].high, limits.upperBound)
    }
    return result
  }

  /// The first bucket of each bin between the tails, and the bucket after the last: strictly ascending, at least two.
  private func binStarts(_ bins: Int) -> [Int32] {
    let ends = quantiles([Self.tailShare, 1 - Self.tailShare])
    let (low, high) = (ends[0], ends[1])
    // Divided before subtracting: the difference of two large doubles can overflow.
    let width = high / Double(bins) - low / Double(bins)
    var starts = [BucketScale.index(of: low)]
    let end = BucketScale.index(of: high) + 1
    for bin in 1..<Swift.max(bins, 1) {
      let start = BucketScale.index(of: low + width * Double(bin))
      if start > starts[starts.count - 1], start < end { starts.append(start) }
    }
    return starts + [end]
  }
}
