/// Text of unknown origin, made fit for a terminal.
package enum Printable {
  /// The text with control characters, line breaks and invisible direction marks written as escapes: nothing in the
  /// data can move the cursor, colour the screen or forge a line.
  package static func text(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isUnsafe(scalar): result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Columns that the text takes on a terminal: 2 for wide characters, 0 for combining ones.
  package static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7F: 1
    case 0x300..<0x370, 0x1AB0..<0x1B00, 0x20D0..<0x2100, 0xFE00..<0xFE10, 0xFE20..<0xFE30: 0
    case 0x1100..<0x1160, 0x2E80..<0x303F, 0x3041..<0xA4D0, 0xA960..<0xA980, 0xAC00..<0xD7A4, 0xF900..<0xFB00,
      0xFE30..<0xFE70, 0xFF00..<0xFF61, 0xFFE0..<0xFFE7, 0x1F300..<0x1F650, 0x1F680..<0x1FB00,
      0x20000..<0x3FFFE:
      2
    default: 1
    }
  }

  /// The text cut to this many columns, with a mark where something was cut.
  package static func fitted(_ text: String, _ columns: Int) -> String {
    guard width(text) > columns else { return text }
    guard columns > 0 else { return "" }
    var result = ""
    var used = 1
    for scalar in text.unicodeScalars {
      used += width(scalar)
      if used > columns { break }
      result.unicodeScalars.append(scalar)
    }
    return result + "…"
  }

  /// The text cut in its middle, where the ends tell more, as in paths.
  package static func fittedMiddle(_ text: String, _ columns: Int) -> String {
    guard width(text) > columns, columns > 4 else { return fitted(text, columns) }
    let head = fitted(text, columns / 3 + 1)
    var tail = ""
    var used = width(head)
    for scalar in text.unicodeScalars.reversed() {
      used += width(scalar)
      if used > columns { break }
      tail.unicodeScalars.insert(scalar, at: tail.unicodeScalars.startIndex)
    }
    return head + tail
  }

  /// Fitted and filled with spaces to this many columns.
  package static func padded(_ text: String, _ columns: Int, isRight: Bool = false) -> String {
    let text = fitted(text, columns)
    let space = String(repeating: " ", count: max(0, columns - width(text)))
    return isRight ? space + text : text + space
  }

  /// Words over lines of this many columns, each line after the first indented.
  package static func wrapped(_ text: String, width columns: Int, indent: Int = 0, first: Int? = nil)
    -> [String]
  {
    var lines: [String] = []
    var line = String(repeating: " ", count: first ?? indent)
    var hasWord = false
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let word = fitted(String(word), max(1, columns - indent))
      if hasWord, width(line) + 1 + width(word) > columns {
        lines.append(line)
        line = String(repeating: " ", count: indent)
        hasWord = false
      }
      line += (hasWord ? " " : "") + word
      hasWord = true
    }
    lines.append(line)
    return lines
  }
}
