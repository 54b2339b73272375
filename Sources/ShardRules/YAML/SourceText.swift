/// The text of a file, for finding the place of a part of a scalar: a mistake in the middle of an expression.
struct SourceText {
  private let lines: [[Unicode.Scalar]]

  /// - Complexity: O(bytes).
  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Array(String(decoding: $0, as: UTF8.self).unicodeScalars)
    }
  }

  /// The place of the scalar value's character at `offset`, where the scalar starts at `start`.
  ///
  /// The written form is walked beside the value: what is only in the written form (quotes, escapes, indentation,
  /// folded breaks) is passed over. Where the two cannot be held together the start is given.
  /// - Complexity: O(offset + what is passed over).
  func position(of offset: Int, in value: String, from start: SourcePosition) -> SourcePosition {
    var cursor = Cursor(lines: lines, line: start.line - 1, column: start.column - 1)
    let opening = cursor.current
    if opening == "'" || opening == "\"" {
      cursor.advance()
    } else if opening == "|" || opening == ">" {
      cursor.nextLine()
      cursor.skipBlanks()
    }
    let quote = opening == "'" || opening == "\"" ? opening : nil
    for scalar in value.unicodeScalars.prefix(offset) {
      guard cursor.pass(scalar, quote: quote) else { return start }
    }
    // The character itself may stand on a later line than the one before.
    if !value.unicodeScalars.dropFirst(offset).isEmpty, cursor.current == nil {
      cursor.nextLine(skipping: true)
    }
    return SourcePosition(line: cursor.line + 1, column: cursor.column + 1)
  }

  private struct Cursor {
    let lines: [[Unicode.Scalar]]
    var line: Int
    var column: Int

    /// Nil at the end of a line.
    var current: Unicode.Scalar? {
      guard line >= 0, line < lines.count, column >= 0, column < lines[line].count else { return nil }
      return lines[line][column]
    }

    mutating func advance() { column += 1 }

    mutating func nextLine(skipping: Bool = false) {
      line += 1
      column = 0
      if skipping { skipBlanks() }
    }

    mutating func skipBlanks() {
      while line < lines.count {
        while let scalar = current, scalar == " " || scalar == "\t" || scalar == "\r" { advance() }
        if current != nil || line + 1 >= lines.count { return }
        nextLine()
      }
    }

    /// Passes the written form of one character of the value.
    mutating func pass(_ scalar: Unicode.Scalar, quote: Unicode.Scalar?) -> Bool {
      let isBlank = scalar == " " || scalar == "\n"
      if isBlank, current == nil || current == "\r" {
        guard line + 1 < lines.count else { return false }
        nextLine(skipping: true)
        return true
      }
      guard let written = current else { return false }
      if quote == "\"", written == "\\" { return passEscape() }
      advance()
      if quote == "'", written == "'" { advance() }
      return written == scalar
    }

    private mutating func passEscape() -> Bool {
      advance()
      guard let kind = current else {
        nextLine(skipping: true)
        return true
      }
      advance()
      let digits: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
      column += digits[kind] ?? 0
      return true
    }
  }
}
