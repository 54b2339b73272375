import ShardModel

/// The normalization that SentencePiece compiles into a model: a double-array trie (Aoe 1989) of what is replaced, and the
/// replacements, each ended by a zero.
///
/// Immutable, and shared between threads. Any bytes are borne: each step is checked.
final class PrecompiledMap: Sendable {
  static let maximumBytes = 1 << 24

  private let units: [UInt32]
  private let replacements: [UInt8]
  /// What stays as it is in a row of ASCII.
  private let keepsByte: [Bool]

  init(_ bytes: [UInt8], part: String) throws(TokenizerError) {
    guard bytes.count >= 4, bytes.count <= Self.maximumBytes else {
      throw TokenizerError(part: part, message: "not a compiled map")
    }
    func word(_ at: Int) -> UInt32 {
      UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3])
        << 24
    }
    let size = Int(word(0))
    guard size % 4 == 0, size <= bytes.count - 4 else {
      throw TokenizerError(part: part, message: "not a compiled map")
    }
    units = stride(from: 4, to: 4 + size, by: 4).map(word)
    replacements = Array(bytes[(4 + size)...])
    let units = units
    keepsByte = (0...255).map { Self.first(units, [UInt8($0)]) == nil }
  }

  /// The value of the shortest key that the text begins with. (The reference takes the first that its search yields.)
  private static func first(_ units: [UInt32], _ text: some Sequence<UInt8>) -> Int? {
    guard let root = units.first else { return nil }
    var place = Int((root >> 10) << ((root & 1 << 9) >> 6))
    for byte in text {
      guard byte != 0 else { return nil }
      place ^= Int(byte)
      guard place < units.count else { return nil }
      let unit = units[place]
      guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
      place ^= Int((unit >> 10) << ((unit & 1 << 9) >> 6))
      if unit >> 8 & 1 == 1 {
        guard place < units.count else { return nil }
        return Int(units[place] & (1 << 31 - 1))
      }
    }
    return nil
  }

  /// The replacement of a text that is a key, or begins with one.
  private func replacement(_ text: some Sequence<UInt8>) -> ArraySlice<UInt8>? {
    guard let start = Self.first(units, text), start <= replacements.count else { return nil }
    let end = replacements[start...].firstIndex(of: 0) ?? replacements.count
    return replacements[start..<end]
  }

  /// Replaces what characters, and else what scalars the map has, as `spm_precompiled` does.
  /// - Complexity: O(text).
  func normalize(_ text: UnsafeBufferPointer<UInt8>, into output: inout Buffer<UInt8>) {
    guard let base = text.baseAddress else { return }
    var at = 0
    while at < text.count {
      // A character of ASCII alone, unless a mark or CR LF may follow it.
      if base[at] < 0x80, base[at] != 0x0D, at &+ 1 == text.count || base[at &+ 1] < 0x80,
        keepsByte[Int(base[at])]
      {
        output.append(base[at])
        at &+= 1
        continue
      }
      let end = characterEnd(text, at)
      let character = UnsafeBufferPointer(rebasing: text[at..<end])
      at = end
      if character.count < 6, let whole = replacement(character) {
        output.append(contentsOf: Array(whole))
        continue
      }
      var inner = 0
      while inner < character.count {
        let length = min(UTF8Text.length(leading: character[inner]), character.count &- inner)
        let scalar = UnsafeBufferPointer(rebasing: character[inner..<inner &+ length])
        inner &+= length
        if let part = replacement(scalar) {
          output.append(contentsOf: Array(part))
        } else {
          output.append(bytes: scalar)
        }
      }
    }
  }

  /// Characters are looked for in so many bytes at a time: longer ones are not in any map.
  private static let window = 256

  /// The end of the extended grapheme cluster that starts here.
  private func characterEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = min(start &+ Self.window, text.count)
    while end < text.count, text[end] & 0xC0 == 0x80 { end &-= 1 }
    let string = String(decoding: UnsafeBufferPointer(rebasing: text[start..<end]), as: UTF8.self)
    return start &+ max(string.first?.utf8.count ?? 1, 1)
  }
}
