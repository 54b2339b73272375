/// A set of up to 256 well-mixed 64-bit hashes, by open addressing with the low bits as first slot.
///
/// Slots are at most a quarter full, so that nearly every search looks at one slot and the processor guesses right.
/// Memory: 8 bytes a slot, four to eight slots a hash, at most 8 KiB.
struct HashSet: Sendable {
  /// A power of two of slots; 0 is a free slot.
  private var slots: [UInt64] = []
  private var hasZero = false
  private(set) var count = 0

  private static let firstCapacity = 32
  private static let slotsPerHash = 4

  /// Adds hashes until one would exceed the limit, and returns how many were taken.
  ///
  /// - Complexity: O(hashes), about 1 ns for one that is known.
  mutating func insert(_ hashes: UnsafeBufferPointer<UInt64>) -> Int {
    var position = 0
    while position < hashes.count {
      let room = min(slots.count / Self.slotsPerHash, DistinctSketch.exactLimit) - count
      position += insert(UnsafeBufferPointer(rebasing: hashes[position...]), room: room)
      guard position < hashes.count else { break }
      guard count < DistinctSketch.exactLimit else { return position }
      grow()
    }
    return position
  }

  /// Adds hashes until one is new and there is no room, and returns how many were taken.
  private mutating func insert(_ hashes: UnsafeBufferPointer<UInt64>, room: Int) -> Int {
    guard !slots.isEmpty else { return 0 }
    var added = 0
    var addedZero = false
    let (hasZero, mask) = (hasZero, slots.count - 1)
    let taken = slots.withUnsafeMutableBufferPointer { slots in
      for position in 0..<hashes.count {
        let hash = hashes[position]
        if hash == 0 {
          if hasZero || addedZero { continue }
          guard added < room else { return position }
          addedZero = true
          added &+= 1
          continue
        }
        // Safe: masked with the slot count; three quarters of the slots are free, so the search ends.
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != hash {
          if slots[slot] == 0 {
            guard added < room else { return position }
            slots[slot] = hash
            added &+= 1
            break
          }
          slot = (slot &+ 1) & mask
        }
      }
      return hashes.count
    }
    count += added
    self.hasZero = hasZero || addedZero
    return taken
  }

  private mutating func grow() {
    let members = slots.filter { $0 != 0 }
    slots = Array(repeating: 0, count: max(Self.firstCapacity, 2 * slots.count))
    let mask = slots.count - 1
    for hash in members {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = hash
    }
  }

  /// The hashes in ascending order.
  ///
  /// - Complexity: O(n log n).
  func sorted() -> [UInt64] { members.sorted() }

  /// The hashes in an order that depends on their additions.
  var members: [UInt64] { slots.filter { $0 != 0 } + (hasZero ? [0] : []) }
}

extension HashSet: Equatable {
  /// Slots depend on the order of additions; the members do not.
  static func == (left: HashSet, right: HashSet) -> Bool {
    left.count == right.count
      && (left.slots == right.slots && left.hasZero == right.hasZero || left.sorted() == right.sorted())
  }
}
