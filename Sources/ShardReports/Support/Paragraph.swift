/// Breaks text into lines at spaces.
package enum Paragraph {
  /// Keeps two words on one line.
  package static let noBreakSpace: Character = "\u{A0}"

  /// The lines of `text`, each at most `width` columns; a word that is longer is cut in pieces. Runs of white space
  /// are one space, and an empty text has no line.
  package static func lines(_ text: String, width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(whereSeparator: { $0.isWhitespace && $0 != noBreakSpace }) {
      for piece in pieces(String(word), width) {
        let size = DisplayWidth.of(piece)
        if used > 0, used + 1 + size <= width {
          line += " " + piece
          used += 1 + size
        } else {
          if used > 0 { lines.append(line) }
          line = piece
          used = size
        }
      }
    }
    if used > 0 { lines.append(line) }
    return lines
  }

  /// The lines with `first` before the first one and as many spaces before the others.
  package static func hanging(_ text: String, after first: String, width: Int) -> [String] {
    let indent = DisplayWidth.of(first)
    let broken = lines(text, width: width - indent)
    return broken.enumerated().map { index, line in
      (index == 0 ? first : String(repeating: " ", count: indent)) + line
    }
  }

  private static func pieces(_ word: String, _ width: Int) -> [String] {
    guard DisplayWidth.of(word) > width else { return [word] }
    var pieces = [""]
    var used = 0
    for scalar in word.unicodeScalars {
      let size = DisplayWidth.of(scalar)
      if used + size > width {
        pieces.append("")
        used = 0
      }
      pieces[pieces.count - 1].unicodeScalars.append(scalar)
      used += size
    }
    return pieces
  }
}
