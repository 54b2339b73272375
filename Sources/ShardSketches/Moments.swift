import CKernels
import ShardModel

/// Count, mean, spread and extremes of finite values, mergeable in order.
///
/// Two passes over a column find its mean and its squared deviations (Chan, Golub and LeVeque 1983, "Algorithms
/// for computing the sample variance", with the correction for the rounding of the mean); states are joined by
/// the pairwise formula of the same paper. Mean and squared deviations are kept as a value and its rounding
/// error (Dekker 1971), so that thousands of merges and a mean a billion times the spread still leave 15 digits.
/// The same values in the same columns merged in the same order give the same bits on any processor; another
/// order may differ in the last bits.
///
/// Squares that leave the range of a double (deviations beyond 1e154) have no variance; deviations below 1e-162
/// count as zero. Memory: 64 bytes.
package struct Moments: Sendable, Equatable {
  package private(set) var count: UInt64 = 0
  private var meanHigh = 0.0
  private var meanLow = 0.0
  private var squaresHigh = 0.0
  private var squaresLow = 0.0
  private var least = Double.infinity
  private var most = -Double.infinity

  /// More values than this cannot be told apart as a double; no data set has them, so stored states may not.
  static let maximumCount: UInt64 = 1 << 53

  /// The state of no values.
  package init() {}

  /// The state of one value seen `count` times.
  package init(constant value: Double, count: UInt64) {
    guard count > 0 else { return }
    self.count = count
    // Adding +0.0 makes -0.0 and 0.0 one value.
    meanHigh = value + 0.0
    least = meanHigh
    most = meanHigh
  }

  /// The state of finite `values`, whose summary `ck_summarize` gave.
  ///
  /// - Complexity: One pass of 8 lanes over the values, none if all are equal.
  package init(_ values: UnsafeBufferPointer<Double>, summary: ck_summary) {
    guard let base = values.baseAddress, !values.isEmpty else {
      self.init()
      return
    }
    guard summary.min != summary.max else {
      self.init(constant: summary.min, count: UInt64(values.count))
      return
    }
    let total = Double(values.count)
    // A sum can overflow where the mean does not.
    let guess = summary.sum.isFinite ? summary.sum / total : Self.scaledMean(values)
    var deviation = 0.0
    var squares = 0.0
    ck_deviations(base, values.count, guess, &deviation, &squares)
    self.init(
      count: UInt64(values.count), limits: summary.min...summary.max, guess: guess, deviation: deviation,
      squares: squares)
  }

  /// The state of finite values of which two passes were taken.
  ///
  /// - Parameters:
  ///   - guess: the mean as the first pass found it.
  ///   - deviation: the sum of the deviations from it.
  ///   - squares: the sum of their squares.
  package init(
    count: UInt64, limits: ClosedRange<Double>, guess: Double, deviation: Double, squares: Double
  ) {
    guard count > 0 else { return }
    guard limits.lowerBound != limits.upperBound else {
      self = Moments(constant: limits.lowerBound, count: count)
      return
    }
    let total = Double(count)
    self.count = count
    least = limits.lowerBound
    most = limits.upperBound
    guard deviation.isFinite, squares.isFinite else {
      (meanHigh, squaresHigh) = (Swift.min(Swift.max(guess, least), most), .infinity)
      return
    }
    (meanHigh, meanLow) = twoSum(guess, deviation / total)
    (squaresHigh, squaresLow) = twoSum(squares, -(deviation / total * deviation))
    clamp()
  }

  /// The mean; nil of no values.
  package var mean: Double? { count == 0 ? nil : meanHigh }

  /// The sum of the squared deviations from the mean; infinite where it leaves the range of a double.
  package var m2: Double { squaresHigh }

  /// The smallest value; nil of no values.
  package var min: Double? { count == 0 ? nil : least }

  /// The largest value; nil of no values.
  package var max: Double? { count == 0 ? nil : most }

  /// The sample variance (divisor n - 1); nil of fewer than two values or where it leaves the range of a double.
  package var variance: Double? {
    guard count > 1, squaresHigh.isFinite else { return nil }
    return squaresHigh / Double(count - 1)
  }

  /// The sample standard deviation; nil where the variance is.
  package var standardDeviation: Double? { variance?.squareRoot() }

  /// Adds the values of a state that follows this one.
  package mutating func merge(_ other: Moments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (own, their) = (Double(count), Double(other.count))
    let total = own + their
    let (deltaHigh, deltaRest) = twoSum(other.meanHigh, -meanHigh)
    let delta = deltaHigh + (deltaRest + (other.meanLow - meanLow))
    if delta.isFinite {
      let (high, rest) = twoSum(meanHigh, delta * (their / total))
      (meanHigh, meanLow) = twoSum(high, rest + meanLow)
    } else {
      (meanHigh, meanLow) = (meanHigh * (own / total) + other.meanHigh * (their / total), 0)
    }
    let between = delta * delta * (own / total * their)
    let (high, rest) = twoSum(squaresHigh, other.squaresHigh)
    let (sum, sumRest) = twoSum(high, between)
    if sum.isFinite {
      (squaresHigh, squaresLow) = twoSum(sum, sumRest + rest + squaresLow + other.squaresLow)
    } else {
      (squaresHigh, squaresLow) = (.infinity, 0)
    }
    count &+= other.count
    least = Swift.min(least, other.least)
    most = Swift.max(most, other.most)
    clamp()
  }

  /// Rounding must not put the mean outside the values nor make a square negative.
  private mutating func clamp() {
    if !meanLow.isFinite { meanLow = 0 }
    if meanHigh < least { (meanHigh, meanLow) = (least, 0) }
    if meanHigh > most { (meanHigh, meanLow) = (most, 0) }
    if !(squaresHigh > 0) { (squaresHigh, squaresLow) = (0, 0) }
  }

  private static func scaledMean(_ values: UnsafeBufferPointer<Double>) -> Double {
    let total = Double(values.count)
    return values.reduce(0) { $0 + $1 / total }
  }
}

extension Moments {
  package func encode(into writer: inout ByteWriter) {
    writer.write(count)
    guard count > 0 else { return }
    for value in [meanHigh, meanLow, squaresHigh, squaresLow, least, most] { writer.write(value) }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    count = try reader.readUInt64()
    guard count > 0 else { return }
    meanHigh = try reader.readDouble()
    meanLow = try reader.readDouble()
    squaresHigh = try reader.readDouble()
    squaresLow = try reader.readDouble()
    least = try reader.readDouble()
    most = try reader.readDouble()
    // Comparisons with NaN fail, so this refuses NaN too.
    guard count <= Self.maximumCount, least.isFinite, most.isFinite, least <= meanHigh, meanHigh <= most,
      abs(meanLow) <= meanHigh.ulp, squaresHigh >= 0,
      squaresHigh.isFinite ? abs(squaresLow) <= squaresHigh.ulp : squaresLow == 0
    else { throw DecodingFailure("moments out of range") }
  }
}

/// The rounded sum of two doubles and what the rounding lost, exactly (Knuth, TAOCP 2, 4.2.2, theorem B).
private func twoSum(_ left: Double, _ right: Double) -> (sum: Double, rest: Double) {
  let sum = left + right
  guard sum.isFinite else { return (sum, 0) }
  let rightPart = sum - left
  let leftPart = sum - rightPart
  return (sum, (left - leftPart) + (right - rightPart))
}
