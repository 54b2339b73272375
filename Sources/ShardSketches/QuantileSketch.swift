import ShardModel

/// How many values fell into each of the buckets that doubles are cut into: quantiles, histograms and shares.
///
/// A bucket is the sign, the exponent and the 7 high bits of the mantissa of a double, so a quantile is within a
/// relative error of 1/256 of the exact order statistic (the guarantee of DDSketch, Masson, Rim and Lee 2019,
/// with buckets found by a shift). Magnitudes below 2^-1029 count as zero, and the bound holds for normal numbers,
/// not for subnormal ones. Counts are integers: merging is exact, commutative and associative.
///
/// Memory: 16 bytes for each bucket seen, at most 524,033 buckets; a bell-shaped field has some thousands, a field
/// of small integers as many as it has values.
package struct QuantileSketch: Sendable, Equatable {
  /// The values that share sign, exponent and high bits.
  package struct Bucket: Sendable, Equatable {
    /// Place in the order of values: negative for negative values, 0 for zero.
    package var index: Int32
    package var count: UInt64

    package init(index: Int32, count: UInt64) {
      self.index = index
      self.count = count
    }

    /// The middle of the bucket, within 1/256 of each of its values; exactly 0 for zeros.
    package var middle: Double { BucketScale.midpoint(index) }

    /// The values of the bucket and its edges.
    package var range: ClosedRange<Double> { BucketScale.lowerEdge(index)...BucketScale.upperEdge(index) }
  }

  /// The buckets that have values, in value order.
  package private(set) var buckets: [Bucket] = []
  /// How many values there are.
  package private(set) var count: UInt64 = 0

  /// A stored state may not claim more values, so sums of states stay far from overflow.
  static let maximumCount: UInt64 = 1 << 53

  /// The sketch of no values.
  package init() {}

  /// Takes buckets that are in value order and have values.
  init(ordered buckets: [Bucket]) {
    self.buckets = buckets
    count = buckets.reduce(0) { $0 &+ $1.count }
  }

  /// The sketch of one finite value seen `count` times.
  package init(_ value: Double, count: UInt64) {
    let bucket = Bucket(index: BucketScale.index(of: value), count: count)
    self.init(ordered: count > 0 ? [bucket] : [])
  }

  /// How many values are zero.
  ///
  /// - Complexity: O(log buckets).
  package var zeros: UInt64 {
    let place = firstPlace(from: 0)
    return place < buckets.count && buckets[place].index == 0 ? buckets[place].count : 0
  }

  /// How many values are below zero.
  ///
  /// - Complexity: O(buckets).
  package var negatives: UInt64 {
    buckets[..<firstPlace(from: 0)].reduce(0) { $0 &+ $1.count }
  }

  /// The bucket that holds most values, the lowest of them if several do; nil of no values.
  ///
  /// - Complexity: O(buckets).
  package var mode: Bucket? {
    guard var best = buckets.first else { return nil }
    for bucket in buckets where bucket.count > best.count { best = bucket }
    return best
  }

  /// Adds the values of another sketch. The order of merges does not matter.
  ///
  /// - Complexity: O(buckets of both).
  package mutating func merge(_ other: QuantileSketch) {
    guard !other.buckets.isEmpty else { return }
    guard !buckets.isEmpty else {
      self = other
      return
    }
    var merged: [Bucket] = []
    merged.reserveCapacity(buckets.count + other.buckets.count)
    var theirs = other.buckets[...]
    for bucket in buckets {
      while let first = theirs.first, first.index < bucket.index {
        merged.append(first)
        theirs.removeFirst()
      }
      if let first = theirs.first, first.index == bucket.index {
        merged.append(Bucket(index: bucket.index, count: bucket.count &+ first.count))
        theirs.removeFirst()
      } else {
        merged.append(bucket)
      }
    }
    merged.append(contentsOf: theirs)
    buckets = merged
    count &+= other.count
  }

  /// The same values without those of one bucket: "the values that differ from the most frequent one".
  ///
  /// - Complexity: O(buckets).
  package func removing(_ index: Int32) -> QuantileSketch {
    QuantileSketch(ordered: buckets.filter { $0.index != index })
  }

  /// The first place in `buckets` whose index is at least `index`.
  func firstPlace(from index: Int32) -> Int {
    var (low, high) = (0, buckets.count)
    while low < high {
      let middle = (low + high) / 2
      if buckets[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension QuantileSketch {
  /// Appends the buckets as steps from one index to the next, with their counts: 2 to 4 bytes for most buckets.
  ///
  /// - Complexity: O(buckets).
  package func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(buckets.count))
    var previous = -BucketScale.highestIndex - 1
    for bucket in buckets {
      writer.write(UInt64(bucket.index - previous))
      writer.write(bucket.count)
      previous = bucket.index
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    let size = try reader.readCount(minimumSize: 2)
    guard size <= 2 * Int(BucketScale.highestIndex) + 1 else { throw DecodingFailure("too many buckets") }
    buckets.reserveCapacity(size)
    var previous = Int64(-BucketScale.highestIndex - 1)
    for _ in 0..<size {
      let step = try reader.readUInt64()
      let added = try reader.readUInt64()
      guard step > 0, step <= UInt64(2 * BucketScale.highestIndex + 1), added > 0, added <= Self.maximumCount
      else { throw DecodingFailure("bucket out of range") }
      previous += Int64(step)
      count += added
      guard previous <= Int64(BucketScale.highestIndex), count <= Self.maximumCount
      else { throw DecodingFailure("bucket out of range") }
      buckets.append(Bucket(index: Int32(previous), count: added))
    }
  }
}
