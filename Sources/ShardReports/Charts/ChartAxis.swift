import ShardModel

/// Where values stand from left (0) to right (1).
struct ChartAxis {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  /// Nil where the range is empty, or not positive on a logarithmic axis.
  init?(low: Double, high: Double, isLogarithmic: Bool) {
    guard low.isFinite, high.isFinite, low < high, !isLogarithmic || low > 0 else { return nil }
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
  }

  /// Not clamped; 0 where the axis is logarithmic and the value not positive.
  func position(_ value: Double) -> Double {
    if isLogarithmic {
      guard value > 0 else { return 0 }
      let (start, end) = (Self.log2(low), Self.log2(high))
      return (Self.log2(value) - start) / (end - start)
    }
    // Halved before subtracting: the difference of two large doubles can overflow.
    return (value / 2 - low / 2) / (high / 2 - low / 2)
  }

  func contains(_ value: Double) -> Bool { value >= low && value <= high }

  /// Of a positive number, within 1e-8: the series of the area tangent, the same on every processor.
  static func log2(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let ratio = (value.significand - 1) / (value.significand + 1)
    var power = ratio
    var sum = 0.0
    for odd in stride(from: 1.0, through: 17, by: 2) {
      sum += power / odd
      power *= ratio * ratio
    }
    return Double(value.exponent) + 2 * sum * 1.442_695_040_888_963_4
  }

  /// Whether a logarithmic axis shows more: the outlier rule took logarithms, or the middle 98% of positive numbers
  /// spread over more than two powers of ten.
  static func isLogarithmic(_ numbers: NumberSummary) -> Bool {
    guard numbers.negatives == 0, numbers.zeros * 4 <= numbers.count,
      let least = numbers.quantiles.first(where: { $0 > 0 }), let most = numbers.quantiles.last
    else { return false }
    if let fences = numbers.fences { return fences.isLogarithmic }
    return most / least >= 100
  }
}
