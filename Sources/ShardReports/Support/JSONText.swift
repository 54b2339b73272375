/// JSON tokens (RFC 8259) appended to a byte array: the leaves under `JSONWriter` and the quarantine list.
///
/// The text is strict: numbers that JSON cannot hold become strings, and control characters are escaped, those
/// that the RFC would allow raw (DEL and C1) too, so that no file can steer the terminal it is shown on.
package enum JSONText {
  private static let hexadecimal: StaticString = "0123456789abcdef"

  /// Appends a constant as it is.
  @inline(__always)
  static func append(raw text: StaticString, to bytes: inout [UInt8]) {
    // Safe: a static string with a pointer representation has `utf8CodeUnitCount` bytes at `utf8Start`.
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a quoted string.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var kept = 0
      var position = 0
      while position < utf8.count {
        let byte = utf8[position]
        if isPlain(byte) {
          position += 1
          continue
        }
        var control = byte
        var length = 1
        if byte == 0xC2 {
          // Two bytes: U+0080 to U+009F, the C1 controls, are C2 80 to C2 9F.
          guard position + 1 < utf8.count, utf8[position + 1] < 0xA0 else {
            position += 2
            continue
          }
          control = utf8[position + 1]
          length = 2
        }
        bytes.append(contentsOf: utf8[kept..<position])
        appendEscape(control, to: &bytes)
        position += length
        kept = position
      }
      bytes.append(contentsOf: utf8[min(kept, utf8.count)...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F && byte != 0xC2
  }

  private static func appendEscape(_ character: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch character {
    case 0x22, 0x5C: bytes.append(character)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      append(raw: "u00", to: &bytes)
      // Safe: both indices are below 16, the length of the constant.
      bytes.append(hexadecimal.utf8Start[Int(character >> 4)])
      bytes.append(hexadecimal.utf8Start[Int(character & 15)])
    }
  }

  package static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    if value < 10 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: value))
      return
    }
    let start = bytes.count
    var rest = value
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(0x30 + UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    bytes[start...].reverse()
  }

  package static func append(_ value: Int, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    append(UInt64(value.magnitude), to: &bytes)
  }

  /// Appends the shortest text that reads back as the same double; `NaN` and the infinities as strings.
  package static func append(_ value: Double, to bytes: inout [UInt8]) {
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
    bytes.append(contentsOf: value.description.utf8)
  }

  package static func append(_ value: Bool, to bytes: inout [UInt8]) {
    append(raw: value ? "true" : "false", to: &bytes)
  }

  package static func appendNull(to bytes: inout [UInt8]) { append(raw: "null", to: &bytes) }

  static func append(_ value: UInt64?, to bytes: inout [UInt8]) {
    if let value { append(value, to: &bytes) } else { appendNull(to: &bytes) }
  }

  static func append(_ value: String?, to bytes: inout [UInt8]) {
    if let value { append(value, to: &bytes) } else { appendNull(to: &bytes) }
  }
}
