/// A set of up to 256 well-mixed 64-bit hashes, by open addressing with the low bits as first slot.
///
/// Memory: 8 bytes a slot, two to four slots a hash.
struct HashSet: Sendable {
  /// A power of two of slots; 0 is a free slot.
  private var slots: [UInt64] = []
  private var hasZero = false
  private(set) var count = 0

  private static let firstCapacity = 16

  /// Adds hashes until one would exceed the limit, and returns how many were taken.
  ///
  /// - Complexity: O(hashes).
  mutating func insert(_ hashes: UnsafeBufferPointer<UInt64>) -> Int {
    var position = 0
    while position < hashes.count {
      position += skipKnown(UnsafeBufferPointer(rebasing: hashes[position...]))
      guard position < hashes.count else { break }
      guard count < DistinctSketch.exactLimit else { return position }
      insertNew(hashes[position])
      position += 1
    }
    return position
  }

  /// The hashes in ascending order.
  ///
  /// - Complexity: O(n log n).
  func sorted() -> [UInt64] {
    var members = slots.filter { $0 != 0 }
    if hasZero { members.append(0) }
    members.sort()
    return members
  }

  /// How many hashes at the beginning are in the set.
  private func skipKnown(_ hashes: UnsafeBufferPointer<UInt64>) -> Int {
    guard !slots.isEmpty else { return 0 }
    return slots.withUnsafeBufferPointer { slots in
      let mask = UInt64(slots.count - 1)
      var previous: UInt64 = 0
      var previousKnown = hasZero
      for position in 0..<hashes.count {
        let hash = hashes[position]
        if hash == previous, previousKnown { continue }
        guard hash != 0 else { return position }
        // Safe: masked with the slot count; a slot is always free, so the search ends.
        var slot = Int(truncatingIfNeeded: hash & mask)
        while slots[slot] != hash {
          if slots[slot] == 0 { return position }
          slot = (slot &+ 1) & Int(truncatingIfNeeded: mask)
        }
        (previous, previousKnown) = (hash, true)
      }
      return hashes.count
    }
  }

  private mutating func insertNew(_ hash: UInt64) {
    guard hash != 0 else {
      if !hasZero { count += 1 }
      hasZero = true
      return
    }
    if 2 * (count + 1) > slots.count { grow() }
    place(hash)
    count += 1
  }

  private mutating func grow() {
    let members = slots.filter { $0 != 0 }
    slots = Array(repeating: 0, count: max(Self.firstCapacity, 2 * slots.count))
    for hash in members { place(hash) }
  }

  private mutating func place(_ hash: UInt64) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = hash
  }
}

extension HashSet: Equatable {
  /// Slots depend on the order of additions; the members do not.
  static func == (left: HashSet, right: HashSet) -> Bool {
    left.count == right.count && left.sorted() == right.sorted()
  }
}
