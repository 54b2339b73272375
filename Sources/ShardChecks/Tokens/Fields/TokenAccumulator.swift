import CKernels
import ShardModel
import ShardSketches

/// One worker's statistics of one field of sequences while it reads a shard.
package final class TokenAccumulator {
  @exclusivity(unchecked) var counts = TokenProfile()
  private let table = QuantileTable()
  private var extremes = Extremes()
  private var narrowedAt: UInt64 = 0
  /// Lengths of the current batch.
  private var lengths = Buffer<Double>()

  package init() {}

  deinit { lengths.deallocate() }

  /// Counts one sequence of the current batch.
  func add(length: Int, positions: Int, limit: Int?) {
    counts.count(length: length, positions: positions, limit: limit)
    lengths.append(Double(length))
  }

  /// Takes in the lengths of the batch; those that may turn out to be outliers are written down.
  /// - Parameter extreme: makes the entry for a sequence, by its place among those of the batch.
  /// - Complexity: O(sequences).
  func finishBatch(_ rule: OutlierRule, extreme: (Int, Double) -> Extreme) {
    guard lengths.count > 0 else { return }
    var summary = ck_summary()
    ck_summarize(lengths.base, lengths.count, &summary)
    table.add(lengths.values, summary: summary)
    if rule != .none {
      narrow(by: rule)
      if extremes.accepts(summary.min) || extremes.accepts(summary.max) {
        for (index, length) in lengths.values.enumerated() where extremes.accepts(length) {
          extremes.insert(extreme(index, length))
        }
      }
    }
    lengths.removeAll()
  }

  /// Forgets the lengths of the batch.
  func dropBatch(_ visit: (Int, Double) -> Void) {
    for (index, length) in lengths.values.enumerated() { visit(index, length) }
    lengths.removeAll()
  }

  /// As for the values of a field: fences somewhat inside those that would hold now.
  private func narrow(by rule: OutlierRule) {
    let count = table.count
    guard count >= narrowedAt + narrowedAt / 4 + 16 else { return }
    narrowedAt = count
    let margin = count < 1_000 ? 0.5 : count < 50_000 ? 0.75 : 0.9
    guard let fences = rule.scaled(by: margin).fences(of: table) else { return }
    extremes.narrow(to: fences.low...fences.high)
  }

  /// Everything so far, leaving the accumulator as new.
  package func drain() -> TokenProfile {
    var profile = counts
    profile.lengths = table.snapshot()
    extremes.settle()
    profile.extremes = extremes
    counts = TokenProfile()
    table.reset()
    extremes = Extremes()
    narrowedAt = 0
    return profile
  }
}
