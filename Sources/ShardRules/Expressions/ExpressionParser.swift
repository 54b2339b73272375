/// Recursive descent over one token of look-ahead; types are checked on the way.
struct ExpressionParser {
  private var lexer: ExpressionLexer
  private(set) var token = ExpressionLexer.Token.end
  private(set) var offset = 0
  private var nodes = 0
  private var nesting = 0
  var elements: [String] = []
  var paths: [String] = []

  /// A part with its place, for messages.
  struct Part {
    var node: Expression.Node
    var offset: Int
  }

  enum Kind: String {
    case number, text, boolean
    /// A field: known only in the data.
    case any
  }

  init(_ source: String) throws(Expression.Failure) {
    guard source.utf8.count <= Expression.maximumLength else {
      throw .init(
        message: "expected at most \(Expression.maximumLength) bytes, found \(source.utf8.count)", offset: 0)
    }
    lexer = ExpressionLexer(source)
    try advance()
  }

  mutating func parse() throws(Expression.Failure) -> Expression.Node {
    let part = try condition()
    guard token == .end else { throw unexpected("an operator or the end") }
    try need(.boolean, part)
    guard !paths.isEmpty else { throw .init(message: "the condition names no field", offset: part.offset) }
    return part.node
  }

  // MARK: Tokens

  mutating func advance() throws(Expression.Failure) {
    token = try lexer.next()
    offset = lexer.start
  }

  func unexpected(_ expected: String) -> Expression.Failure {
    .init(message: "expected \(expected), found \(token.shown)", offset: offset)
  }

  mutating func take(_ words: String...) throws(Expression.Failure) -> Bool {
    switch token {
    case .symbol(let text) where words.contains(text), .word(let text) where words.contains(text):
      try advance()
      return true
    default: return false
    }
  }

  mutating func expect(_ symbol: String) throws(Expression.Failure) {
    guard try take(symbol) else { throw unexpected("`\(symbol)`") }
  }

  mutating func make(_ node: Expression.Node, _ offset: Int) throws(Expression.Failure) -> Part {
    nodes += 1
    guard nodes <= Expression.maximumNodes else {
      throw .init(message: "expected at most \(Expression.maximumNodes) values and operators", offset: offset)
    }
    return Part(node: node, offset: offset)
  }

  private mutating func enter() throws(Expression.Failure) {
    nesting += 1
    guard nesting <= Expression.maximumNesting else {
      throw .init(message: "expected at most \(Expression.maximumNesting) levels of nesting", offset: offset)
    }
  }

  // MARK: Types

  private static func kind(_ node: Expression.Node) -> Kind {
    switch node {
    case .number, .length, .reduce, .unary, .arithmetic: .number
    case .text: .text
    case .boolean, .compare, .and, .or, .not, .isNull, .isIn, .matches: .boolean
    case .field: .any
    }
  }

  func need(_ wanted: Kind, _ part: Part) throws(Expression.Failure) {
    let found = Self.kind(part.node)
    guard found != .any, found != wanted else { return }
    let expected = wanted == .boolean ? "a condition" : "a \(wanted.rawValue)"
    let shown = found == .boolean ? "a condition" : "a \(found.rawValue)"
    throw .init(message: "expected \(expected), found \(shown)", offset: part.offset)
  }

  // MARK: Conditions

  mutating func condition() throws(Expression.Failure) -> Part {
    try enter()
    defer { nesting -= 1 }
    if try take("if") {
      let premise = try disjunction()
      guard try take("then") else { throw unexpected("`then`") }
      return try imply(premise)
    }
    let premise = try disjunction()
    return try take("implies") ? try imply(premise) : premise
  }

  private mutating func imply(_ premise: Part) throws(Expression.Failure) -> Part {
    let conclusion = try condition()
    try need(.boolean, premise)
    try need(.boolean, conclusion)
    let negated = try make(.not(premise.node), premise.offset)
    return try make(.or(negated.node, conclusion.node), premise.offset)
  }

  private mutating func disjunction() throws(Expression.Failure) -> Part {
    var left = try conjunction()
    while try take("or", "||") {
      let right = try conjunction()
      try need(.boolean, left)
      try need(.boolean, right)
      left = try make(.or(left.node, right.node), left.offset)
    }
    return left
  }

  private mutating func conjunction() throws(Expression.Failure) -> Part {
    var left = try negation()
    while try take("and", "&&") {
      let right = try negation()
      try need(.boolean, left)
      try need(.boolean, right)
      left = try make(.and(left.node, right.node), left.offset)
    }
    return left
  }

  private mutating func negation() throws(Expression.Failure) -> Part {
    let start = offset
    guard try take("not", "!") else { return try comparison() }
    try enter()
    defer { nesting -= 1 }
    let part = try negation()
    try need(.boolean, part)
    return try make(.not(part.node), start)
  }

