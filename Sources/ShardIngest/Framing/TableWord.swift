/// Eight bytes at a time, the first in the low bits.
enum TableWord {
  static let highBits: UInt64 = 0x8080_8080_8080_8080
  static let lowBits: UInt64 = 0x0101_0101_0101_0101

  @inline(__always)
  static func filled(_ byte: UInt8) -> UInt64 { UInt64(byte) &* lowBits }

  @inline(__always)
  static func load(_ p: Cursor) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
  }

  /// The top bit of the first byte that is zero; bits above it are not to be trusted.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 { (word &- lowBits) & ~word & highBits }
}
