/// How many columns of a terminal a text takes, and how to cut it to fit.
///
/// In doubt a scalar counts as wide, so that a line may come out short but never long.
package enum DisplayWidth {
  package static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  package static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.value {
    // A variation selector that asks for the picture makes a narrow character before it wide.
    case 0xFE0F: return 1
    // UAX #11: wide and full-width blocks.
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18DFF,
      0x1B000...0x1B2FF,
      0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }

  static let ellipsis = "…"

  /// The text, or its beginning and `…`, in at most `width` columns.
  package static func cut(_ text: String, to width: Int) -> String {
    if of(text) <= width { return text }
    guard width > 0 else { return "" }
    return prefix(text.unicodeScalars, width - 1) + ellipsis
  }

  /// The text, or its beginning, `…` and its end, which tells more of a path than its middle.
  package static func cutMiddle(_ text: String, to width: Int) -> String {
    if of(text) <= width { return text }
    guard width > 0 else { return "" }
    let head = (width - 1) / 3
    let tail = prefix(text.unicodeScalars.reversed(), width - 1 - head)
    return prefix(text.unicodeScalars, head) + ellipsis
      + String(String.UnicodeScalarView(tail.unicodeScalars.reversed()))
  }

  static func prefix(_ scalars: some Sequence<Unicode.Scalar>, _ width: Int) -> String {
    var kept = ""
    var used = 0
    for scalar in scalars {
      used += of(scalar)
      if used > width { break }
      kept.unicodeScalars.append(scalar)
    }
    return kept
  }

  /// Spaces that fill the text up to `width` columns.
  package static func padding(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - of(text)))
  }
}
