import Glibc

/// How far two distributions over the same bins are apart, from their counts.
///
/// Counts are not negative and at most 2^53 in sum; both sides have as many bins. A side without values is at distance
/// 0 from any other: nothing is known.
package enum Distances {
  /// Added to every bin for the population stability index, which has no value where a bin is empty on one side
  /// only: half a value, the prior of Jeffreys (1946) for shares.
  package static let pseudoCount = 0.5

  /// The Jensen-Shannon distance, the square root of the divergence in bits (Lin 1991; Endres and Schindelin 2003):
  /// 0 for equal shares, 1 where no bin is shared.
  ///
  /// - Complexity: O(bins).
  package static func jensenShannon(_ left: [Double], _ right: [Double]) -> Double {
    divergence(left, right).squareRoot()
  }

  /// The square of `jensenShannon`.
  package static func divergence(_ left: [Double], _ right: [Double]) -> Double {
    let (all, others) = (sum(left), sum(right))
    guard all > 0, others > 0 else { return 0 }
    var result = 0.0
    for (a, b) in zip(left, right) {
      let (p, q) = (a / all, b / others)
      let middle = (p + q) / 2
      if p > 0 { result += p * log2(p / middle) / 2 }
      if q > 0 { result += q * log2(q / middle) / 2 }
    }
    return min(max(result, 0), 1)
  }

  /// The population stability index, sum of (p - q) ln(p / q), with `pseudoCount` added to each bin that has a value
  /// on either side. By custom 0.1 is a shift and 0.25 a large one.
  ///
  /// - Complexity: O(bins).
  package static func stability(_ left: [Double], _ right: [Double]) -> Double {
    let used = Double(zip(left, right).reduce(0) { $0 + ($1.0 + $1.1 > 0 ? 1 : 0) })
    let (all, others) = (sum(left), sum(right))
    guard all > 0, others > 0 else { return 0 }
    var result = 0.0
    for (a, b) in zip(left, right) where a + b > 0 {
      let p = (a + pseudoCount) / (all + pseudoCount * used)
      let q = (b + pseudoCount) / (others + pseudoCount * used)
      result += (p - q) * log(p / q)
    }
    return max(result, 0)
  }

  /// The largest difference of the shares of a bin (L-infinity), and the bin: the first of equal ones.
  ///
  /// - Complexity: O(bins).
  package static func largestDifference(_ left: [Double], _ right: [Double]) -> (distance: Double, bin: Int) {
    let (all, others) = (sum(left), sum(right))
    guard all > 0, others > 0 else { return (0, 0) }
    var best = (distance: 0.0, bin: 0)
    for (bin, (a, b)) in zip(left, right).enumerated() where (a / all - b / others).magnitude > best.distance
    {
      best = ((a / all - b / others).magnitude, bin)
    }
    return best
  }

  private static func sum(_ counts: [Double]) -> Double { counts.reduce(0, +) }
}

/// What chance does to distances between two samples of one distribution.
package struct SamplingNoise: Sendable, Equatable {
  /// Bins with values, less one.
  package var degrees: Double
  /// 1/n + 1/m of the values that are independent of each other.
  package var scale: Double

  package init(bins: Int, _ left: Double, _ right: Double) {
    degrees = Double(max(0, bins - 1))
    scale = left > 0 && right > 0 ? 1 / left + 1 / right : .infinity
  }

  /// The expected population stability index, (B - 1) (1/n + 1/m): the index is about a chi-square (Yurdakul 2018).
  package var stability: Double { degrees * scale }

  /// The expected Jensen-Shannon divergence in bits: its first term in p - q is 1 / (8 ln 2) of the stability index's.
  package var divergence: Double { degrees * scale / (8 * log(2)) }

  /// Pearson's chi-square of two samples.
  ///
  /// - Complexity: O(bins).
  package static func chiSquare(_ left: [Double], _ right: [Double]) -> Double {
    let (all, others) = (left.reduce(0, +), right.reduce(0, +))
    guard all > 0, others > 0 else { return 0 }
    let (ratio, inverse) = ((others / all).squareRoot(), (all / others).squareRoot())
    return zip(left, right).reduce(0) { sum, pair in
      let (a, b) = pair
      guard a + b > 0 else { return sum }
      let difference = ratio * a - inverse * b
      return sum + difference * difference / (a + b)
    }
  }

  /// What a chi-square exceeds about as seldom as a normal variate exceeds `deviations` (Wilson and Hilferty 1931).
  package static func chiSquareLimit(degrees: Double, deviations: Double) -> Double {
    guard degrees > 0 else { return .infinity }
    let spread = 2 / (9 * degrees)
    let root = 1 - spread + deviations * spread.squareRoot()
    return degrees * root * root * root
  }
}
