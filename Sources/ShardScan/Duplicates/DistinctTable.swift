/// Hashes with the address at which each was seen first, by open addressing. It does not grow: what is new when it is
/// full is left to a later round.
///
/// Slots are at most three quarters full. Memory: 24 bytes a slot.
final class DistinctTable {
  private struct Slot: BitwiseCopyable {
    var low: UInt64
    var high: UInt64
    var address: UInt64
  }

  enum Outcome {
    case isNew
    case wasSeen(at: UInt64)
    case isFull
  }

  private let slots: UnsafeMutableBufferPointer<Slot>
  private var mask = 0
  // Changed once a hash, by one thread.
  @exclusivity(unchecked) private var room = 0

  /// A table for up to `count` different hashes, or for as many as fit into the limit.
  init(for count: Int, limit: Int) {
    slots = .allocate(capacity: Self.size(for: count, limit: limit))
    slots.initialize(repeating: Slot(low: 0, high: 0, address: 0))
    reset(for: count)
  }

  private static func size(for count: Int, limit: Int) -> Int {
    var size = 16
    while size < count + count / 2, 2 * size * MemoryLayout<Slot>.stride <= limit { size *= 2 }
    return size
  }

  /// Forgets all hashes, before up to `count` different ones.
  /// - Complexity: O(count).
  func reset(for count: Int) {
    let size = Self.size(for: count, limit: slots.count * MemoryLayout<Slot>.stride)
    slots.baseAddress?.update(repeating: Slot(low: 0, high: 0, address: 0), count: size)
    mask = size - 1
    room = size / 4 * 3
  }

  deinit { slots.deallocate() }

  /// Looks for a hash and adds it if it is new. The hash is not 0 in both halves: that is a free slot.
  /// - Complexity: O(1) expected.
  @inline(__always)
  func insert(low: UInt64, high: UInt64, address: UInt64) -> Outcome {
    // Safe: masked with the slot count; a quarter of the slots is free, so the search ends.
    var index = Int(truncatingIfNeeded: low) & mask
    while true {
      let slot = slots[index]
      if slot.low == low, slot.high == high { return .wasSeen(at: slot.address) }
      if slot.low == 0, slot.high == 0 {
        guard room > 0 else { return .isFull }
        room &-= 1
        slots[index] = Slot(low: low, high: high, address: address)
        return .isNew
      }
      index = (index &+ 1) & mask
    }
  }
}
