/// Base64 (RFC 4648, sections 4 and 5) as it stands in `data:` URLs.
enum Base64 {
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, byte) in alphabet.utf8.enumerated() { table[Int(byte)] = UInt8(value) }
    table[0x2D] = 62
    table[0x5F] = 63
    return table
  }()

  /// Decodes text, white space allowed, padding optional.
  /// - Parameter target: at least three bytes for every four of the text, rounded up.
  /// - Returns: how many bytes were written; nil for anything else.
  /// - Complexity: O(n).
  static func decode(_ text: ArraySlice<UInt8>, into target: UnsafeMutableRawBufferPointer) -> Int? {
    var bits: UInt32 = 0
    var digits = 0
    var written = 0
    var isPadded = false
    for byte in text {
      if byte == 0x20 || (0x09...0x0D).contains(byte) { continue }
      if byte == 0x3D {
        isPadded = true
        continue
      }
      let value = values[Int(byte)]
      guard value != 0xFF, !isPadded else { return nil }
      bits = bits << 6 | UInt32(value)
      digits += 1
      guard digits == 4 else { continue }
      guard written + 3 <= target.count else { return nil }
      target[written] = UInt8(truncatingIfNeeded: bits >> 16)
      target[written + 1] = UInt8(truncatingIfNeeded: bits >> 8)
      target[written + 2] = UInt8(truncatingIfNeeded: bits)
      written += 3
      digits = 0
      bits = 0
    }
    // One digit alone is not a byte.
    guard digits != 1 else { return nil }
    for index in 0..<max(0, digits - 1) {
      guard written < target.count else { return nil }
      target[written] = UInt8(truncatingIfNeeded: bits >> UInt32(6 * digits - 8 * (index + 1)))
      written += 1
    }
    return written
  }
}
