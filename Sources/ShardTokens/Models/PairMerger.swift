import ShardModel

/// Merges the symbols of a word pair by pair, the lowest rank first and of equal ranks the leftmost, until none is left:
/// byte-pair encoding (Sennrich, Haddow and Birch 2016, section 3.2). Scratch memory for one thread.
struct PairMerger {
  /// Up to here the least rank is found by looking at all; beyond, lists by rank cost less.
  static let shortLength = 48

  private var merges = Buffer<UInt64>()
  private var long = LongPairMerger()

  mutating func deallocate() {
    merges.deallocate()
    long.deallocate()
  }

  /// - Complexity: O(n²) in symbols up to `shortLength`; beyond, O(n log r) for r distinct ranks.
  @inline(__always)
  mutating func merge(_ symbols: inout Buffer<UInt32>, by pairs: PairLookup) {
    if symbols.count <= Self.shortLength {
      mergeShort(&symbols, pairs)
    } else {
      long.merge(&symbols, by: pairs)
    }
  }

  private mutating func mergeShort(_ symbols: inout Buffer<UInt32>, _ pairs: PairLookup) {
    var count = symbols.count
    guard count > 1 else { return }
    merges.removeAll()
    merges.reserve(count)
    // Safe: every index below is less than `count`, and both buffers hold as many.
    let ids = symbols.base
    let merge = merges.base
    for index in 0..<count &- 1 { merge[index] = pairs[ids[index], ids[index &+ 1]] }
    while count > 1 {
      var best = PairTable.none
      var place = 0
      for index in 0..<count &- 1 where merge[index] >> 32 < best >> 32 {
        best = merge[index]
        place = index
      }
      guard best != PairTable.none else { break }
      ids[place] = UInt32(truncatingIfNeeded: best)
      count &-= 1
      var index = place &+ 1
      while index < count {
        ids[index] = ids[index &+ 1]
        merge[index &- 1] = merge[index]
        index &+= 1
      }
      if place < count &- 1 { merge[place] = pairs[ids[place], ids[place &+ 1]] }
      if place > 0 { merge[place &- 1] = pairs[ids[place &- 1], ids[place]] }
    }
    symbols.count = count
  }
}
