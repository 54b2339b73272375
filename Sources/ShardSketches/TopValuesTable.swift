/// The most frequent values of one chunk, from their hashes: Misra and Gries 1982 with 64 counters.
///
/// A counter may be too low by the `error` that `finish` returns, at most 1/65 of the values, and is never too high;
/// a value without a counter was seen at most `error` times. With up to 64 different values all counts are exact.
/// The result depends on the sequence of hashes only, not on how it is cut into calls. Memory: 2 KiB, reused from
/// chunk to chunk. Not for more than one thread.
package final class TopValuesTable {
  /// A value that has a counter.
  package struct Entry: Sendable, Equatable {
    package var hash: UInt64
    package var count: UInt64
    /// Where the value was met first since it has its counter.
    package var index: UInt32

    package init(hash: UInt64, count: UInt64, index: UInt32) {
      self.hash = hash
      self.count = count
      self.index = index
    }
  }

  /// Counters kept.
  package static let capacity = 64

  /// Eight slots a counter, so that most searches look at one slot.
  private static let slotCount = 512
  private static let free = UInt8.max

  private let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
  private let slots = UnsafeMutablePointer<UInt8>.allocate(capacity: slotCount)
  private var used = 0
  private var error: UInt64 = 0

  package init() { clearSlots() }

  deinit {
    entries.deallocate()
    slots.deallocate()
  }

  /// Adds hashes of values; that at position i has the index `base + i`.
  ///
  /// - Complexity: O(hashes), 1 to 4 ns each: all counters are lowered at most once in 65 hashes. Merging runs of equal
  ///   hashes first was slower on everything but long runs.
  package func add(hashes: UnsafeBufferPointer<UInt64>, base: UInt32 = 0) {
    let (entries, slots) = (entries, slots)
    let mask = Self.slotCount - 1
    for position in 0..<hashes.count {
      let hash = hashes[position]
      var slot = Int(truncatingIfNeeded: hash) & mask
      // Safe: slots are masked; those that are not free hold places of used entries; at most 64 of 512 are not free.
      var place = slots[slot]
      while place != Self.free, entries[Int(place)].hash != hash {
        slot = (slot &+ 1) & mask
        place = slots[slot]
      }
      if place != Self.free {
        entries[Int(place)].count &+= 1
      } else if used < Self.capacity {
        slots[slot] = UInt8(truncatingIfNeeded: used)
        let index = base &+ UInt32(truncatingIfNeeded: position)
        (entries + used).initialize(to: Entry(hash: hash, count: 1, index: index))
        used &+= 1
      } else {
        lowerAll()
      }
    }
  }

  /// The counters by falling count, then by hash, and how much each may be too low.
  package func finish() -> (entries: [Entry], error: UInt64) {
    let found = UnsafeBufferPointer(start: entries, count: used).sorted {
      ($1.count, $0.hash) < ($0.count, $1.hash)
    }
    return (found, error)
  }

  /// Forgets all values.
  package func reset() {
    used = 0
    error = 0
    clearSlots()
  }

  /// Takes one from each counter, which the value at hand stands for, and frees those that reach zero.
  private func lowerAll() {
    error &+= 1
    var kept = 0
    for place in 0..<used {
      var entry = entries[place]
      entry.count &-= 1
      entries[kept] = entry
      kept &+= entry.count > 0 ? 1 : 0
    }
    guard kept < used else { return }
    used = kept
    clearSlots()
    for place in 0..<used {
      var slot = Int(truncatingIfNeeded: entries[place].hash) & (Self.slotCount - 1)
      while slots[slot] != Self.free { slot = (slot &+ 1) & (Self.slotCount - 1) }
      slots[slot] = UInt8(truncatingIfNeeded: place)
    }
  }

  private func clearSlots() { slots.update(repeating: Self.free, count: Self.slotCount) }
}
