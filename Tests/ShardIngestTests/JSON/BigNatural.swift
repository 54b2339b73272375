/// A natural number of any size, for the tests of numbers: plain and slow.
struct BigNatural: CustomStringConvertible {
  /// Lowest first; the last one is not zero.
  private var words: [UInt32]

  init(_ value: UInt64) {
    words = [UInt32(truncatingIfNeeded: value), UInt32(value >> 32)]
    trim()
  }

  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
  }

  mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for index in words.indices {
      carry += UInt64(words[index]) * UInt64(factor)
      words[index] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { words.append(UInt32(carry)) }
  }

  var bitCount: Int { words.isEmpty ? 0 : words.count * 32 - words[words.count - 1].leadingZeroBitCount }

  private func bit(_ index: Int) -> Bool {
    index >= 0 && index < words.count * 32 && words[index / 32] >> UInt32(index % 32) & 1 == 1
  }

  /// The first 128 bits, cut off or filled with zeros behind.
  var top128: (UInt64, UInt64) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<64 { high = high << 1 | (bit(bitCount - 1 - index) ? 1 : 0) }
    for index in 64..<128 { low = low << 1 | (bit(bitCount - 1 - index) ? 1 : 0) }
    return (high, low)
  }

  private mutating func double() {
    var carry: UInt32 = 0
    for index in words.indices {
      let next = words[index] >> 31
      words[index] = words[index] << 1 | carry
      carry = next
    }
    if carry > 0 { words.append(carry) }
  }

  private func isLess(than other: BigNatural) -> Bool {
    if words.count != other.words.count { return words.count < other.words.count }
    for index in words.indices.reversed() where words[index] != other.words[index] {
      return words[index] < other.words[index]
    }
    return false
  }

  private mutating func subtract(_ other: BigNatural) {
    var borrow: Int64 = 0
    for index in words.indices {
      let difference =
        Int64(words[index]) - (index < other.words.count ? Int64(other.words[index]) : 0) + borrow
      words[index] = UInt32(truncatingIfNeeded: difference)
      borrow = difference < 0 ? -1 : 0
    }
    trim()
  }

  /// 2^(bits + 127) / number, rounded up, for a number of so many bits that is no power of two: 128 bits by long division.
  static func reciprocal128(of number: BigNatural) -> (UInt64, UInt64) {
    var rest = BigNatural(1)
    for _ in 1..<number.bitCount { rest.double() }
    // The rest is below the number, and twice the rest is not: the first bit of the quotient is 1.
    var quotient: (UInt64, UInt64) = (0, 0)
    for _ in 0..<128 {
      rest.double()
      quotient = (quotient.0 << 1 | quotient.1 >> 63, quotient.1 << 1)
      if !rest.isLess(than: number) {
        rest.subtract(number)
        quotient.1 |= 1
      }
    }
    let (low, overflow) = quotient.1.addingReportingOverflow(1)
    return (overflow ? quotient.0 + 1 : quotient.0, low)
  }

  var description: String {
    var rest = words
    var parts: [String] = []
    while !rest.isEmpty {
      var remainder: UInt64 = 0
      for index in rest.indices.reversed() {
        remainder = remainder << 32 | UInt64(rest[index])
        rest[index] = UInt32(remainder / 1_000_000_000)
        remainder %= 1_000_000_000
      }
      while rest.last == 0 { rest.removeLast() }
      let digits = String(remainder)
      parts.append(rest.isEmpty ? digits : String(repeating: "0", count: 9 - digits.count) + digits)
    }
    return parts.isEmpty ? "0" : parts.reversed().joined()
  }
}
