import ShardModel

/// Merges the symbols of a word pair by pair, the lowest rank first and of equal ranks the leftmost, until none is left:
/// byte-pair encoding (Sennrich, Haddow and Birch 2016, section 3.2). Scratch memory for one thread.
struct PairMerger {
  /// Up to here the least rank is found by looking at all; beyond, a queue by rank costs less.
  static let shortLength = 48
  /// Scratch for longer words is given back.
  private static let keptLength = 1 << 16

  private var merges = Buffer<UInt64>()

  private struct Link {
    var previous: UInt32
    var next: UInt32
  }

  private struct Waiting {
    var position: UInt32
    var following: UInt32
  }

  private static let end = UInt32.max

  private var links = Buffer<Link>()
  /// Positions that wait for each rank, as lists through `waiting`.
  private var heads = Buffer<UInt32>()
  private var waiting = Buffer<Waiting>()
  /// The ranks that something waits for: a binary heap, the least first.
  private var ranks = Buffer<UInt32>()
  private var batch = Buffer<UInt32>()
  /// Ranks and positions: a binary heap, the least first, in place of the lists where `usesQueue`.
  private var queue = Buffer<UInt64>()
  private var usesQueue = false

  mutating func deallocate() {
    merges.deallocate()
    links.deallocate()
    heads.deallocate()
    waiting.deallocate()
    ranks.deallocate()
    batch.deallocate()
    queue.deallocate()
  }

  /// - Complexity: O(n²) in symbols up to `shortLength`; beyond, O(n log r) for r distinct ranks.
  @inline(__always)
  mutating func merge(_ symbols: inout Buffer<UInt32>, by table: PairTable) {
    if symbols.count <= Self.shortLength { mergeShort(&symbols, table) } else { mergeLong(&symbols, table) }
  }

