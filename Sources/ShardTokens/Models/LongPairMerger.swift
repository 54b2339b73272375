import ShardModel

/// Byte-pair encoding of a long word, in place: 12 bytes for each symbol, and as many again only where ranks are in an
/// order that no training gives. Scratch memory for one thread.
///
/// The symbols' own memory holds the links. A symbol made of several stands at the first one's place; the place behind
/// that, and the last one, say how many places it takes.
struct LongPairMerger {
  /// Scratch for longer words is given back.
  private static let keptLength = 1 << 16
  private static let end = UInt32.max
  /// Set in a place that is inside a symbol; ids are less.
  private static let inside: UInt32 = 1 << 31

  private struct Waiting {
    var position: UInt32
    var following: UInt32
  }

  private var pairs = PairLookup.empty
  /// Of the word in hand; the memory is the caller's.
  private var ids = Buffer<UInt32>()
  private var count: Int { ids.count }
  /// The first that waits for each rank, in lists through `waiting`.
  private var heads = Buffer<UInt32>()
  private var waiting = Buffer<Waiting>()
  /// The first unused entry of `waiting`.
  private var unused = end
  /// The ranks that something waits for: a binary heap, the least first.
  private var ranks = Buffer<UInt32>()
  private var batch = Buffer<UInt32>()
  /// Ranks and positions: a binary heap, the least first, in place of the lists where `usesQueue`.
  private var queue = Buffer<UInt64>()
  private var usesQueue = false

  mutating func deallocate() {
    heads.deallocate()
    waiting.deallocate()
    ranks.deallocate()
    batch.deallocate()
    queue.deallocate()
  }

  /// Takes all pairs of the least rank at once, from left to right. A merge makes pairs of other symbols, so none of its
  /// own rank; where it makes one of a lower rank, the others wait for that. In vocabularies that were learnt this is
  /// rare; in others, it would be the square of the length, so then each pair waits by itself in a queue.
  /// - Complexity: O(n log r) for r distinct ranks, O(n log n) whatever the ranks are.
  mutating func merge(_ symbols: inout Buffer<UInt32>, by pairs: PairLookup) {
    prepare(symbols, pairs)
    var patience = count * 4
    while let rank = popRank() {
      var at = heads.base[Int(rank)]
      heads.base[Int(rank)] = Self.end
      let length = order(&at)
      var taken = 0
      while at != Self.end {
        let entry = waiting.base[Int(at)]
        release(at)
        at = entry.following
        taken += 1
        let merge = self.merge(at: entry.position)
        if merge != PairTable.none, merge >> 32 == UInt64(rank), apply(merge, at: entry.position) { break }
      }
      guard at != Self.end else { continue }
      // The least rank is another now. What waits for this one later stands before these; `order` puts it in its place.
      putBack(at, Int(rank))
      patience -= length - taken
      if patience < 0 {
        mergeQueued()
        break
      }
    }
    var kept = 0
    var index = 0
    while index < count {
      let next = self.next(index)
      ids[kept] = ids[index]
      kept += 1
      index = next
    }
    symbols.count = kept
    let isLong = count > Self.keptLength
    ids = Buffer()
    if isLong { deallocate() }
  }

  private mutating func prepare(_ symbols: Buffer<UInt32>, _ pairs: PairLookup) {
    self.pairs = pairs
    ids = symbols
    ranks.removeAll()
    waiting.removeAll()
    // A merge takes its own entry, mostly that of the next place too, and makes two.
    waiting.reserve(count + 16)
    unused = Self.end
    if heads.count < pairs.rankCount {
      heads.reserve(pairs.rankCount - heads.count)
      while heads.count < pairs.rankCount { heads.append(Self.end) }
    }
    for index in (0..<max(0, count - 1)).reversed() {
      wait(at: UInt32(index), for: pairs[ids[index], ids[index + 1]])
    }
  }

  // MARK: Links

  /// Where the symbol behind the one at a place begins; `count` behind the last.
  @inline(__always)
  private func next(_ index: Int) -> Int {
    // Safe: places are less than `count`, and so is what is inside a symbol.
    guard index &+ 1 < count, ids[index &+ 1] & Self.inside != 0 else { return index &+ 1 }
    return index &+ Int(ids[index &+ 1] ^ Self.inside)
  }

  /// - Precondition: the place is not the first.
  @inline(__always)
  private func previous(_ index: Int) -> Int {
    let before = ids[index &- 1]
    return before & Self.inside != 0 ? index &- Int(before ^ Self.inside) : index &- 1
  }

  /// What the symbol at a place and the next merge into; `none` where the place is inside a symbol by now.
  @inline(__always)
  private func merge(at position: UInt32) -> UInt64 {
    let index = Int(position)
    guard ids[index] & Self.inside == 0 else { return PairTable.none }
    let next = self.next(index)
    return next < count ? pairs[ids[index], ids[next]] : PairTable.none
  }

