import ShardModel

/// What a piece of text is, not how it looks.
package enum TextStyle: Sendable {
  case plain, heading, faint, error, warning, note, passed

  /// SGR codes. No red stands against a green, so that two kinds that matter are not told apart by hue alone, and
  /// every coloured word says by itself what it means.
  fileprivate var code: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .faint: "2"
    case .error: "1;31"
    case .warning: "33"
    case .note: "36"
    case .passed: "1;36"
    }
  }

  package static func of(_ severity: Severity) -> TextStyle {
    switch severity {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }
}

/// One line for a terminal, put together from pieces; it never leaves the width it is given and never holds a control
/// character but its own colours.
package struct StyledLine: Sendable {
  private var pieces: [(text: String, style: TextStyle)] = []
  /// In columns.
  package private(set) var width = 0

  package init() {}

  package init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

  /// Appends text, made printable.
  package mutating func append(_ text: String, _ style: TextStyle = .plain) {
    let shown = Printable.line(text)
    width += DisplayWidth.of(shown)
    pieces.append((shown, style))
  }

  /// Appends spaces up to a column.
  package mutating func pad(to column: Int) {
    if column > width { append(String(repeating: " ", count: column - width)) }
  }

  /// Appends text cut and filled to exactly `columns`.
  package mutating func cell(
    _ text: String, _ columns: Int, alignRight: Bool = false, _ style: TextStyle = .plain
  ) {
    let shown = DisplayWidth.cut(Printable.line(text), to: columns)
    let padding = DisplayWidth.padding(shown, to: columns)
    if alignRight, !padding.isEmpty { append(padding) }
    append(shown, style)
    if !alignRight, !padding.isEmpty { append(padding) }
  }

  /// The line without its line feed, cut to `limit` columns, without spaces at its end.
  package func rendered(width limit: Int, color: Bool) -> String {
    let pieces = trimmed
    let isCut = pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } > limit
    var line = ""
    var room = isCut ? limit - 1 : limit
    for piece in pieces {
      let text = DisplayWidth.prefix(piece.text.unicodeScalars, room)
      room -= DisplayWidth.of(text)
      let isWhole = text.utf8.count == piece.text.utf8.count
      let shown = isWhole ? text : text + DisplayWidth.ellipsis
      if color, let code = piece.style.code, !shown.isEmpty {
        line += "\u{1B}[\(code)m\(shown)\u{1B}[0m"
      } else {
        line += shown
      }
      if !isWhole { break }
    }
    return line
  }

  private var trimmed: [(text: String, style: TextStyle)] {
    var kept = pieces
    while let last = kept.last {
      let text = last.text.trimmedAtEnd
      if text.isEmpty {
        kept.removeLast()
        continue
      }
      kept[kept.count - 1].text = text
      break
    }
    return kept
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
