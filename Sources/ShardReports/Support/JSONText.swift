/// JSON tokens (RFC 8259) appended to a buffer: the leaves under `JSONWriter` and the quarantine list.
///
/// The text is strict: numbers that JSON cannot hold become strings, and control characters are escaped, those
/// that the RFC would allow raw (DEL and C1) too, so that no file can steer the terminal it is shown on.
package enum JSONText {
  private static let hexadecimal: StaticString = "0123456789abcdef"

  /// Appends a constant as it is.
  @inline(__always)
  static func append(raw text: StaticString, to bytes: inout OutputBuffer) {
    // Safe: a static string with a pointer representation has `utf8CodeUnitCount` bytes at `utf8Start`.
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a quoted string.
  package static func append(_ text: String, to bytes: inout OutputBuffer) {
    bytes.append(UInt8(ascii: "\""))
    append(inside: text, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends what stands between the quotes.
  ///
  /// - Complexity: O(n), eight bytes a step where none needs an escape.
  static func append(inside text: String, to bytes: inout OutputBuffer) {
    text.withBytes { append(inside: $0, to: &bytes) }
  }

  /// - Parameter text: valid UTF-8.
  static func append(inside text: UnsafeBufferPointer<UInt8>, to bytes: inout OutputBuffer) {
    bytes.append(capacity: 6 * text.count) { escape(text, to: $0) }
  }

  /// Writes at most six bytes for each that it reads; returns how many.
  private static func escape(
    _ utf8: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    guard let source = utf8.baseAddress else { return 0 }
    let count = utf8.count
    var read = 0
    var written = 0
    while read < count {
      // Safe: eight bytes are left to read, and so is the room for what they become, at least eight.
      while count &- read >= 8 {
        let word = UnsafeRawPointer(source + read).loadUnaligned(as: UInt64.self)
        guard isPlain(word) else { break }
        UnsafeMutableRawPointer(target + written).storeBytes(of: word, as: UInt64.self)
        read &+= 8
        written &+= 8
      }
      let end = min(read &+ 8, count)
      while read < end {
        let byte = source[read]
        read &+= 1
        if isPlain(byte) {
          target[written] = byte
          written &+= 1
        } else if byte != 0xC2 {
          written &+= writeEscape(of: byte, to: target + written)
        } else if read < count, source[read] < 0xA0 {
          // Two bytes: U+0080 to U+009F, the C1 controls, are C2 80 to C2 9F.
          written &+= writeEscape(of: source[read], to: target + written)
          read &+= 1
        } else {
          target[written] = byte
          written &+= 1
        }
      }
    }
    return written
  }

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F && byte != 0xC2
  }

  /// The same of eight bytes.
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    @inline(__always) func has(_ byte: UInt64) -> UInt64 {
      let zeros = word ^ (ones &* byte)
      return (zeros &- ones) & ~zeros
    }
    let below = (word &- ones &* 0x20) & ~word
    return (below | has(0x22) | has(0x5C) | has(0x7F) | has(0xC2)) & (ones << 7) == 0
  }

  private static func writeEscape(of character: UInt8, to target: UnsafeMutablePointer<UInt8>) -> Int {
    target[0] = UInt8(ascii: "\\")
    let letter: UInt8
    switch character {
    case 0x22, 0x5C: letter = character
    case 0x08: letter = UInt8(ascii: "b")
    case 0x09: letter = UInt8(ascii: "t")
    case 0x0A: letter = UInt8(ascii: "n")
    case 0x0C: letter = UInt8(ascii: "f")
    case 0x0D: letter = UInt8(ascii: "r")
    default:
      target[1] = UInt8(ascii: "u")
      target[2] = UInt8(ascii: "0")
      target[3] = UInt8(ascii: "0")
      // Safe: both indices are below 16, the length of the constant.
      target[4] = hexadecimal.utf8Start[Int(character >> 4)]
      target[5] = hexadecimal.utf8Start[Int(character & 15)]
      return 6
    }
    target[1] = letter
    return 2
  }

  package static func append(_ value: UInt64, to bytes: inout OutputBuffer) {
    var length = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      length &+= 1
    }
    bytes.append(capacity: length) { target in
      var rest = value
      for position in stride(from: length &- 1, through: 0, by: -1) {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        target[position] = 0x30 | UInt8(truncatingIfNeeded: digit)
        rest = quotient
      }
      return length
    }
  }

  package static func append(_ value: Int, to bytes: inout OutputBuffer) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    append(UInt64(value.magnitude), to: &bytes)
  }

  /// Appends the shortest text that reads back as the same double; `NaN` and the infinities as strings.
  package static func append(_ value: Double, to bytes: inout OutputBuffer) {
    guard value.isFinite else {
      append(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity", to: &bytes)
      return
    }
    // Below 2^53 every integer is a double of its own; -0.0 keeps its sign.
    if value.magnitude < 0x1p53, value == Double(Int(value)), value != 0 || value.sign == .plus {
      append(Int(value), to: &bytes)
      return
    }
    // Swift writes `1e-05` and `5e+300`, both within JSON's grammar.
    bytes += value.description.utf8
  }

  package static func append(_ value: Bool, to bytes: inout OutputBuffer) {
    if value { append(raw: "true", to: &bytes) } else { append(raw: "false", to: &bytes) }
  }

  package static func appendNull(to bytes: inout OutputBuffer) { append(raw: "null", to: &bytes) }

  static func append(_ value: UInt64?, to bytes: inout OutputBuffer) {
    if let value { append(value, to: &bytes) } else { appendNull(to: &bytes) }
  }

  static func append(_ value: String?, to bytes: inout OutputBuffer) {
    if let value { append(value, to: &bytes) } else { appendNull(to: &bytes) }
  }
}
