import ShardModel
import ShardSketches

/// Compares the shares of the frequent values of a field.
///
/// Where lists of frequent values are cut or not exact, a difference counts only as far as it is certain: a value that is not
/// listed may have occurred as often as the last that is.
struct CategoryComparison {
  private let settings: DriftSettings
  private let left: Shares
  private let right: Shares

  private struct Shares {
    var counts: [String: UInt64]
    var all: UInt64
    /// A listed count is too low by at most this.
    var error: UInt64
    /// The most that a value that is not listed was seen.
    var unlisted: UInt64

    init(_ top: TopSummary) {
      counts = Dictionary(top.values.map { ($0.value, $0.count) }) { first, _ in first }
      all = top.values.reduce(top.rest) { $0 &+ $1.count }
      error = min(top.error, top.rest)
      let last = top.values.last?.count ?? 0
      unlisted = min(top.rest, max(last, top.error))
    }

    /// The least and the most that a value can have been seen.
    func limits(_ value: String) -> ClosedRange<UInt64> {
      guard let count = counts[value] else { return 0...unlisted }
      return count...max(count, count &+ error)
    }
  }

  /// Nil where a side has no frequent values.
  init?(_ settings: DriftSettings, _ old: FieldShape, _ new: FieldShape) {
    guard let before = old.top, let after = new.top else { return nil }
    self.settings = settings
    left = Shares(before)
    right = Shares(after)
  }

  /// - Parameters:
  ///   - before: How many values are independent, nil: all.
  func measure(_ before: UInt64?, _ after: UInt64?) -> FieldDrift.Measure? {
    guard left.all > 0, right.all > 0 else { return nil }
    var measure = FieldDrift.Measure(kind: .categories, before: left.all, after: right.all)
    measure.largest = 0
    var best: (difference: Double, left: UInt64, right: UInt64) = (0, 0, 0)
    for value in Set(left.counts.keys).union(right.counts.keys).sorted(by: ByteOrder.precedes) {
      let (a, b) = Self.nearest(left.limits(value), of: left.all, right.limits(value), of: right.all)
      let (p, q) = (Double(a) / Double(left.all), Double(b) / Double(right.all))
      guard (p - q).magnitude > best.difference else { continue }
      best = ((p - q).magnitude, a, b)
      measure.category = value
      measure.shareBefore = DriftText.rounded(p)
      measure.shareAfter = DriftText.rounded(q)
    }
    measure.largest = DriftText.rounded(best.difference)
    measure.isBeyond = DistributionJudge(settings).judgeShare(
      .init([Double(best.left), Double(left.all - min(best.left, left.all))], independent: before),
      .init([Double(best.right), Double(right.all - min(best.right, right.all))], independent: after), bin: 0)
    return measure
  }

  /// The two counts within their limits whose shares are nearest to each other.
  private static func nearest(
    _ left: ClosedRange<UInt64>, of all: UInt64, _ right: ClosedRange<UInt64>, of others: UInt64
  ) -> (UInt64, UInt64) {
    func share(_ count: UInt64, _ all: UInt64) -> Double { Double(count) / Double(all) }
    if share(left.upperBound, all) < share(right.lowerBound, others) {
      return (left.upperBound, right.lowerBound)
    }
    if share(right.upperBound, others) < share(left.lowerBound, all) {
      return (left.lowerBound, right.upperBound)
    }
    // The limits overlap: the difference may be nothing, so the right count is the one that gives the left share.
    let same = share(left.lowerBound, all) * Double(others)
    // The sums of many states may be any integer, and the largest are no doubles.
    let count = UInt64(min(max(same, Double(right.lowerBound)), Double(right.upperBound), 0x1p53))
    return (left.lowerBound, count)
  }
}
