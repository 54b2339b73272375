import Glibc
import ShardModel
import ShardSketches

/// The scale that the numbers of a field are on, as a careful person would name it from their distribution.
package enum ScaleClass: UInt8, Sendable, CaseIterable {
  /// From 0 to 1, and more than the smallest part of it: probabilities, pixels divided by 255.
  case zeroOne
  /// From -1 to 1, using at least a quarter of it on one side.
  case minusOneOne
  /// Mean 0 and deviation 1, up to what a sample of that size lets expect.
  case standardized
  /// Whole numbers from 0 to 255 that come near the end of that range: pixels.
  case byte
  /// Anything else.
  case raw

  package var name: String {
    switch self {
    case .zeroOne: "zero-one"
    case .minusOneOne: "minus-one-one"
    case .standardized: "standardized"
    case .byte: "byte"
    case .raw: "raw"
    }
  }

  /// What stands in messages.
  package var phrase: String {
    switch self {
    case .zeroOne: "between 0 and 1"
    case .minusOneOne: "between -1 and 1"
    case .standardized: "standardized (mean 0, deviation 1)"
    case .byte: "bytes (0 to 255)"
    case .raw: "not on a common scale"
    }
  }

  package static let fewest: UInt64 = 20

  /// The class of a field; nil where fewer than `fewest` finite values, or only equal ones, say nothing.
  ///
  /// Values far outside the others (Tukey's outer fences, at most 1% of the values) do not count: they are outliers
  /// of a scale, not another scale. One value in 5,000 may lie just outside of a range.
  /// - Complexity: O(buckets of the sketch).
  package init?(of numbers: NumberProfile, isWhole: Bool) {
    guard numbers.moments.count >= Self.fewest, let least = numbers.moments.min,
      let most = numbers.moments.max,
      least < most
    else { return nil }
    let inner = ScaleStatistics(inner: numbers)
    if inner.isWithin(0, 1) {
      self = inner.most > 0.01 || isWhole ? .zeroOne : .raw
    } else if inner.isWithin(-1, 1) {
      self = max(-inner.least, inner.most) >= 0.25 ? .minusOneOne : .raw
    } else if isWhole {
      self = inner.isWithin(0, 255) && inner.most >= 200 ? .byte : .raw
    } else {
      let isStandardized = inner.isStandardized || ScaleStatistics(numbers).isStandardized
      self = isStandardized ? .standardized : .raw
    }
  }
}

/// Center and spread of a field, with or without the values far outside the others.
package struct ScaleStatistics: Sendable, Equatable {
  package private(set) var count: UInt64 = 0
  package private(set) var mean = 0.0
  package private(set) var deviation = 0.0
  package private(set) var least = 0.0
  package private(set) var most = 0.0
  private var buckets: ArraySlice<QuantileSketch.Bucket> = []

  /// How large the values are: the root of their mean square.
  package var size: Double { (mean * mean + deviation * deviation).squareRoot() }

  /// Of all values, exactly.
  package init(_ numbers: NumberProfile) {
    count = numbers.moments.count
    mean = numbers.moments.mean ?? 0
    deviation = numbers.moments.standardDeviation ?? 0
    least = numbers.moments.min ?? 0
    most = numbers.moments.max ?? 0
    buckets = numbers.sketch.buckets[...]
  }

  /// Of one dimension of a vector, which has no sketch.
  package init(_ moments: Moments) {
    count = moments.count
    mean = moments.mean ?? 0
    deviation = moments.standardDeviation ?? 0
    least = moments.min ?? 0
    most = moments.max ?? 0
  }

  /// Of the values within the outer fences, within the error of the sketch (1/256 of each value); of all values where
  /// more than 1% lie outside.
  package init(inner numbers: NumberProfile) {
    self.init(numbers)
    guard let fences = OutlierRule.iqr(3).fences(of: numbers.sketch), !fences.isLogarithmic else { return }
    let all = numbers.sketch.buckets
    let inside = all.drop { $0.range.upperBound < fences.low }
    let kept = inside.prefix { $0.range.lowerBound <= fences.high }
    let total = kept.reduce(0) { $0 + $1.count }
    guard total < count, total * 100 >= count * 99, let first = kept.first, let last = kept.last else {
      return
    }
    var sum = 0.0
    for bucket in kept { sum += bucket.middle * Double(bucket.count) }
    let center = sum / Double(total)
    var squares = 0.0
    for bucket in kept {
      let distance = bucket.middle - center
      squares += distance * distance * Double(bucket.count)
    }
    guard center.isFinite, squares.isFinite else { return }
    count = total
    mean = center
    deviation = (squares / Double(max(total, 2) - 1)).squareRoot()
    least = max(least, first.middle)
    most = min(most, last.middle)
    buckets = kept
  }

  /// Whether all values are in a range, but one in 5,000; a value within 1/128 of an end is at it.
  func isWithin(_ low: Double, _ high: Double) -> Bool {
    var outside: UInt64 = 0
    for bucket in buckets where bucket.range.upperBound < low || bucket.range.lowerBound > high {
      outside += bucket.count
    }
    return outside <= count / 5_000
  }

  /// Whether mean and deviation are 0 and 1 up to three standard errors and a tenth more.
  var isStandardized: Bool {
    let root = Double(count).squareRoot()
    return mean.magnitude <= 0.1 + 3 / root
      && (deviation - 1).magnitude <= 0.15 + 3 / (root * 2.0.squareRoot())
  }
}
