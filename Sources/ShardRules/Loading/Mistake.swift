/// One thing that is wrong with a rules file.
package struct Mistake: Error, Sendable, Hashable {
  package var position: SourcePosition
  /// What was expected and what was found; lower case, no full stop.
  package var message: String

  package init(_ position: SourcePosition, _ message: String) {
    self.position = position
    self.message = message
  }

  /// `rules.yaml:12:7: expected a number, found the text "abc"`.
  package func text(in file: String) -> String { "\(file):\(position.line):\(position.column): \(message)" }
}

/// All that is wrong with a rules file, in the order of the file; never empty.
package struct RulesError: Error, Sendable, Equatable {
  package var file: String
  package var mistakes: [Mistake]
  /// Whether there were more than `limit`.
  package var isCut = false

  /// More would not be read by anybody.
  package static let limit = 200

  package var lines: [String] {
    mistakes.map { $0.text(in: file) }
      + (isCut ? ["\(file): more than \(Self.limit) mistakes, the others are left out"] : [])
  }
}

/// How values are shown in messages: bounded, on one line.
package enum Shown {
  private static let limit = 60

  package static func text(_ text: some StringProtocol) -> String {
    var shown = ""
    var count = 0
    for scalar in text.unicodeScalars {
      if count == limit { return shown + "…" }
      count += 1
      switch scalar {
      case "\n": shown += "\\n"
      case "\t": shown += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || (0x80..<0xA0).contains(scalar.value):
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  package static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }

  static func node(_ node: YAMLNode) -> String {
    switch node.content {
    case .list(let elements): return elements.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): return entries.isEmpty ? "an empty mapping" : "a mapping"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: return "nothing"
      case .boolean: return "the boolean \(scalar.text)"
      case .number(let value) where !value.isFinite: return "\(text(scalar.text)), which is not finite"
      case .integer, .number: return "the number \(text(scalar.text))"
      case .text: return "the text \"\(text(scalar.text))\""
      }
    }
  }

  /// `a`, `b` or `c`.
  static func choices(_ names: [String]) -> String {
    let quoted = names.map { "`\($0)`" }
    guard quoted.count > 1, let last = quoted.last else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}