  private mutating func mergeShort(_ symbols: inout Buffer<UInt32>, _ table: PairTable) {
    var count = symbols.count
    guard count > 1 else { return }
    merges.removeAll()
    merges.reserve(count)
    // Safe: every index below is less than `count`, and both buffers hold as many.
    let ids = symbols.base
    let merge = merges.base
    for index in 0..<count &- 1 { merge[index] = table[ids[index], ids[index &+ 1]] }
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
      if place < count &- 1 { merge[place] = table[ids[place], ids[place &+ 1]] }
      if place > 0 { merge[place &- 1] = table[ids[place &- 1], ids[place]] }
    }
    symbols.count = count
  }

  /// Takes all pairs of the least rank at once, from left to right. A merge makes pairs of other symbols, so none of its
  /// own rank; where it makes one of a lower rank, the others wait for that. In vocabularies that were learnt this is
  /// rare; in others, it would be the square of the length, so then each pair waits by itself in a queue.
  private mutating func mergeLong(_ symbols: inout Buffer<UInt32>, _ table: PairTable) {
    let count = symbols.count
    prepare(count, table)
    let ids = symbols.base
    for index in (0..<count).reversed() {
      links.base[index] = Link(
        previous: index == 0 ? Self.end : UInt32(index - 1),
        next: index + 1 == count ? Self.end : UInt32(index + 1))
      merges.base[index] = index + 1 == count ? PairTable.none : table[ids[index], ids[index + 1]]
      wait(at: UInt32(index), for: merges.base[index])
    }
    var patience = count * 4
    while let rank = popRank() {
      gather(rank)
      var taken = 0
      while taken < batch.count {
        let position = batch.base[taken]
        taken += 1
        let merge = merges.base[Int(position)]
        guard merge >> 32 == UInt64(rank) else { continue }
        if apply(merge, at: position, ids, table) { break }
      }
      // The least rank is another now.
      patience -= batch.count - taken
      if patience < 0 {
        mergeQueued(count, ids, table)
        break
      }
      while taken < batch.count {
        batch.count -= 1
        wait(at: batch.base[batch.count], for: UInt64(rank) << 32)
      }
    }
    var kept = 0
    var index: UInt32 = 0
    while index != Self.end {
      let next = links.base[Int(index)].next
      ids[kept] = ids[Int(index)]
      kept += 1
      index = next
    }
    symbols.count = kept
    if count > Self.keptLength { deallocate() }
  }

  /// The rest of `mergeLong`, one pair at a time: O(n log n) whatever the ranks are.
  private mutating func mergeQueued(_ count: Int, _ ids: UnsafeMutablePointer<UInt32>, _ table: PairTable) {
    for index in 0..<ranks.count { heads.base[Int(ranks.base[index])] = Self.end }
    ranks.removeAll()
    usesQueue = true
    queue.removeAll()
    for index in 0..<count { wait(at: UInt32(index), for: merges.base[index]) }
    while let least = popQueue() {
      let position = UInt32(truncatingIfNeeded: least)
      let merge = merges.base[Int(position)]
      if merge != PairTable.none, merge >> 32 == least >> 32 { _ = apply(merge, at: position, ids, table) }
    }
    usesQueue = false
  }

  private mutating func pushQueue(_ value: UInt64) {
    queue.append(value)
    var child = queue.count - 1
    while child > 0, queue.base[(child - 1) / 2] > value {
      queue.base[child] = queue.base[(child - 1) / 2]
      child = (child - 1) / 2
    }
    queue.base[child] = value
  }

  private mutating func popQueue() -> UInt64? {
    guard queue.count > 0 else { return nil }
    let least = queue.base[0]
    queue.count -= 1
    let last = queue.base[queue.count]
    var parent = 0
    while parent * 2 + 1 < queue.count {
      var child = parent * 2 + 1
      if child + 1 < queue.count, queue.base[child + 1] < queue.base[child] { child += 1 }
      guard queue.base[child] < last else { break }
      queue.base[parent] = queue.base[child]
      parent = child
    }
    queue.base[parent] = last
    return least
  }

  private mutating func prepare(_ count: Int, _ table: PairTable) {
    merges.removeAll()
    merges.reserve(count)
    links.removeAll()
    links.reserve(count)
    waiting.removeAll()
    ranks.removeAll()
    if heads.count < table.rankCount {
      heads.reserve(table.rankCount - heads.count)
      while heads.count < table.rankCount { heads.append(Self.end) }
    }
  }

  /// Merges the pair at a position; whether a pair of a lower rank came of it.
  private mutating func apply(
    _ merge: UInt64, at position: UInt32, _ ids: UnsafeMutablePointer<UInt32>, _ table: PairTable
  ) -> Bool {
    let left = Int(position)
    // Safe: a position whose pair has a rank has a next, and links stay within the word.
    let right = Int(links.base[left].next)
    let next = links.base[right].next
    ids[left] = UInt32(truncatingIfNeeded: merge)
    links.base[left].next = next
    merges.base[right] = PairTable.none
    var least = PairTable.none
    if next != Self.end { links.base[Int(next)].previous = position }
    merges.base[left] = next == Self.end ? PairTable.none : table[ids[left], ids[Int(next)]]
    least = merges.base[left]
    wait(at: position, for: merges.base[left])
    let previous = links.base[left].previous
    if previous != Self.end {
      merges.base[Int(previous)] = table[ids[Int(previous)], ids[left]]
      wait(at: previous, for: merges.base[Int(previous)])
      least = min(least, merges.base[Int(previous)])
    }
    return least >> 32 < merge >> 32
  }

  private mutating func wait(at position: UInt32, for merge: UInt64) {
    guard merge != PairTable.none else { return }
    if usesQueue { return pushQueue((merge >> 32) << 32 | UInt64(position)) }
    let rank = Int(merge >> 32)
    if heads.base[rank] == Self.end { pushRank(UInt32(rank)) }
    waiting.append(Waiting(position: position, following: heads.base[rank]))
    heads.base[rank] = UInt32(waiting.count - 1)
  }

  /// The positions that wait for a rank, from left to right.
  private mutating func gather(_ rank: UInt32) {
    batch.removeAll()
    var at = heads.base[Int(rank)]
    heads.base[Int(rank)] = Self.end
    var isSorted = true
    while at != Self.end {
      let entry = waiting.base[Int(at)]
      if batch.count > 0, batch.base[batch.count - 1] > entry.position { isSorted = false }
      batch.append(entry.position)
      at = entry.following
    }
    if isSorted { return }
    var view = UnsafeMutableBufferPointer(start: batch.base, count: batch.count)
    view.reverse()
    for index in 1..<view.count where view[index - 1] > view[index] {
      view.sort()
      return
    }
  }

  private mutating func pushRank(_ rank: UInt32) {
    ranks.append(rank)
    var child = ranks.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard ranks.base[parent] > rank else { break }
      ranks.base[child] = ranks.base[parent]
      child = parent
    }
    ranks.base[child] = rank
  }

  private mutating func popRank() -> UInt32? {
    guard ranks.count > 0 else { return nil }
    let least = ranks.base[0]
    ranks.count -= 1
    let last = ranks.base[ranks.count]
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < ranks.count else { break }
      if child + 1 < ranks.count, ranks.base[child + 1] < ranks.base[child] { child += 1 }
      guard ranks.base[child] < last else { break }
      ranks.base[parent] = ranks.base[child]
      parent = child
    }
    ranks.base[parent] = last
    return least
  }
}
