import ShardModel

extension QuantileSketch {
  /// Bins of nearly equal counts in value order, with exact counts and edges of buckets: what is kept of a
  /// distribution to compare it with another.
  ///
  /// A bucket that alone holds a bin's share is a bin of its own; any other bin holds less than two shares. So a count
  /// at any edge of a bucket, interpolated inside a bin, is within 2/`shares` of the values of the exact one.
  /// - Returns: At most `2 * shares + 1` bins; empty of no values.
  /// - Complexity: O(buckets).
  package func quantileBins(_ shares: UInt64 = 50) -> [HistogramBin] {
    // Rounded up, so that there are at most `shares` bins with a share.
    let share = count / max(1, shares) + (count % max(1, shares) > 0 ? 1 : 0)
    var bins: [HistogramBin] = []
    var wasFull = true
    for bucket in buckets {
      let isFull = bucket.count >= share
      let range = bucket.range
      if wasFull || isFull {
        bins.append(HistogramBin(low: range.lowerBound, high: range.upperBound, count: bucket.count))
      } else {
        bins[bins.count - 1].high = range.upperBound
        bins[bins.count - 1].count &+= bucket.count
      }
      wasFull = bins[bins.count - 1].count >= share
    }
    return bins
  }
}