  /// Merges the pair at a position; whether a pair of a lower rank came of it.
  private mutating func apply(_ merge: UInt64, at position: UInt32) -> Bool {
    let left = Int(position)
    let right = self.next(left)
    let next = self.next(right)
    let length = Self.inside | UInt32(truncatingIfNeeded: next &- left)
    // Safe: a pair that merges has a second symbol, so both places exist.
    ids[left] = UInt32(truncatingIfNeeded: merge)
    ids[right] = Self.inside
    ids[left &+ 1] = length
    ids[next &- 1] = length
    var least = PairTable.none
    if left > 0 {
      let previous = self.previous(left)
      let before = pairs[ids[previous], ids[left]]
      wait(at: UInt32(truncatingIfNeeded: previous), for: before)
      least = before
    }
    if next < count {
      let behind = pairs[ids[left], ids[next]]
      wait(at: position, for: behind)
      least = min(least, behind)
    }
    return least >> 32 < merge >> 32
  }

  // MARK: Lists

  private mutating func wait(at position: UInt32, for merge: UInt64) {
    guard merge != PairTable.none else { return }
    if usesQueue { return pushQueue((merge >> 32) << 32 | UInt64(position)) }
    let rank = Int(merge >> 32)
    if heads.base[rank] == Self.end { pushRank(UInt32(rank)) }
    let entry = Waiting(position: position, following: heads.base[rank])
    if unused == Self.end {
      waiting.append(entry)
      heads.base[rank] = UInt32(waiting.count - 1)
    } else {
      let place = unused
      unused = waiting.base[Int(place)].following
      waiting.base[Int(place)] = entry
      heads.base[rank] = place
    }
  }

  private mutating func release(_ at: UInt32) {
    waiting.base[Int(at)].following = unused
    unused = at
  }

  /// Puts the rest of a rank's list behind what has come to wait for it meanwhile.
  private mutating func putBack(_ rest: UInt32, _ rank: Int) {
    guard heads.base[rank] != Self.end else {
      heads.base[rank] = rest
      return pushRank(UInt32(rank))
    }
    var at = heads.base[rank]
    while waiting.base[Int(at)].following != Self.end { at = waiting.base[Int(at)].following }
    waiting.base[Int(at)].following = rest
  }

  /// Puts a list in order from left to right; returns its length.
  private mutating func order(_ head: inout UInt32) -> Int {
    var (isAscending, isDescending) = (true, true)
    var length = 0
    var last: UInt32?
    var at = head
    while at != Self.end {
      let entry = waiting.base[Int(at)]
      if let last {
        if last > entry.position { isAscending = false }
        if last < entry.position { isDescending = false }
      }
      last = entry.position
      length += 1
      at = entry.following
    }
    if isAscending { return length }
    if isDescending { reverse(&head) } else { sort(head) }
    return length
  }

  private mutating func reverse(_ head: inout UInt32) {
    var reversed = Self.end
    var at = head
    while at != Self.end {
      let following = waiting.base[Int(at)].following
      waiting.base[Int(at)].following = reversed
      reversed = at
      at = following
    }
    head = reversed
  }

  private mutating func sort(_ head: UInt32) {
    batch.removeAll()
    var at = head
    while at != Self.end {
      batch.append(waiting.base[Int(at)].position)
      at = waiting.base[Int(at)].following
    }
    var view = UnsafeMutableBufferPointer(start: batch.base, count: batch.count)
    // What waited last stands first, and most of it waited in its order.
    view.reverse()
    view.sort()
    at = head
    for position in view {
      waiting.base[Int(at)].position = position
      at = waiting.base[Int(at)].following
    }
  }

  private mutating func pushRank(_ rank: UInt32) { Heap.push(rank, &ranks) }

  private mutating func popRank() -> UInt32? { Heap.pop(&ranks) }

  // MARK: Queue

  /// The rest of `merge`, one pair at a time: O(n log n) whatever the ranks are.
  private mutating func mergeQueued() {
    for index in 0..<ranks.count { heads.base[Int(ranks.base[index])] = Self.end }
    ranks.removeAll()
    waiting.deallocate()
    usesQueue = true
    queue.removeAll()
    var index = 0
    while index < count {
      wait(at: UInt32(index), for: merge(at: UInt32(index)))
      index = next(index)
    }
    while let least = Heap.pop(&queue) {
      let position = UInt32(truncatingIfNeeded: least)
      let merge = self.merge(at: position)
      if merge != PairTable.none, merge >> 32 == least >> 32 { _ = apply(merge, at: position) }
    }
    usesQueue = false
  }

  private mutating func pushQueue(_ value: UInt64) { Heap.push(value, &queue) }
}

/// A binary heap, the least first.
private enum Heap {
  @inline(__always)
  static func push<Value: Comparable & BitwiseCopyable>(_ value: Value, _ heap: inout Buffer<Value>) {
    heap.append(value)
    var child = heap.count - 1
    while child > 0, heap.base[(child - 1) / 2] > value {
      heap.base[child] = heap.base[(child - 1) / 2]
      child = (child - 1) / 2
    }
    heap.base[child] = value
  }

  @inline(__always)
  static func pop<Value: Comparable & BitwiseCopyable>(_ heap: inout Buffer<Value>) -> Value? {
    guard heap.count > 0 else { return nil }
    let least = heap.base[0]
    heap.count -= 1
    let last = heap.base[heap.count]
    var parent = 0
    while parent * 2 + 1 < heap.count {
      var child = parent * 2 + 1
      if child + 1 < heap.count, heap.base[child + 1] < heap.base[child] { child += 1 }
      guard heap.base[child] < last else { break }
      heap.base[parent] = heap.base[child]
      parent = child
    }
    heap.base[parent] = last
    return least
  }
}
