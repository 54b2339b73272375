import ShardModel
import ShardSketches

/// Tells whether two counts over the same bins differ more than they may, and more than chance makes them differ.
struct DistributionJudge {
  let settings: DriftSettings
  /// How far out of what chance does a difference must lie, in standard deviations.
  let deviations: Double

  /// For two data sets: chance moves one in some hundred thousand comparisons, of which there are some dozens.
  static let ofDataSets = 4.5
  /// For shards, of which a scan may compare ten thousand in each of its fields.
  static let ofShards = 6.0

  init(_ settings: DriftSettings, deviations: Double = ofDataSets) {
    self.settings = settings
    self.deviations = deviations
  }

  /// One side of a comparison.
  struct Side {
    var counts: [Double]
    /// How many of the values are independent of each other: elements of one list are seldom.
    var independent: Double

    init(_ counts: [Double], independent: UInt64? = nil) {
      self.counts = counts
      let all = counts.reduce(0, +)
      self.independent = min(all, independent.map { Double($0) } ?? all)
    }

    /// The counts as if there were only the independent values.
    var independentCounts: [Double] {
      let all = counts.reduce(0, +)
      return all > 0 && independent < all ? counts.map { $0 * (independent / all) } : counts
    }
  }

  struct Verdict: Equatable {
    /// Less what chance is expected to add.
    var jensenShannon: Double
    var stability: Double
    var isBeyond: Bool
  }

  func judge(_ left: Side, _ right: Side) -> Verdict {
    let used = zip(left.counts, right.counts).reduce(0) { $0 + ($1.0 + $1.1 > 0 ? 1 : 0) }
    let noise = SamplingNoise(bins: used, left.independent, right.independent)
    let divergence = Distances.divergence(left.counts, right.counts) - noise.divergence
    let stability = Distances.stability(left.counts, right.counts) - noise.stability
    var verdict = Verdict(
      jensenShannon: max(0, divergence).squareRoot(), stability: max(0, stability), isBeyond: false)
    let isFar = verdict.jensenShannon > settings.jensenShannon || verdict.stability > settings.stability
    verdict.isBeyond = isFar && isEnough(left, right) && isNoChance(left, right, degrees: noise.degrees)
    return verdict
  }

  /// Whether the shares of one bin differ beyond the limit for categories.
  func judgeShare(_ left: Side, _ right: Side, bin: Int) -> Bool {
    let (all, others) = (left.independentCounts.reduce(0, +), right.independentCounts.reduce(0, +))
    guard all > 0, others > 0 else { return false }
    let (a, b) = (left.independentCounts[bin], right.independentCounts[bin])
    return (a / all - b / others).magnitude > settings.categories && isEnough(left, right)
      && isNoChance(Side([a, all - a]), Side([b, others - b]), degrees: 1)
  }

  private func isEnough(_ left: Side, _ right: Side) -> Bool {
    min(left.independent, right.independent) >= Double(settings.fewest)
  }

  private func isNoChance(_ left: Side, _ right: Side, degrees: Double) -> Bool {
    SamplingNoise.chiSquare(left.independentCounts, right.independentCounts)
      > SamplingNoise.chiSquareLimit(degrees: degrees, deviations: deviations)
  }
}
