/// FNV-1a over 128 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells findings apart from run to run. No
/// protection against collisions made on purpose, which only hide an annotation.
struct Fingerprint {
  private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
  private var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D

  /// Takes a text and its end, so that "ab", "c" and "a", "bc" differ.
  mutating func add(_ text: String, after prefix: StaticString = "") {
    prefix.withUTF8Buffer { for byte in $0 { add(byte) } }
    text.withBytes { for byte in $0 { add(byte) } }
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) { hash = (hash ^ UInt128(byte)) &* Self.prime }

  /// Appends 32 hexadecimal digits.
  func append(to bytes: inout OutputBuffer) {
    for half in [UInt64(truncatingIfNeeded: hash >> 64), UInt64(truncatingIfNeeded: hash)] {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 15
        bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
  }
}
