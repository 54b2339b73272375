import CKernels
import ShardModel

/// A cell that is a number.
struct TableNumber: Equatable {
  var value: Double
  /// Nil for a plain one.
  var exception: NumberKind?
  /// Written without fraction and exponent.
  var isInteger: Bool

  /// The number that the bytes from `start` to `end` spell, or nil.
  ///
  /// Accepts what Python's `float()` accepts, except underscores and digits other than ASCII, and except integers
  /// with leading zeros: `007` is an id or a zip code and stays text. Any case of `nan`, `inf` and `infinity` counts.
  ///
  /// The byte at `end` must be no part of a number, and 32 more bytes must be readable.
  static func parse(_ start: Cursor, _ end: Cursor) -> TableNumber? {
    guard start < end else { return nil }
    switch start.pointee {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      let number = ck_parse_number(start)
      if number.kind != UInt32(CK_NUMBER_INVALID), start + Int(number.length) == end {
        return TableNumber(number)
      }
      return parseLoosely(start, end)
    case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "i"),
      UInt8(ascii: "I"):
      return parseLoosely(start, end)
    default: return nil
    }
  }

  init(_ number: ck_number) {
    value = number.value
    isInteger = number.kind <= UInt32(CK_NUMBER_LARGE_INTEGER)
    switch number.kind {
    case UInt32(CK_NUMBER_LARGE_INTEGER): exception = .largeInteger
    case UInt32(CK_NUMBER_OVERFLOW): exception = .overflow
    case UInt32(CK_NUMBER_UNDERFLOW): exception = .underflow
    default: exception = nil
    }
  }

  private init(value: Double, exception: NumberKind) {
    self.value = value
    self.exception = exception
    isInteger = false
  }

  /// What RFC 8259 does not allow: words, a leading plus, a missing part before or after the point, leading zeros.
  private static func parseLoosely(_ start: Cursor, _ end: Cursor) -> TableNumber? {
    var p = start
    let isNegative = p.pointee == UInt8(ascii: "-")
    if isNegative || p.pointee == UInt8(ascii: "+") { p += 1 }
    let sign: Double = isNegative ? -1 : 1
    if matches("nan", p, end) { return TableNumber(value: .nan, exception: .nan) }
    if matches("inf", p, end) || matches("infinity", p, end) {
      return TableNumber(value: sign * .infinity, exception: .infinity)
    }
    guard let strict = normalized(p, end, isNegative: isNegative) else { return nil }
    return strict.withUnsafeBufferPointer { buffer in
      // Safe: the buffer is not empty and ends with 64 zeros.
      guard let base = buffer.baseAddress else { return nil }
      return TableNumber(ck_parse_number(base))
    }
  }

  private static func matches(_ word: StaticString, _ p: Cursor, _ end: Cursor) -> Bool {
    guard end - p == word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount where p[index] | 0x20 != word.utf8Start[index] { return false }
    return true
  }

  /// The unsigned decimal from `p` to `end` in the spelling of RFC 8259, or nil if it is none.
  private static func normalized(_ p: Cursor, _ end: Cursor, isNegative: Bool) -> [UInt8]? {
    let whole = digitsEnd(p, end)
    var fraction = whole..<whole
    var rest = whole
    if rest < end, rest.pointee == UInt8(ascii: ".") {
      rest = digitsEnd(whole + 1, end)
      fraction = (whole + 1)..<rest
    }
    guard whole > p || !fraction.isEmpty else { return nil }
    let exponent = rest
    if rest < end, rest.pointee | 0x20 == UInt8(ascii: "e") {
      rest += 1
      if rest < end, rest.pointee == UInt8(ascii: "-") || rest.pointee == UInt8(ascii: "+") { rest += 1 }
      let first = rest
      rest = digitsEnd(first, end)
      guard rest > first else { return nil }
    }
    guard rest == end else { return nil }
    let isInteger = whole == end
    var firstDigit = p
    while firstDigit + 1 < whole, firstDigit.pointee == UInt8(ascii: "0") { firstDigit += 1 }
    if isInteger, firstDigit > p { return nil }

    var result: [UInt8] = []
    result.reserveCapacity(end - p + 68)
    if isNegative { result.append(UInt8(ascii: "-")) }
    if whole == p { result.append(UInt8(ascii: "0")) }
    result.append(contentsOf: UnsafeBufferPointer(start: firstDigit, count: whole - firstDigit))
    if !isInteger {
      // `5.` is a real number, so it keeps a fraction.
      result.append(UInt8(ascii: "."))
      if fraction.isEmpty { result.append(UInt8(ascii: "0")) }
      result.append(
        contentsOf: UnsafeBufferPointer(
          start: fraction.lowerBound, count: fraction.upperBound - fraction.lowerBound))
    }
    result.append(contentsOf: UnsafeBufferPointer(start: exponent, count: end - exponent))
    result.append(contentsOf: repeatElement(0, count: RecordBatch.padding))
    return result
  }

  private static func digitsEnd(_ start: Cursor, _ end: Cursor) -> Cursor {
    var p = start
    while p < end, p.pointee &- UInt8(ascii: "0") <= 9 { p += 1 }
    return p
  }
}
