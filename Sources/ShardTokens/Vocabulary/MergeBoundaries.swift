import ShardModel

/// Where a word may be cut so that its tokens are those of the parts: between two characters that no token has side by
/// side. No merge crosses such a place, so what is merged on one side of it changes nothing on the other.
///
/// Text of ideographs comes as long runs without a space, each of which is new; most of its characters stand together in
/// no token, and the parts come back again and again. It takes 136 KB, which the owner gives back. Immutable once built, and
/// shared between threads.
struct MergeBoundaries: @unchecked Sendable {
  /// Neighbouring parts of two characters, of 1 to 4 bytes each: a bit for the hash of both. A bit set by others merely
  /// leaves a place uncut.
  private let neighbours: Bits
  /// The bytes on both sides where a token begins or ends within a character.
  private let broken: Bits
  private static let bits: UInt64 = 20

  /// A set of numbers below a size that is known.
  private struct Bits {
    private let words: UnsafeMutablePointer<UInt64>

    init(_ count: Int) {
      words = .allocate(capacity: count / 64)
      words.initialize(repeating: 0, count: count / 64)
    }

    func deallocate() { words.deallocate() }

    // Safe: the callers' numbers are below the count, by the width of what they are made of.
    @inline(__always)
    subscript(number: Int) -> Bool { words[number / 64] >> UInt64(number % 64) & 1 != 0 }

    func insert(_ number: Int) { words[number / 64] |= 1 << UInt64(number % 64) }
  }

  /// - Parameter each: hands on every token that a merge may make, by its bytes; more do no harm.
  /// - Complexity: O(bytes of all tokens).
  init(_ each: ((UnsafeBufferPointer<UInt8>) -> Void) -> Void) {
    neighbours = Bits(1 << Int(Self.bits))
    broken = Bits(1 << 16)
    each(add)
  }

  func deallocate() {
    neighbours.deallocate()
    broken.deallocate()
  }

  private func add(_ token: UnsafeBufferPointer<UInt8>) {
    guard let base = token.baseAddress, token.count > 1 else { return }
    for at in 1..<token.count where token[at] & 0xC0 != 0x80 {
      var start = at - 1
      while start > 0, at - start < 4, token[start] & 0xC0 == 0x80 { start -= 1 }
      let wanted = at + UTF8Text.length(leading: token[at])
      let end = min(wanted, token.count)
      neighbours.insert(Self.bit(Self.packed(base + start, at - start), Self.packed(base + at, end - at)))
      let isWhole =
        end == wanted && token[start] & 0xC0 != 0x80
        && UTF8Text.length(leading: token[start]) == at - start
      if !isWhole { broken.insert(Self.pair(token[at - 1], token[at])) }
    }
  }

  @inline(__always)
  private static func pair(_ left: UInt8, _ right: UInt8) -> Int { Int(left) << 8 | Int(right) }

  @inline(__always)
  private static func packed(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<length { value = value << 8 | UInt32(bytes[index]) }
    return value
  }

  @inline(__always)
  private static func bit(_ left: UInt32, _ right: UInt32) -> Int {
    let pair = UInt64(left) << 32 | UInt64(right)
    return Int(truncatingIfNeeded: ((pair ^ pair >> 29) &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits))
  }

  /// The first place of a word behind `from` where it may be cut, or its end.
  /// - Precondition: well-formed UTF-8, of which `from` is an end of a character and not the end.
  /// - Complexity: O(bytes).
  @inline(__always)
  func next(in word: UnsafePointer<UInt8>, from: Int, count: Int) -> Int {
    // Safe: characters are whole, so every read stays in the word.
    var length = UTF8Text.length(leading: word[from])
    var left = Self.packed(word + from, length)
    var at = from &+ length
    while at < count {
      let before = length
      length = UTF8Text.length(leading: word[at])
      let right = Self.packed(word + at, length)
      if !neighbours[Self.bit(left, right)],
        !broken[Self.pair(word[at &- 1], word[at])] || !crosses(word + at, before, length)
      {
        return at
      }
      left = right
      at &+= length
    }
    return count
  }

  /// Whether a token may have an end of the character before a place next to a beginning of the one behind it.
  @inline(never)
  private func crosses(_ place: UnsafePointer<UInt8>, _ before: Int, _ behind: Int) -> Bool {
    for left in 1...before {
      for right in 1...behind
      where neighbours[Self.bit(Self.packed(place - left, left), Self.packed(place, right))] {
        return true
      }
    }
    return false
  }

  /// Whether it pays to look: words of letters mostly come back whole.
  /// - Precondition: as above.
  @inline(__always)
  static func mayCut(_ word: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    // The last character has three bytes and is from U+3000 on.
    count > WordCache.longestWord || (count > 9 && word[count &- 3] >= 0xE3)
  }
}
