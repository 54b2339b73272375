/// Reads a JSON document from its start to its end on demand, without a tree: what nobody asks for is skipped.
///
/// Accepts RFC 8259 in UTF-8; nesting deeper than `depthLimit` and whatever is no JSON throws with the byte's position.
/// - Complexity: O(bytes); no memory beyond the texts asked for.
package struct JSONCursor {
  package struct Failure: Error, Equatable {
    package var reason: String
    /// From 0.
    package var position: Int
  }

  private static let depthLimit = 64
  private let bytes: [UInt8]
  package private(set) var position = 0
  private var depth = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func failure(_ reason: String) -> Failure { Failure(reason: reason, position: position) }

  /// Reads an object; `body` gets each name and must read its value or `skip()` it.
  package mutating func object(
    _ body: (String, inout JSONCursor) throws(Failure) -> Void
  ) throws(Failure) {
    try open("{")
    if !take("}") {
      repeat {
        let name = try string()
        try expect(":")
        try body(name, &self)
      } while take(",")
      try expect("}")
    }
    depth -= 1
  }

  /// Reads an array; `body` must read the next element or `skip()` it.
  package mutating func array(_ body: (inout JSONCursor) throws(Failure) -> Void) throws(Failure) {
    try open("[")
    if !take("]") {
      repeat { try body(&self) } while take(",")
      try expect("]")
    }
    depth -= 1
  }

  /// Takes `null`, if it comes next.
  package mutating func takeNull() throws(Failure) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  package mutating func string() throws(Failure) -> String {
    skipSpace()
    guard next == UInt8(ascii: "\"") else { throw failure("expected a text") }
    position += 1
    var units: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          throw failure("a text is not UTF-8")
        }
        return text
      case 0..<0x20: throw failure("a control character in a text")
      case UInt8(ascii: "\\"): try escape(&units)
      default: units.append(byte)
      }
    }
    throw failure("the file ends inside a text")
  }

  /// Reads a number; one beyond the range of a double throws.
  package mutating func number() throws(Failure) -> Double {
    let text = try numeral()
    guard let value = Double(text), value.isFinite else {
      throw failure("the number \(text) is out of range")
    }
    return value
  }

  /// Reads how many there are of something: a whole number up to 2^48, which no data set exceeds.
  package mutating func tally() throws(Failure) -> UInt64 {
    let text = try numeral()
    guard let value = UInt64(text), value <= 1 << 48 else {
      throw failure("expected a count, found \(text.prefix(40))")
    }
    return value
  }

  package mutating func boolean() throws(Failure) -> Bool {
    skipSpace()
    let value = next == UInt8(ascii: "t")
    try word(value ? "true" : "false")
    return value
  }

  /// Passes over one value of any kind.
  package mutating func skip() throws(Failure) {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): try object { _, cursor throws(Failure) in try cursor.skip() }
    case UInt8(ascii: "["): try array { cursor throws(Failure) in try cursor.skip() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
    case UInt8(ascii: "n"): try word("null")
    default: _ = try numeral()
    }
  }

  /// Nothing but white space may follow.
  package mutating func finish() throws(Failure) {
    skipSpace()
    guard position == bytes.count else { throw failure("something follows the document") }
  }

  // MARK: Tokens

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard take(character) else {
      throw failure(position == bytes.count ? "the file ends too early" : "expected '\(character)'")
    }
  }

  private mutating func open(_ character: Unicode.Scalar) throws(Failure) {
    try expect(character)
    depth += 1
    guard depth <= Self.depthLimit else { throw failure("nested too deep") }
  }

  private mutating func word(_ text: StaticString) throws(Failure) {
    // Safe: a static string has `utf8CodeUnitCount` bytes at `utf8Start`.
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else { throw failure("expected \(text)") }
    position += expected.count
  }

  private mutating func numeral() throws(Failure) -> String {
    skipSpace()
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(Failure) {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else {
      throw failure(position == bytes.count ? "the file ends too early" : "expected a number")
    }
  }

  private mutating func escape(_ units: inout [UInt8]) throws(Failure) {
    guard let byte = next else { throw failure("the file ends inside a text") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0C)
    case UInt8(ascii: "n"): units.append(0x0A)
    case UInt8(ascii: "r"): units.append(0x0D)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"):
      var code = try fourDigits()
      if (0xD800..<0xDC00).contains(code) {
        guard next == UInt8(ascii: "\\") else { throw failure("half of a surrogate pair") }
        position += 1
        guard next == UInt8(ascii: "u") else { throw failure("half of a surrogate pair") }
        position += 1
        let low = try fourDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair") }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
      units.append(contentsOf: String(scalar).utf8)
    default: throw failure("an unknown escape in a text")
    }
  }

  private mutating func fourDigits() throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure("expected four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
