import Glibc
import ShardModel
import ShardSketches

/// Where quantiles can be asked for: a sketch, or a table while it is filled.
protocol QuantileSource {
  var count: UInt64 { get }
  /// Values at these ranks, empty where there is no value.
  func quantiles(at ranks: [Double]) -> [Double]
  func sketch() -> QuantileSketch
}

extension QuantileSketch: QuantileSource {
  func quantiles(at ranks: [Double]) -> [Double] { quantiles(ranks) }
  func sketch() -> QuantileSketch { self }
}

extension QuantileTable: QuantileSource {
  func quantiles(at ranks: [Double]) -> [Double] { quantiles(ranks) }
  func sketch() -> QuantileSketch { snapshot() }
}

/// When a value lies too far out.
///
/// All rules work on the quantiles of the finite values of a field over the whole data set, so that neither an
/// infinity nor the outliers themselves can move the fences:
/// - `iqr:k`: outside `[Q1 - k IQR, Q3 + k IQR]` (Tukey 1977; k = 3 is his outer fence);
/// - `z:k`: further than k standard deviations from the mean, both taken from quantiles (the median, and half the
///   distance of the 15.87% and 84.13% quantiles), which for normal data are the same;
/// - `mad:k`: further than `k * 1.4826 MAD` from the median.
///
/// A field whose values are positive (1% quantile) and heavy-tailed (the 99% quantile lies more than 4.5 times as far
/// from the median as the upper quartile; 3.4 for a normal distribution, 5.6 for an exponential one) is also
/// judged on a log scale, and a value must then lie outside both fences.
///
/// Where more than half of the values are equal the quartiles coincide: then the fences are those of the values that
/// differ, widened to hold the most frequent one; where these coincide too, k times the step between the two most
/// frequent values on both sides.
package enum OutlierRule: Sendable, Equatable {
  case iqr(Double)
  case z(Double)
  case mad(Double)
  case none

  /// As typed: `iqr:3`.
  package var name: String {
    switch self {
    case .iqr(let factor): "iqr:" + Self.text(factor)
    case .z(let factor): "z:" + Self.text(factor)
    case .mad(let factor): "mad:" + Self.text(factor)
    case .none: "none"
    }
  }

  private static func text(_ factor: Double) -> String {
    factor == factor.rounded() && factor.magnitude < 1e15 ? "\(Int(factor))" : "\(factor)"
  }

  /// Parses `iqr:3`, `z:6`, `mad:6` or `none`; the factor must be positive and finite.
  package init?(_ text: String) {
    if text == "none" {
      self = .none
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let factor = Double(parts[1]), factor > 0, factor.isFinite else { return nil }
    switch parts[0] {
    case "iqr": self = .iqr(factor)
    case "z": self = .z(factor)
    case "mad": self = .mad(factor)
    default: return nil
    }
  }

  /// The same rule with fences nearer by this factor.
  func scaled(by factor: Double) -> OutlierRule {
    switch self {
    case .iqr(let k): .iqr(k * factor)
    case .z(let k): .z(k * factor)
    case .mad(let k): .mad(k * factor)
    case .none: .none
    }
  }

  /// The fences by this rule; nil where it is off or there is too little to go by.
  func fences(of source: some QuantileSource, fewest: UInt64 = 16) -> OutlierFences? {
    guard self != .none, source.count >= fewest else { return nil }
    let ranks = source.quantiles(at: [0.01, 0.1587, 0.25, 0.5, 0.75, 0.8413, 0.99])
    guard ranks.count == 7 else { return nil }
    let (q01, q25, q50, q75, q99) = (ranks[0], ranks[2], ranks[3], ranks[4], ranks[6])
    guard q25 < q75 else { return collapsedFences(source) }
    let linear = interval(ranks, source)
    guard q01 > 0, q99 - q50 > 4.5 * (q75 - q50) else {
      return OutlierFences(low: linear.lowerBound, high: linear.upperBound, isLogarithmic: false)
    }
    let logarithmic = interval(ranks.map { log($0) }, source, isLogarithmic: true)
    return OutlierFences(
      low: min(linear.lowerBound, exp(logarithmic.lowerBound)),
      high: max(linear.upperBound, exp(logarithmic.upperBound)), isLogarithmic: true)
  }

  private func interval(
    _ ranks: [Double], _ source: some QuantileSource, isLogarithmic: Bool = false
  ) -> ClosedRange<Double> {
    let (q16, q25, q50, q75, q84) = (ranks[1], ranks[2], ranks[3], ranks[4], ranks[5])
    switch self {
    case .iqr(let k): return (q25 - k * (q75 - q25))...(q75 + k * (q75 - q25))
    case .z(let k): return (q50 - k * (q84 - q16) / 2)...(q50 + k * (q84 - q16) / 2)
    case .mad(let k):
      let distance = 1.4826 * source.sketch().medianDistance(from: q50, isLogarithmic: isLogarithmic)
      return (q50 - k * distance)...(q50 + k * distance)
    case .none: return -Double.infinity...Double.infinity
    }
  }

  private var factor: Double {
    switch self {
    case .iqr(let k), .z(let k), .mad(let k): k
    case .none: .infinity
    }
  }

  private func collapsedFences(_ source: some QuantileSource) -> OutlierFences? {
    let sketch = source.sketch()
    guard let mode = sketch.mode else { return nil }
    let center = sketch.quantiles(at: [0.5])[0]
    let rest = sketch.removing(mode.index)
    let quartiles = rest.quantiles(at: [0.25, 0.75])
    guard rest.count > 0, quartiles.count == 2 else { return nil }
    let (low, high) = (quartiles[0], quartiles[1])
    let reach: Double
    if low < high {
      reach = factor * (high - low)
    } else {
      reach = factor * (low - center).magnitude
    }
    return OutlierFences(low: min(center, low) - reach, high: max(center, high) + reach, isLogarithmic: false)
  }
}

extension QuantileSketch {
  /// The median of the distances of the values from `center`, within the sketch's error.
  /// - Complexity: O(b log b) in the number of buckets.
  func medianDistance(from center: Double, isLogarithmic: Bool) -> Double {
    var distances: [(distance: Double, count: UInt64)] = []
    for bucket in buckets {
      let value = bucket.middle
      if isLogarithmic, value <= 0 { continue }
      distances.append((((isLogarithmic ? log(value) : value) - center).magnitude, bucket.count))
    }
    distances.sort { $0.distance < $1.distance }
    let half = distances.reduce(0) { $0 + $1.count } / 2
    var seen: UInt64 = 0
    for entry in distances {
      seen += entry.count
      if seen > half { return entry.distance }
    }
    return 0
  }
}
