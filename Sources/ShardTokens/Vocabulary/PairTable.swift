import ShardModel

/// What two neighbouring symbols merge into, and how early: open addressing, at most half full.
///
/// It takes 32 to 64 bytes a pair. Immutable once built, and shared between threads.
final class PairTable: @unchecked Sendable {
  /// More are refused.
  static let maximumCount = 1 << 22
  /// What a pair has that never merges; larger than any merge.
  static let none = UInt64.max

  private struct Slot {
    var pair: UInt64
    /// The rank in the upper half, so that the smaller value merges first; what it merges into in the lower.
    var merge: UInt64
  }

  private var slots = Buffer<Slot>()
  private var shift: UInt64 = 0
  private var mask = 0
  private(set) var count = 0
  /// One more than the highest rank.
  private(set) var rankCount = 0

  init(capacity: Int) {
    rehash(to: capacity * 2)
  }

  deinit { slots.deallocate() }

  private func rehash(to wanted: Int) {
    var bits: UInt64 = 4
    while 1 << bits < wanted { bits += 1 }
    let old = slots
    slots = Buffer()
    slots.reserve(1 << Int(bits))
    slots.base.initialize(repeating: Slot(pair: .max, merge: Self.none), count: 1 << Int(bits))
    slots.count = 1 << Int(bits)
    shift = 64 - bits
    mask = slots.count - 1
    for index in 0..<old.count where old.base[index].pair != .max {
      slots.base[slot(of: old.base[index].pair)] = old.base[index]
    }
    var freed = old
    freed.deallocate()
  }

  @inline(__always)
  private func slot(of pair: UInt64) -> Int {
    let mixed = (pair ^ pair >> 29) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: mixed >> shift)
    // Safe: the slot is below the power of two that the table has, and an empty one ends each search.
    while slots.base[slot].pair != pair, slots.base[slot].pair != .max { slot = (slot &+ 1) & mask }
    return slot
  }

  /// Adds a merge; a pair that is given again takes its last meaning.
  func insert(_ left: UInt32, _ right: UInt32, rank: UInt32, into id: UInt32) {
    if (count + 1) * 2 > slots.count { rehash(to: slots.count * 2) }
    let pair = UInt64(left) << 32 | UInt64(right)
    let slot = self.slot(of: pair)
    if slots.base[slot].pair == .max { count += 1 }
    slots.base[slot] = Slot(pair: pair, merge: UInt64(rank) << 32 | UInt64(id))
    rankCount = max(rankCount, Int(rank) + 1)
  }

  /// The merge of two symbols: its rank in the upper half, what becomes of them in the lower.
  @inline(__always)
  subscript(left: UInt32, right: UInt32) -> UInt64 {
    slots.base[slot(of: UInt64(left) << 32 | UInt64(right))].merge
  }
}
