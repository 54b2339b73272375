import CXXHash

/// The tokens of words met lately: a fixed table in which a word takes the place of the last that had it.
///
/// What is found equals what would be computed, so it changes no result. `slotCount` cache lines, 2 MiB.
struct WordCache {
  /// Longer words come back too rarely to be worth keeping.
  static let longestWord = 32
  static let mostTokens = 7
  private static let slotCount = 1 << 15

  /// 64 bytes: the word, padded with zeros, and its tokens.
  struct Slot {
    var word: SIMD4<UInt64>
    var length: UInt16
    var count: UInt16
    var ids: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)
  }

  private let slots: UnsafeMutablePointer<Slot>

  init() {
    slots = .allocate(capacity: Self.slotCount)
    // A length of 0 is no word's.
    slots.initialize(
      repeating: Slot(word: .zero, length: 0, count: 0, ids: (0, 0, 0, 0, 0, 0, 0)), count: Self.slotCount)
  }

  func deallocate() { slots.deallocate() }

  /// A word as the table compares it.
  struct Key {
    var word: SIMD4<UInt64>
    /// With a bit above it for a part of a word.
    var length: UInt16
    fileprivate var slot: Int
  }

  /// - Parameter isPart: whether it is a part of a word, which may have other tokens than the word.
  /// - Precondition: 1 to `longestWord` bytes, of which `readable` may be read from the start on.
  @inline(__always)
  static func key(_ word: UnsafePointer<UInt8>, _ length: Int, readable: Int, isPart: Bool = false) -> Key {
    let raw = UnsafeRawPointer(word)
    var padded = SIMD4<UInt64>.zero
    if readable >= 32 {
      // Safe: 32 bytes may be read; those beyond the word are masked off.
      padded = raw.loadUnaligned(as: SIMD4<UInt64>.self)
      let bits = SIMD4<Int64>(repeating: Int64(length) &* 8) &- SIMD4<Int64>(0, 64, 128, 192)
      for lane in 0..<4 {
        let kept = bits[lane]
        padded[lane] &= kept >= 64 ? .max : kept <= 0 ? 0 : (1 << UInt64(kept)) &- 1
      }
    } else {
      withUnsafeMutableBytes(of: &padded) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: length))
      }
    }
    // Multiplication mixes upwards only, so the upper half is folded back.
    var hash = padded[0] ^ UInt64(length)
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 29 ^ padded[1]) &* 0xBF58_476D_1CE4_E5B9
    if length > 16 {
      hash = (hash ^ hash >> 32 ^ padded[2]) &* 0x94D0_49BB_1331_11EB
      hash = (hash ^ hash >> 29 ^ padded[3]) &* 0x9E37_79B9_7F4A_7C15
    }
    let slot = Int(truncatingIfNeeded: (hash ^ hash >> 32) & UInt64(slotCount &- 1))
    return Key(word: padded, length: UInt16(truncatingIfNeeded: length) | (isPart ? 1 << 8 : 0), slot: slot)
  }

  @inline(__always)
  func find(_ key: Key) -> UnsafeMutablePointer<Slot>? {
    // Safe: the slot is masked to the table's size.
    let slot = slots + key.slot
    return slot.pointee.length == key.length && slot.pointee.word == key.word ? slot : nil
  }

  @inline(__always)
  func store(_ key: Key, _ ids: UnsafeBufferPointer<UInt32>) {
    guard ids.count <= Self.mostTokens else { return }
    let slot = slots + key.slot
    slot.pointee.word = key.word
    slot.pointee.length = key.length
    slot.pointee.count = UInt16(truncatingIfNeeded: ids.count)
    withUnsafeMutableBytes(of: &slot.pointee.ids) { $0.copyMemory(from: UnsafeRawBufferPointer(ids)) }
  }
}
