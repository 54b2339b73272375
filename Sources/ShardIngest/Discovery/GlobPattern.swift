/// One component of a glob: `*`, `?`, `[a-z]`, `[!a-z]`, and a backslash before any of them.
///
/// Matches whole names, letter by letter as Unicode scalars. A name that begins with a dot needs a pattern that does.
/// Cost is at most the product of both lengths: only the last star is ever tried again.
struct GlobPattern {
  private enum Token {
    case scalar(Unicode.Scalar)
    case any, star
    case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
  }

  private let tokens: [Token]
  private let beginsWithDot: Bool
  /// The only name that matches, where the pattern has no wildcard.
  let literal: String?

  init(_ pattern: Substring) {
    let scalars = Array(pattern.unicodeScalars)
    var tokens: [Token] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*": tokens.append(.star)
      case "?": tokens.append(.any)
      case "\\" where index < scalars.count:
        tokens.append(.scalar(scalars[index]))
        index += 1
      case "[":
        if let (set, end) = Self.set(scalars, from: index) {
          tokens.append(set)
          index = end
        } else {
          tokens.append(.scalar(scalar))
        }
      default: tokens.append(.scalar(scalar))
      }
    }
    self.tokens = tokens
    if case .scalar(".")? = tokens.first { beginsWithDot = true } else { beginsWithDot = false }
    var text = String.UnicodeScalarView()
    var isLiteral = true
    for token in tokens {
      if case .scalar(let scalar) = token { text.append(scalar) } else { isLiteral = false }
    }
    literal = isLiteral ? String(text) : nil
  }

  /// Whether a text has an unescaped wildcard or brace.
  static func isGlob(_ text: String) -> Bool {
    text.utf8.contains { "*?[{".utf8.contains($0) }
  }

  func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    if scalars.first == ".", !beginsWithDot { return false }
    var (token, position) = (0, 0)
    var retry: (token: Int, position: Int)?
    while position < scalars.count || token < tokens.count {
      if token < tokens.count {
        if case .star = tokens[token] {
          retry = (token, position + 1)
          token += 1
          continue
        }
        if position < scalars.count, accepts(tokens[token], scalars[position]) {
          token += 1
          position += 1
          continue
        }
      }
      guard let last = retry, last.position <= scalars.count else { return false }
      (token, position) = (last.token, last.position)
    }
    return true
  }

  private func accepts(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
    switch token {
    case .scalar(let wanted): return wanted == scalar
    case .any, .star: return true
    case .set(let ranges, let isNegated): return ranges.contains { $0.contains(scalar) } != isNegated
    }
  }

  /// The set after "[" and the index after its "]"; nil where it does not end. A "]" in first place is a member.
  private static func set(_ scalars: [Unicode.Scalar], from start: Int) -> (Token, Int)? {
    var index = start
    var isNegated = false
    if index < scalars.count, scalars[index] == "!" || scalars[index] == "^" {
      isNegated = true
      index += 1
    }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let first = index
    while index < scalars.count {
      if scalars[index] == "]", index > first { return (.set(ranges, isNegated: isNegated), index + 1) }
      let low = scalars[index]
      if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
        let high = scalars[index + 2]
        if low <= high { ranges.append(low...high) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return nil
  }
}
