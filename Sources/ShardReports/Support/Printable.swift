/// Text from data made safe to show: what could move a cursor, change a colour, hide or reorder other text is
/// written as an escape.
package enum Printable {
  /// One line of text: control characters as `\n`, `\t` or `\u{1b}`, and so the marks that reorder or hide text.
  /// Commands to a CI service are broken up (`CommandMarks`).
  package static func line(_ text: String) -> String {
    isPlain(text) ? text : CommandMarks.defused(escaped(text))
  }

  /// Printable ASCII without what a mark of a command begins with.
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var previous: UInt8 = 0
    var isPlain = true
    for byte in bytes {
      let isMark = byte == previous && (byte == UInt8(ascii: "#") || byte == UInt8(ascii: ":"))
      isPlain = isPlain && byte >= 0x20 && byte < 0x7F && !isMark
      previous = byte
    }
    return isPlain
  }

  static func isPlain(_ text: String) -> Bool {
    text.withBytes { isPlain($0) }
  }

  private static func escaped(_ text: String) -> String {
    var shown = ""
    var marks = 0
    for scalar in text.unicodeScalars {
      if isHostile(scalar) {
        shown += escape(scalar)
        marks = 0
        continue
      }
      // A tower of combining marks runs over the lines above and below.
      marks = DisplayWidth.of(scalar) == 0 ? marks + 1 : 0
      if marks <= markLimit { shown.unicodeScalars.append(scalar) }
    }
    return shown
  }

  private static let markLimit = 4

  private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: false
    // Written as escapes: controls, bidirectional marks, invisible characters, line separators, tags.
    case 0..<0xA0, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      true
    default: scalar.properties.generalCategory == .unassigned || scalar.properties.isNoncharacterCodePoint
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16) + "}"
    }
  }
}
