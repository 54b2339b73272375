/// A set of scalars, a bit for each: 136 KB. Immutable, and shared between threads.
struct ScalarSet: Sendable {
  static let punctuation = ScalarSet(ReferenceTables.punctuation)
  static let nonspacingMarks = ScalarSet(ReferenceTables.nonspacingMarks)
  static let marks = ScalarSet(ReferenceTables.marks)
  /// What PCRE2 knows no category of.
  static let newer = ScalarSet(ReferenceTables.added)

  private var bits = [UInt64](repeating: 0, count: 0x110000 / 64)

  /// - Parameter table: scalars and ranges in hexadecimal, `21-23;25`.
  init(_ table: StaticString) {
    var first: UInt32?
    var number: UInt32 = 0
    for byte in UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount) + [
      UInt8(ascii: ";")
    ] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      case UInt8(ascii: "-"):
        first = number
        number = 0
      default:
        for scalar in (first ?? number)...number { bits[Int(scalar / 64)] |= 1 << UInt64(scalar % 64) }
        first = nil
        number = 0
      }
    }
  }

  @inline(__always)
  func contains(_ scalar: UInt32) -> Bool { bits[Int(scalar / 64)] >> UInt64(scalar % 64) & 1 != 0 }

  /// Whether a text has any scalar of the set, which holds none of ASCII.
  /// - Complexity: O(text).
  func intersects(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return false }
    return bits.withUnsafeBufferPointer { bits in
      var at = 0
      while at < text.count {
        if base[at] < 0x80 {
          at &+= 1
          while at &+ 8 <= text.count,
            UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
          {
            at &+= 8
          }
          continue
        }
        let (scalar, length) = UTF8Text.scalar(at: base + at)
        if bits[Int(scalar / 64)] >> UInt64(scalar % 64) & 1 != 0 { return true }
        at &+= length
      }
      return false
    }
  }
}
