import ShardModel

/// What two neighbouring symbols merge into, and how early: open addressing, at most half full.
///
/// It takes 32 to 64 bytes a pair. Immutable once built, and shared between threads.
final class PairTable: @unchecked Sendable {
  /// More are refused.
  static let maximumCount = 1 << 22
  /// What a pair has that never merges; larger than any merge.
  static let none = UInt64.max

  fileprivate struct Slot {
    var pair: UInt64
    /// The rank in the upper half, so that the smaller value merges first; what it merges into in the lower.
    var merge: UInt64
  }

  private var slots = Buffer<Slot>()
  /// Four bits a slot, one of them set for each pair by its hash: most pairs of a text never merge, and this fits a
  /// processor's cache where the table does not.
  private var filter = Buffer<UInt64>()
  private var shift: UInt64 = 0
  private var mask = 0
  private(set) var count = 0
  /// One more than the highest rank.
  private(set) var rankCount = 0

  init(capacity: Int) {
    rehash(to: capacity * 2)
  }

  deinit {
    slots.deallocate()
    filter.deallocate()
  }

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
    filter.deallocate()
    filter.reserve(slots.count / 16)
    filter.base.initialize(repeating: 0, count: slots.count / 16)
    filter.count = slots.count / 16
    for index in 0..<old.count where old.base[index].pair != .max {
      let hash = Self.hash(old.base[index].pair)
      slots.base[slot(of: old.base[index].pair, hash)] = old.base[index]
      mark(hash)
    }
    var freed = old
    freed.deallocate()
  }

  @inline(__always)
  fileprivate static func hash(_ pair: UInt64) -> UInt64 { (pair ^ pair >> 29) &* 0x9E37_79B9_7F4A_7C15 }

  private func mark(_ hash: UInt64) {
    let bit = hash >> (shift &- 2)
    filter.base[Int(truncatingIfNeeded: bit / 64)] |= 1 << (bit % 64)
  }

  @inline(__always)
  private func slot(of pair: UInt64, _ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash >> shift)
    // Safe: the slot is below the power of two that the table has, and an empty one ends each search.
    while slots.base[slot].pair != pair, slots.base[slot].pair != .max { slot = (slot &+ 1) & mask }
    return slot
  }

  /// Adds a merge; a pair that is given again takes its last meaning.
  func insert(_ left: UInt32, _ right: UInt32, rank: UInt32, into id: UInt32) {
    if (count + 1) * 2 > slots.count { rehash(to: slots.count * 2) }
    let pair = UInt64(left) << 32 | UInt64(right)
    let hash = Self.hash(pair)
    mark(hash)
    let slot = self.slot(of: pair, hash)
    if slots.base[slot].pair == .max { count += 1 }
    slots.base[slot] = Slot(pair: pair, merge: UInt64(rank) << 32 | UInt64(id))
    rankCount = max(rankCount, Int(rank) + 1)
  }

  /// The table as merging reads it; valid as long as the table, which must not grow any more.
  var lookup: PairLookup {
    PairLookup(slots: slots.base, filter: filter.base, shift: shift, mask: mask, rankCount: rankCount)
  }
}

/// What pairs merge into, without a look at the table's object: these look-ups are most of a tokenizer's work.
struct PairLookup: @unchecked Sendable {
  fileprivate let slots: UnsafeMutablePointer<PairTable.Slot>
  fileprivate let filter: UnsafeMutablePointer<UInt64>
  fileprivate let shift: UInt64
  fileprivate let mask: Int
  /// One more than the highest rank.
  let rankCount: Int

  private static let noPairs = PairTable(capacity: 0)
  /// Of a table without a pair.
  static let empty = noPairs.lookup

  /// The merge of two symbols: its rank in the upper half, what becomes of them in the lower.
  @inline(__always)
  subscript(left: UInt32, right: UInt32) -> UInt64 {
    let pair = UInt64(left) << 32 | UInt64(right)
    let hash = PairTable.hash(pair)
    let bit = hash >> (shift &- 2)
    // Safe: the filter has a bit for each value of so many upper bits of a hash.
    guard filter[Int(truncatingIfNeeded: bit / 64)] >> (bit % 64) & 1 != 0 else { return PairTable.none }
    var slot = Int(truncatingIfNeeded: hash >> shift)
    // Safe: the slot is below the power of two that the table has, and an empty one ends each search.
    while slots[slot].pair != pair, slots[slot].pair != .max { slot = (slot &+ 1) & mask }
    return slots[slot].merge
  }
}
