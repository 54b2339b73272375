import ShardModel

/// The bins in which two distributions are compared: about the deciles of the first one.
///
/// Bin 0 is below the first edge, the last bin from the last edge on, so that values beyond all that was known have
/// bins of their own. Where a single value holds a share of the first distribution, the gap beside it is a bin too.
package struct ComparisonBins: Sendable, Equatable {
  /// Ascending.
  package let edges: [Double]

  /// Cuts the distribution with these bins into about `shares` parts.
  ///
  /// - Parameter bins: In value order, finite, without overlap (`Distribution.isOrdered`).
  /// - Complexity: O(bins).
  package init(of bins: [HistogramBin], shares: Int = 10) {
    let share = bins.reduce(0) { $0 + Double($1.count) } / Double(max(1, shares))
    var edges: [Double] = []
    var group = 0.0
    var wasHeavy = false
    var end = 0.0
    for bin in bins {
      let isHeavy = Double(bin.count) >= share
      if edges.isEmpty {
        edges.append(bin.low)
      } else if isHeavy || wasHeavy || group >= share {
        if isHeavy || wasHeavy, end < bin.low { edges.append(end) }
        edges.append(bin.low)
        group = 0
      }
      group += Double(bin.count)
      wasHeavy = isHeavy
      end = bin.high
    }
    if !edges.isEmpty { edges.append(end) }
    self.edges = edges
  }

  package var count: Int { edges.count + 1 }

  /// The counts of a distribution in these bins; where an edge cuts one of its bins, values count as evenly spread in it.
  ///
  /// - Complexity: O(bins log edges + edges).
  package func counts(of bins: [HistogramBin]) -> [Double] {
    var counts = [Double](repeating: 0, count: count)
    for bin in bins {
      var place = firstEdge(above: bin.low)
      // Halved, because the difference of two large doubles can overflow.
      let width = bin.high / 2 - bin.low / 2
      var passed = 0.0
      while place < edges.count, edges[place] < bin.high {
        let share = width > 0 ? min(1, (edges[place] / 2 - bin.low / 2) / width) : 1
        counts[place] += Double(bin.count) * (share - passed)
        passed = share
        place += 1
      }
      counts[place] += Double(bin.count) * (1 - passed)
    }
    return counts
  }

  /// The counts of a sketch in these bins: exact, where the edges are edges of buckets.
  ///
  /// - Complexity: O(buckets + edges).
  package func counts(of sketch: QuantileSketch) -> [Double] {
    var counts = [Double](repeating: 0, count: count)
    var place = 0
    for bucket in sketch.buckets {
      let value = bucket.middle
      while place < edges.count, edges[place] <= value { place += 1 }
      counts[place] += Double(bucket.count)
    }
    return counts
  }

  private func firstEdge(above value: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
