import CKernels
import Glibc
import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct NumberTests {
  /// What the kernel makes of a text, which something else follows.
  private static func parse(_ text: String, then next: String = ",") -> ck_number {
    let padded = PaddedBytes(Array((text + next).utf8))
    return ck_parse_number(padded.base)
  }

  /// What glibc makes of it, which rounds correctly.
  private static func agrees(_ text: String, with number: ck_number) -> Bool {
    let expected = strtod(text, nil)
    guard number.length == text.utf8.count, number.value.bitPattern == expected.bitPattern else {
      return false
    }
    let isReal = text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    let kind =
      if expected.isInfinite {
        CK_NUMBER_OVERFLOW
      } else if isReal {
        expected == 0 && mantissa.contains { $0 >= "1" && $0 <= "9" } ? CK_NUMBER_UNDERFLOW : CK_NUMBER_REAL
      } else {
        isSmall(mantissa) ? CK_NUMBER_INTEGER : CK_NUMBER_LARGE_INTEGER
      }
    return number.kind == UInt32(kind)
  }

  /// Whether an integer is at most 2^53.
  private static func isSmall(_ text: Substring) -> Bool {
    let digits = text.drop { $0 == "-" }
    return digits.count < 16 || (digits.count == 16 && digits <= "9007199254740992")
  }

  private static func check(_ text: String) -> Bool {
    let number = parse(text)
    if agrees(text, with: number) { return true }
    Issue.record(
      "\(text.prefix(900)): \(number.value.debugDescription) of kind \(number.kind), \(number.length) bytes")
    return false
  }

  @Test(
    "known hard numbers",
    arguments: [
      "0", "-0", "-0.0", "0e0", "0E-999", "-0e+999", "1", "9007199254740991", "9007199254740992",
      "9007199254740993",
      "-9007199254740993", "9999999999999999999", "18446744073709551615", "18446744073709551616",
      "10000000000000000000", "1e999", "-1e999", "1e-999", "-1e-999", "1e400000000000000000000",
      "1e-40000000000000000000",
      "0e40000000000000000000", "2.2250738585072011e-308", "2.2250738585072012e-308",
      "2.2250738585072014e-308",
      "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
      "1.7976931348623157e308",
      "1.7976931348623158e308", "1.7976931348623159e308", "179769313486231580793728971405301e276", "8.5e-8",
      "1e22", "1e23",
      "9007199254740993.0", "9007199254740992.99999999999999999999", "0.5",
      "1.00000000000000011102230246251565404",
      "1.00000000000000011102230246251565405", "6929495644600919.5", "3.7455744005952583e15", "5e-324",
      "1e-323", "7.2057594037927933e16",
    ])
  func known(_ text: String) { #expect(Self.check(text)) }

  @Test(
    "what is no number ends where it goes wrong",
    arguments: [
      ("", 0), ("-", 1), ("+1", 0), ("01", 1), ("-01", 2), ("00", 1), ("1.", 2), ("1.e5", 2), (".5", 0),
      ("1e", 2), ("1e+", 3),
      ("1.5E-", 5), ("x", 0), ("-x", 1), ("--1", 1), ("-.5", 1), ("0.", 2), ("00000000000000000000", 1),
    ])
  func invalid(_ text: String, _ length: Int) {
    let number = Self.parse(text)
    #expect(number.kind == UInt32(CK_NUMBER_INVALID) && number.length == length)
  }

  @Test(
    "a number ends before whatever is no part of it",
    arguments: [",", "]", " ", "\n", "\0", "x", "-", "+", ".", "/", ":", "\u{e9}"])
  func ends(_ next: String) {
    for text in ["0", "-7", "12345678", "123456789", "1e5", "0.25", "123456789012345678901234567890"] {
      let number = Self.parse(text, then: next)
      if next == ".", !text.contains("."), !text.contains("e") {
        #expect(number.kind == UInt32(CK_NUMBER_INVALID))
      } else {
        #expect(Self.agrees(text, with: number), "\(text)")
      }
    }
  }

  @Test("hard numbers are rounded as the C library rounds them", arguments: Shape.allCases)
  func random(_ shape: Shape) {
    var random = RepeatableRandom(seed: UInt64(shape.rawValue) &+ 754)
    for _ in 0..<(Slow.isEnabled ? 2_000_000 : 25_000) {
      guard Self.check(shape.text(&random)) else { return }
    }
  }

  /// Kinds of numbers that are hard to round.
  enum Shape: Int, CaseIterable {
    case anyBits, halfway, nearHalfway, subnormal, manyDigits, longMantissa, exponents, integers

    func text(_ random: inout RepeatableRandom) -> String {
      let sign = Bool.random(using: &random) ? "-" : ""
      switch self {
      case .anyBits: return sign + Self.shortest(Double(bitPattern: random.next() & ~(1 << 63)))
      case .halfway, .nearHalfway: return sign + halfway(&random)
      case .subnormal:
        let digits = Self.digits(Int.random(in: 1...25, using: &random), &random)
        return "\(sign)\(digits)e-\(Int.random(in: 300...345, using: &random))"
      case .manyDigits: return sign + manyDigits(&random)
      case .longMantissa:
        let digits = Self.digits([15, 16, 17, 18, 19, 20, 21].randomElement(using: &random) ?? 17, &random)
        return "\(sign)\(digits)e\(Int.random(in: -345...310, using: &random))"
      case .exponents:
        let mark = ["e", "E", "e+", "E-", "e-"].randomElement(using: &random) ?? "e"
        let zeros = String(repeating: "0", count: Int.random(in: 0...3, using: &random))
        let digits = Self.digits(Int.random(in: 1...8, using: &random), &random)
        return
          "\(sign)\(digits).\(Int.random(in: 0...999, using: &random))\(mark)\(zeros)\(Int.random(in: 0...400, using: &random))"
      case .integers: return sign + Self.digits(Int.random(in: 1...24, using: &random), &random)
      }
    }

    /// Digits exactly or nearly between two doubles: an integer of up to 64 bits, or a binary fraction with all its
    /// digits.
    private func halfway(_ random: inout RepeatableRandom) -> String {
      let mantissa = (1 << 53) | (random.next() >> 11) | 1
      // The 54th bit is the half.
      let odd = mantissa << 1 | 1
      if Bool.random(using: &random) {
        let shift = UInt64.random(in: 0...9, using: &random)
        let exact = odd << shift
        return String(self == .halfway ? exact : exact &+ UInt64.random(in: 0...2, using: &random) &- 1)
      }
      var digits = BigNatural(odd)
      let places = Int.random(in: 1...80, using: &random)
      for _ in 0..<places { digits.multiply(by: 5) }
      var text = digits.description
      if text.count <= places { text = String(repeating: "0", count: places + 1 - text.count) + text }
      text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
      guard self == .nearHalfway else { return text }
      let zeros = String(repeating: "0", count: Int.random(in: 0...700, using: &random))
      return text + zeros + "1"
    }

    private func manyDigits(_ random: inout RepeatableRandom) -> String {
      let count = Int.random(in: 1...800, using: &random)
      let digits = Self.digits(count, &random)
      guard Bool.random(using: &random) else { return digits }
      let whole = Int.random(in: 1...count, using: &random)
      let zeros =
        Bool.random(using: &random)
        ? String(repeating: "0", count: Int.random(in: 0...400, using: &random)) : ""
      let fraction = zeros + digits.dropFirst(whole)
      let exponent = Bool.random(using: &random) ? "e\(Int.random(in: -700...700, using: &random))" : ""
      return (Bool.random(using: &random) ? String(digits.prefix(whole)) : "0") + "."
        + (fraction.isEmpty ? "0" : fraction) + exponent
    }

    private static func digits(_ count: Int, _ random: inout RepeatableRandom) -> String {
      var digits = [UInt8.random(in: 49...57, using: &random)]
      while digits.count < count { digits.append(UInt8.random(in: 48...57, using: &random)) }
      return String(decoding: digits, as: UTF8.self)
    }

    /// As Swift writes it, without what is no JSON.
    private static func shortest(_ value: Double) -> String { value.isFinite ? "\(value)" : "1e400" }
  }

  @Test("the table of powers of five is the one that integers of any size give")
  func powersOfFive() {
    let table = withUnsafeBytes(of: ck_powers_of_five) { Array($0.bindMemory(to: UInt64.self)) }
    for power in Int(CK_SMALLEST_POWER)...Int(CK_LARGEST_POWER) {
      var number = BigNatural(1)
      for _ in 0..<abs(power) { number.multiply(by: 5) }
      let words: (UInt64, UInt64)
      if power >= 0 {
        words = number.top128
      } else {
        // The smallest integer above 2^(bits + 127) / 5^-power, which has 128 bits.
        words = BigNatural.reciprocal128(of: number)
      }
      let index = 2 * (power - Int(CK_SMALLEST_POWER))
      guard table[index] == words.0, table[index + 1] == words.1 else {
        Issue.record("5^\(power): \(table[index...(index + 1)]), not \(words)")
        return
      }
    }
  }

  @Test("numbers of a field keep what is special about them")
  func kinds() {
    let text =
      "[9007199254740993, 1e999, -1e-999, NaN, -Infinity, +inf, nan, 5, -0, 1.0, 12345678, 123456789]"
    let parsed = JSONReader(layout: .values).readAll("{\"a\":\(text)}")
    let kinds = parsed.values.filter { $0.kind == .number }.map { $0.exception }
    #expect(
      kinds == [
        .largeInteger, .overflow, .underflow, .nan, .infinity, .infinity, .nan, nil, nil, nil, nil, nil,
      ])
    #expect(parsed.integers == ["a[]": 5])
    let values = parsed.values.filter { $0.kind == .number }.map { Double(bitPattern: $0.bits) }
    #expect(values[1] == .infinity && values[4] == -.infinity && values[5] == .infinity)
    #expect(values[2].sign == .minus && values[2] == 0 && values[8].sign == .minus && values[8] == 0)
  }
}
