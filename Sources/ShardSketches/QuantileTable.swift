import CKernels

#if canImport(Glibc)
  import Glibc
#endif

/// The counters behind a `QuantileSketch` while values pour in: a shift and an increment a value.
///
/// One counter for each of the 2^19 keys of `BucketScale`, in pages that the system fills with zeros when they are
/// first touched, so a table costs what its values spread over: 512 bytes an octave of magnitudes and sign, at
/// most 2 MiB of memory. Only the keys between the smallest and the largest magnitude seen are ever looked at, so
/// a table can be emptied and used again for thousands of small shards. Before a 32-bit counter could overflow,
/// all are moved to a sketch with 64-bit counts. Not for more than one thread.
package final class QuantileTable {
  private let counters: UnsafeMutablePointer<UInt32>
  /// Additions since the counters were last empty; below 2^32, so no counter can overflow.
  private var pending: UInt64 = 0
  /// What no longer fits the counters.
  private var wide = QuantileSketch()
  private var touched = TouchedKeys()

  /// Values handed to the kernel at once; small enough that `pending` can be checked between blocks.
  private static let blockLimit = 1 << 30

  package init() {
    let size = BucketScale.keyCount * MemoryLayout<UInt32>.stride
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { fatalError("no memory for a table of counters") }
    // Safe: the mapping has room for `keyCount` counters and stays until deinit.
    counters = memory.bindMemory(to: UInt32.self, capacity: BucketScale.keyCount)
  }

  deinit { munmap(counters, BucketScale.keyCount * MemoryLayout<UInt32>.stride) }

  /// How many values were added.
  package var count: UInt64 { wide.count &+ pending }

  /// The smallest and the largest value added; nil of no values.
  package var limits: ClosedRange<Double>? { touched.limits }

  /// Adds finite values, whose summary `ck_summarize` gave.
  ///
  /// - Complexity: O(values), 0.2 to 0.8 ns each (most where two values alternate); O(1) if all are equal.
  package func add(_ values: UnsafeBufferPointer<Double>, summary: ck_summary) {
    guard let base = values.baseAddress, !values.isEmpty else { return }
    guard summary.min != summary.max else { return add(summary.min, count: UInt64(values.count)) }
    touched.include(summary)
    var start = 0
    while start < values.count {
      let size = min(values.count - start, Self.blockLimit)
      if pending + UInt64(size) > UInt64(UInt32.max) { spill() }
      // Safe: a key has 19 bits, and the table a counter for each.
      ck_bucket_add(counters, base + start, size)
      pending += UInt64(size)
      start += size
    }
  }

  /// Adds one finite value `count` times.
  package func add(_ value: Double, count: UInt64) {
    guard count > 0 else { return }
    touched.include(value)
    guard count <= UInt64(UInt32.max) else {
      wide.merge(QuantileSketch(value, count: count))
      return
    }
    if pending + count > UInt64(UInt32.max) { spill() }
    let key = Int(value.bitPattern >> BucketScale.shift)
    counters[key] += UInt32(truncatingIfNeeded: count)
    pending += count
  }

  /// What was added so far.
  ///
  /// - Complexity: O(keys between the smallest and the largest magnitude).
  package func snapshot() -> QuantileSketch {
    var sketch = wide
    if pending > 0 {
      var buckets: [QuantileSketch.Bucket] = []
      forEachBucket { index, count in
        buckets.append(QuantileSketch.Bucket(index: index, count: count))
        return true
      }
      sketch.merge(QuantileSketch(ordered: buckets))
    }
    return sketch
  }

  /// The values at several quantiles as `QuantileSketch.quantiles` gives them, without building a sketch.
  ///
  /// - Returns: One value for each quantile in the order asked, clamped to the values seen; empty of no values.
  /// - Complexity: O(keys between the smallest and the largest magnitude).
  package func quantiles(_ quantiles: [Double]) -> [Double] {
    guard wide.count == 0 else { return snapshot().quantiles(quantiles, within: limits) }
    var query = RankQuery(quantiles, count: pending, limits: limits)
    forEachBucket { index, count in
      query.pass(index, count: count)
      return !query.isAnswered
    }
    return query.answers
  }

  /// Forgets all values.
  ///
  /// - Complexity: O(keys between the smallest and the largest magnitude).
  package func reset() {
    clearCounters()
    wide = QuantileSketch()
    touched = TouchedKeys()
  }

  private func spill() {
    wide = snapshot()
    clearCounters()
  }

  private func clearCounters() {
    counters[0] = 0
    counters[BucketScale.signKey] = 0
    for keys in [touched.positive, touched.negative] where !keys.isEmpty {
      (counters + keys.lowerBound).update(repeating: 0, count: keys.count)
    }
    pending = 0
  }

  /// Calls `body` with each bucket that has values, in value order, until it returns false.
  private func forEachBucket(_ body: (Int32, UInt64) -> Bool) {
    for key in touched.negative.reversed() where counters[key] != 0 && key != BucketScale.signKey {
      guard body(-Int32(key - BucketScale.signKey), UInt64(counters[key])) else { return }
    }
    let zeros = UInt64(counters[0]) + UInt64(counters[BucketScale.signKey])
    if zeros > 0 {
      guard body(0, zeros) else { return }
    }
    for key in touched.positive where counters[key] != 0 && key != 0 {
      guard body(Int32(key), UInt64(counters[key])) else { return }
    }
  }
}

/// The keys that may have been counted, apart from those of the two zeros.
private struct TouchedKeys {
  private(set) var limits: ClosedRange<Double>?
  private var leastMagnitude = Double.infinity

  mutating func include(_ summary: ck_summary) {
    leastMagnitude = min(leastMagnitude, summary.min_magnitude)
    limits =
      min(
        limits?.lowerBound ?? summary.min, summary.min)...max(limits?.upperBound ?? summary.max, summary.max)
  }

  mutating func include(_ value: Double) {
    let magnitude = value == 0 ? .infinity : value.magnitude
    include(ck_summary(sum: 0, min: value + 0.0, max: value + 0.0, min_magnitude: magnitude))
  }

  var positive: Range<Int> {
    guard let limits, limits.upperBound > 0 else { return 0..<0 }
    return keys(from: max(limits.lowerBound, 0), to: limits.upperBound)
  }

  var negative: Range<Int> {
    guard let limits, limits.lowerBound < 0 else { return 0..<0 }
    let keys = keys(from: max(-limits.upperBound, 0), to: -limits.lowerBound)
    return (keys.lowerBound + BucketScale.signKey)..<(keys.upperBound + BucketScale.signKey)
  }

  /// The keys of magnitudes between two values of one sign; if the lower one is 0, from the least magnitude seen.
  private func keys(from low: Double, to high: Double) -> Range<Int> {
    let low = low > 0 ? low : min(leastMagnitude, high)
    return BucketScale.key(ofMagnitude: low)..<(BucketScale.key(ofMagnitude: high) + 1)
  }
}
