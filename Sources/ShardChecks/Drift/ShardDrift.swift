import ShardModel
import ShardSketches

/// Finds the few shards that differ from all others in a field, where no baseline says what is right.
///
/// The counts of the data set less those of a shard are exactly those of all others, so a shard costs one look. A first
/// look (`observe`) keeps the candidates: of each field at most a tenth of the shards, those that differ most. They
/// are taken out of what the others are compared with, since a large odd shard makes all others look odd; where there
/// are any, a second look (`observeAgain`) judges every shard against the rest without them. Where more than a tenth of
/// the shards differ (sorted or grouped data), shards are different by nature, and nothing is said.
///
/// Looks must be taken in the order of the shards' names, then the answer depends on the shards alone.
/// Memory: 64 counts for each comparison of each field and for each of at most 256 candidates.
package struct ShardDrift {
  /// Fewer shards have no "all others".
  private static let fewestShards = 5
  private static let candidateLimit = 256
  /// Fields beyond these are not compared: the state of candidates has to be bounded.
  private static let fieldLimit = 1_000

  private let judge: DistributionJudge
  private var comparisons: [ShardComparison]

  /// Nil where there is nothing to compare.
  ///
  /// - Complexity: O(buckets of all fields).
  package init?(_ dataset: ShardProfile, shards: Int, _ settings: CheckSettings) {
    guard shards >= Self.fewestShards, settings.baseline == nil,
      settings.enabled.contains(DriftDistribution.description.id)
    else { return nil }
    judge = DistributionJudge(settings.drift, deviations: DistributionJudge.ofShards)
    comparisons = []
    let few = min(Self.candidateLimit, max(1, shards / 10))
    for path in dataset.fields.keys.sorted(by: ByteOrder.precedes).prefix(Self.fieldLimit) {
      guard let field = dataset.fields[path] else { continue }
      let list = FieldShape.outermostList(of: path)
      let independent = list.map { dataset.fields[$0]?.counts.list ?? 0 }
      for binning in FieldBinning.all(of: field, judge.settings) {
        comparisons.append(
          ShardComparison(
            path: path, list: list, binning: binning, whole: binning.counts(field), independent: independent,
            few: few))
      }
    }
    if comparisons.isEmpty { return nil }
  }

  /// Whether a shard may differ, so that a second look is worth its cost.
  package var needsSecondLook: Bool { comparisons.contains { !$0.candidates.isEmpty } }

  /// The first look at a shard.
  package mutating func observe(_ shard: Int, _ profile: ShardProfile) {
    for index in comparisons.indices { comparisons[index].observe(shard, profile, judge) }
  }

  /// The second look at a shard.
  package mutating func observeAgain(_ shard: Int, _ profile: ShardProfile) {
    for index in comparisons.indices { comparisons[index].observeAgain(shard, profile, judge) }
  }

  /// What is to be said about which shard, one finding a field.
  package var findings: [Int: [Finding]] {
    var measures: [Int: [(path: String, all: [FieldDrift.Measure])]] = [:]
    for comparison in comparisons {
      guard comparison.shards >= Self.fewestShards,
        comparison.differing <= min(Self.candidateLimit, max(1, comparison.shards / 10))
      else { continue }
      for odd in comparison.odd {
        // Comparisons of one field follow each other.
        if measures[odd.shard]?.last?.path == comparison.path, let last = measures[odd.shard]?.indices.last {
          measures[odd.shard]?[last].all.append(odd.measure)
        } else {
          measures[odd.shard, default: []].append((comparison.path, [odd.measure]))
        }
      }
    }
    return measures.mapValues { fields in
      fields.map { DriftDistribution.finding($0.all, field: $0.path, judge.settings) }
    }
  }
}