  private mutating func comparison() throws(Expression.Failure) -> Part {
    let first = try sum()
    if let test = try test(of: first) { return test }
    var left = first
    var all: Part?
    while case .symbol(let symbol) = token, let comparison = Expression.Comparison(rawValue: symbol) {
      let place = offset
      try advance()
      let right = try sum()
      try compatible(comparison, left, right, at: place)
      // The middle of a chain stands on both sides; it counts twice, since it is evaluated twice.
      if all != nil { nodes += Self.size(left.node) }
      let pair = try make(.compare(comparison, left.node, right.node), left.offset)
      all =
        try all.map { part throws(Expression.Failure) in
          try make(.and(part.node, pair.node), part.offset)
        } ?? pair
      left = right
    }
    return all ?? first
  }

  private func compatible(
    _ comparison: Expression.Comparison, _ left: Part, _ right: Part, at place: Int
  ) throws(Expression.Failure) {
    let kinds = (Self.kind(left.node), Self.kind(right.node))
    if comparison.isOrder, kinds.0 == .boolean || kinds.1 == .boolean {
      throw .init(message: "conditions and booleans have no order: `\(comparison.rawValue)`", offset: place)
    }
    if kinds.0 != .any, kinds.1 != .any, kinds.0 != kinds.1 {
      throw .init(
        message: "a \(kinds.0.rawValue) and a \(kinds.1.rawValue) cannot be compared", offset: place)
    }
  }

  /// `is null`, `in [...]`, `matches '...'`, each with a `not` where English wants it.
  private mutating func test(of part: Part) throws(Expression.Failure) -> Part? {
    if try take("is") {
      let isNegated = try take("not")
      guard try take("null") else { throw unexpected(isNegated ? "`null`" : "`null` or `not null`") }
      guard case .field(let field) = part.node else {
        throw .init(message: "only a field can be null", offset: part.offset)
      }
      return try negated(isNegated, try make(.isNull(field), part.offset))
    }
    let isNegated = try take("not")
    if try take("in") {
      let values = try literals(part)
      return try negated(isNegated, try make(.isIn(part.node, values), part.offset))
    }
    if try take("matches") {
      try need(.text, part)
      let place = offset
      guard case .text(let source) = token else { throw unexpected("a pattern in quotes") }
      try advance()
      let pattern: Pattern
      do {
        pattern = try Pattern(source)
      } catch {
        let words = "the pattern does not compile: \(error.message) (at offset \(error.offset))"
        throw .init(message: words, offset: place)
      }
      return try negated(isNegated, try make(.matches(part.node, pattern), part.offset))
    }
    if isNegated { throw unexpected("`in` or `matches`") }
    return nil
  }

  private mutating func negated(_ isNegated: Bool, _ part: Part) throws(Expression.Failure) -> Part {
    isNegated ? try make(.not(part.node), part.offset) : part
  }

  private mutating func literals(_ left: Part) throws(Expression.Failure) -> [RuleValue] {
    var values: [RuleValue] = []
    if token == .symbol("[]") { throw unexpected("a list of values") }
    try expect("[")
    repeat {
      let place = offset
      let isNegative = try take("-")
      let value: RuleValue
      let kind: Kind
      switch token {
      case .number(let number): (value, kind) = (.number(isNegative ? -number : number), .number)
      case .text(let text) where !isNegative: (value, kind) = (.text(text), .text)
      case .word("true") where !isNegative: (value, kind) = (.boolean(true), .boolean)
      case .word("false") where !isNegative: (value, kind) = (.boolean(false), .boolean)
      default: throw unexpected(isNegative ? "a number" : "a number, a text, true or false")
      }
      try advance()
      let wanted = Self.kind(left.node)
      if wanted != .any, wanted != kind {
        throw .init(message: "a \(wanted.rawValue) and a \(kind.rawValue) cannot be compared", offset: place)
      }
      values.append(value)
      nodes += 1
    } while try take(",")
    try expect("]")
    return values
  }

  // MARK: Numbers

  private mutating func sum() throws(Expression.Failure) -> Part {
    var left = try product()
    while case .symbol(let symbol) = token, symbol == "+" || symbol == "-",
      let operation = Expression.Arithmetic(rawValue: symbol)
    {
      try advance()
      left = try arithmetic(operation, left, try product())
    }
    return left
  }

  private mutating func product() throws(Expression.Failure) -> Part {
    var left = try factor()
    while case .symbol(let symbol) = token, symbol == "*" || symbol == "/" || symbol == "%",
      let operation = Expression.Arithmetic(rawValue: symbol)
    {
      try advance()
      left = try arithmetic(operation, left, try factor())
    }
    return left
  }

  private mutating func arithmetic(
    _ operation: Expression.Arithmetic, _ left: Part, _ right: Part
  ) throws(Expression.Failure) -> Part {
    try need(.number, left)
    try need(.number, right)
    return try make(.arithmetic(operation, left.node, right.node), left.offset)
  }

  private mutating func factor() throws(Expression.Failure) -> Part {
    let start = offset
    guard try take("-") else { return try primary() }
    try enter()
    defer { nesting -= 1 }
    let part = try factor()
    try need(.number, part)
    if case .number(let value) = part.node { return Part(node: .number(-value), offset: start) }
    return try make(.unary(.negate, part.node), start)
  }
}
