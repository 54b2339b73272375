/// A place in the text of a file; line and column count from 1, the column in characters (Unicode scalars).
package struct SourcePosition: Sendable, Hashable, Comparable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One value of a YAML document with its place. Aliases are resolved: their node is the one that the anchor names, at
/// the place of the anchor.
package struct YAMLNode: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case scalar(YAMLScalar)
    case list([YAMLNode])
    case mapping([YAMLEntry])
  }

  package var content: Content
  package var position: SourcePosition

  /// The value of the first entry with this key; nil too where the node is no mapping.
  package subscript(key: String) -> YAMLNode? { entry(key)?.value }

  package func entry(_ key: String) -> YAMLEntry? { entries?.first { $0.key == key } }

  package var entries: [YAMLEntry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  package var elements: [YAMLNode]? {
    if case .list(let elements) = content { elements } else { nil }
  }

  package var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }
}

package struct YAMLEntry: Sendable, Equatable {
  /// As written, without quotes, whatever its type.
  package var key: String
  package var keyPosition: SourcePosition
  package var value: YAMLNode
}

package struct YAMLScalar: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A whole number that a double holds exactly.
    case integer(Int)
    /// Any other number; NaN and infinities too.
    case number(Double)
    case text
  }

  /// As written, without quotes and with escapes undone.
  package var text: String
  /// Not quoted, not a block.
  package var isPlain: Bool
  package var value: Value

  package init(text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
    value = isPlain ? Self.value(of: text) : .text
  }

  package static func == (left: YAMLScalar, right: YAMLScalar) -> Bool {
    left.text == right.text && left.isPlain == right.isPlain
  }
}

extension YAMLScalar {
  /// The core schema (YAML 1.2.2, section 10.3.2), with `yes`, `no`, `on` and `off` of YAML 1.1 as booleans.
  static func value(of text: String) -> Value {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .boolean(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .boolean(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    default: return number(text) ?? .text
    }
  }

  private static func number(_ text: String) -> Value? {
    if text.hasPrefix("0x") || text.hasPrefix("0o") {
      let digits = text.dropFirst(2)
      guard digits.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) ?? false else {
        return nil
      }
      return UInt64(digits, radix: text.hasPrefix("0x") ? 16 : 8).map { number(Double($0)) }
    }
    var rest = Array(text.utf8)[...]
    func digits() -> Int {
      let run = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      rest = rest.dropFirst(run.count)
      return run.count
    }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = digits()
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = digits()
    }
    guard whole + fraction > 0 else { return nil }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      guard digits() > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    return Double(text).map { number($0) }
  }

  private static func number(_ value: Double) -> Value {
    value.magnitude <= 0x1p53 && value == value.rounded() ? .integer(Int(value)) : .number(value)
  }
}
