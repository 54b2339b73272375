import ShardChecks
import ShardModel

/// Gathers where the values of each field lie in each shard, while the states of the shards are read.
///
/// Memory: `fieldLimit` times what a `ShardSpread` holds, some megabytes.
struct ShardSpreads {
  /// Fields beyond the first by path are not drawn, in whatever order they come: one that is left out once stays out.
  private static let fieldLimit = 500

  private let total: Int
  private var spreads: [String: ShardSpread] = [:]
  /// The last path of those that are kept, once there are as many as may be.
  private var last: String?

  init(shards total: Int) { self.total = total }

  /// Adds the next shard; shards come in the order of their names.
  ///
  /// - Complexity: O(buckets of the sketches of the shard).
  mutating func add(_ name: String, index: Int, _ profile: ShardProfile) {
    guard total > 1 else { return }
    for (path, field) in profile.fields {
      if let last, spreads[path] == nil, !ByteOrder.precedes(path, last) { continue }
      let numbers =
        field.isNumeric ? field.numbers : field.counts.text > 0 ? field.characters : field.lengths
      let notFinite =
        field.numbers.nan &+ field.numbers.positiveInfinity &+ field.numbers.negativeInfinity
      guard numbers.limits != nil || notFinite > 0 else { continue }
      let quartiles = numbers.sketch.quantiles([0.25, 0.5, 0.75], within: numbers.limits)
      let isNew = spreads[path] == nil
      spreads[path, default: ShardSpread()].add(
        name, index: index, of: total, quartiles: quartiles, notFinite: notFinite)
      guard isNew else { continue }
      if spreads.count > Self.fieldLimit, let beyond = last { spreads[beyond] = nil }
      if spreads.count >= Self.fieldLimit { last = spreads.keys.max(by: ByteOrder.precedes) }
    }
  }

  /// Nil of a field that one slot of shards alone has, or none.
  subscript(_ path: String) -> ShardSpread? {
    guard var spread = spreads[path], spread.slots.count(where: { $0.shards > 0 }) > 1 else { return nil }
    spread.close(of: total)
    return spread
  }
}
