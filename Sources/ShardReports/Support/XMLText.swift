/// Text for XML 1.0, in an element or in a quoted attribute.
///
/// The characters that XML has no way to write (most controls, surrogates, U+FFFE and U+FFFF) are left out; line breaks
/// and tabs are written as references, so that a parser does not turn them into spaces.
enum XMLText {
  static func append(_ text: String, to bytes: inout OutputBuffer) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: JSONText.append(raw: "&amp;", to: &bytes)
      case 0x3C: JSONText.append(raw: "&lt;", to: &bytes)
      case 0x3E: JSONText.append(raw: "&gt;", to: &bytes)
      case 0x22: JSONText.append(raw: "&quot;", to: &bytes)
      case 0x09: JSONText.append(raw: "&#9;", to: &bytes)
      case 0x0A: JSONText.append(raw: "&#10;", to: &bytes)
      case 0x0D: JSONText.append(raw: "&#13;", to: &bytes)
      case 0x20..<0x7F, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF:
        bytes += scalar.utf8
      default: break
      }
    }
  }

  /// ` name="value"`
  static func append(attribute name: StaticString, _ value: String, to bytes: inout OutputBuffer) {
    bytes.append(UInt8(ascii: " "))
    JSONText.append(raw: name, to: &bytes)
    JSONText.append(raw: "=\"", to: &bytes)
    append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
}
