/// Cuts the text of an expression into words.
struct ExpressionLexer {
  enum Token: Equatable {
    case number(Double)
    case text(String)
    /// A name or keyword, or a name in backticks.
    case word(String)
    case quotedName(String)
    case symbol(String)
    case end

    var shown: String {
      switch self {
      case .number(let value): "the number \(Shown.number(value))"
      case .text(let text): "the text \"\(Shown.text(text))\""
      case .word(let word), .symbol(let word): "`\(Shown.text(word))`"
      case .quotedName(let name): "the field `\(Shown.text(name))`"
      case .end: "the end"
      }
    }
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0
  /// Where the last token began.
  private(set) var start = 0

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  mutating func next() throws(Expression.Failure) -> Token {
    while let scalar = current, scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
      index += 1
    }
    start = index
    guard let scalar = current else { return .end }
    if Self.isDigit(scalar)
      || (scalar == "." && index + 1 < scalars.count && Self.isDigit(scalars[index + 1]))
    {
      return try number()
    }
    if Self.startsName(scalar) {
      while let scalar = current, Self.startsName(scalar) || Self.isDigit(scalar) { index += 1 }
      return .word(string(start..<index))
    }
    switch scalar {
    case "'": return .text(try quoted("'", what: "text"))
    case "`": return .quotedName(try quoted("`", what: "name"))
    case "\"": return .text(try escapedText())
    default: return try symbol()
    }
  }

  private func string(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[range])
    return String(text)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic
  }

  private mutating func skipDigits() -> Int {
    let before = index
    while let scalar = current, Self.isDigit(scalar) { index += 1 }
    return index - before
  }

  private mutating func number() throws(Expression.Failure) -> Token {
    _ = skipDigits()
    if current == "." {
      index += 1
      _ = skipDigits()
    }
    if current == "e" || current == "E" {
      index += 1
      if current == "+" || current == "-" { index += 1 }
      guard skipDigits() > 0 else {
        throw .init(message: "expected the digits of an exponent", offset: index)
      }
    }
    if let scalar = current, Self.startsName(scalar) || scalar == "." {
      throw .init(message: "expected an operator behind the number", offset: index)
    }
    guard let value = Double(string(start..<index)), value.isFinite else {
      throw .init(message: "the number is out of range", offset: start)
    }
    return .number(value)
  }

  /// The quote itself is written twice; nothing else is an escape, so that patterns stay readable.
  private mutating func quoted(
    _ quote: Unicode.Scalar, what: String
  ) throws(Expression.Failure) -> String {
    var text = String.UnicodeScalarView()
    index += 1
    while let scalar = current {
      index += 1
      if scalar == quote {
        guard current == quote else { return String(text) }
        index += 1
      }
      text.append(scalar)
    }
    throw .init(message: "the \(what) that starts here has no end", offset: start)
  }

  private mutating func escapedText() throws(Expression.Failure) -> String {
    var text = String.UnicodeScalarView()
    index += 1
    while let scalar = current {
      index += 1
      if scalar == "\"" { return String(text) }
      text.append(scalar == "\\" ? try escape() : scalar)
    }
    throw .init(message: "the text that starts here has no end", offset: start)
  }

  private mutating func escape() throws(Expression.Failure) -> Unicode.Scalar {
    let at = index - 1
    guard let kind = current else {
      throw .init(message: "the text that starts here has no end", offset: start)
    }
    index += 1
    switch kind {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "\\", "\"", "/": return kind
    case "u":
      let end = min(index + 4, scalars.count)
      if end - index == 4, let value = UInt32(string(index..<end), radix: 16),
        let scalar = Unicode.Scalar(value)
      {
        index = end
        return scalar
      }
      throw .init(message: "expected four hexadecimal digits of a character behind `\\u`", offset: at)
    default:
      throw .init(
        message: "unknown escape `\\\(Shown.text(String(kind)))`; a text in single quotes has no escapes",
        offset: at)
    }
  }

  private mutating func symbol() throws(Expression.Failure) -> Token {
    for symbol in ["<=", ">=", "==", "!=", "&&", "||", "[]"]
    where string(index..<min(index + 2, scalars.count)) == symbol {
      index += 2
      return .symbol(symbol)
    }
    let one = string(index..<(index + 1))
    if one == "=" { throw .init(message: "unknown operator `=`; did you mean `==`?", offset: start) }
    if one == "&" || one == "|" {
      throw .init(message: "unknown operator `\(one)`; did you mean `\(one)\(one)`?", offset: start)
    }
    guard "<>+-*/%()[],.!".unicodeScalars.contains(scalars[index]) else {
      throw .init(message: "expected a value or an operator, found `\(Shown.text(one))`", offset: start)
    }
    index += 1
    return .symbol(one)
  }
}
