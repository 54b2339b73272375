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
    // Without a way out of the loop, so that it takes many bytes a step.
    var others: UInt8 = 0
    for byte in bytes { others |= byte &- 0x20 < 0x5F ? 0 : 1 }
    return others == 0 && !hasPair(bytes)
  }

  static func isPlain(_ text: String) -> Bool { text.withBytes { isPlain($0) } }

  /// Whether there is `##` or `::`.
  static func hasPair(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var pairs: UInt8 = 0
    for (byte, next) in zip(bytes, bytes.dropFirst()) {
      pairs |= byte == next ? (byte == 0x23 || byte == 0x3A ? 1 : 0) : 0
    }
    return pairs != 0
  }

  private static func escaped(_ text: String) -> String {
    var shown = OutputBuffer()
    var marks = 0
    for scalar in text.unicodeScalars {
      if isCommon(scalar) {
        marks = 0
      } else if isHostile(scalar) {
        shown += escape(scalar)
        marks = 0
        continue
      } else {
        // A tower of combining marks runs over the lines above and below.
        marks = DisplayWidth.of(scalar) == 0 ? marks + 1 : 0
      }
      if marks > markLimit { continue }
      if scalar.isASCII {
        shown.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        shown += scalar.utf8
      }
    }
    return shown.text
  }

  private static let markLimit = 4

  /// Letters of the scripts met most, whose properties need not be looked up: assigned, visible, of a width.
  static func isCommon(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xC0..<0x300, 0x400..<0x483, 0x3041..<0x3097, 0x30A1..<0x30FB, 0x4E00..<0x9FFD,
      0xAC00..<0xD7A4:
      true
    default: false
    }
  }

  static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Written as escapes: controls, bidirectional marks, invisible characters, line separators, tags.
    case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E...0x200F, 0x2028...0x202E,
      0x2060...0x206F,
      0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      true
    // Those that are no characters are unassigned too.
    default: scalar.properties.generalCategory == .unassigned
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
