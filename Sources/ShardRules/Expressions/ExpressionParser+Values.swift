import ShardModel

// Values: literals, calls and fields.

extension ExpressionParser {
  private static let reserved: Set<String> = [
    "and", "or", "not", "in", "is", "null", "matches", "if", "then", "implies", "true", "false",
  ]
  private static let functions = Expression.Reduction.allCases.map(\.rawValue) + ["abs", "floor", "len"]

  mutating func primary() throws(Expression.Failure) -> Part {
    let start = offset
    switch token {
    case .number(let value):
      try advance()
      return try make(.number(value), start)
    case .text(let text):
      try advance()
      return try make(.text(text), start)
    case .symbol("("):
      try advance()
      let inner = try condition()
      try expect(")")
      return inner
    case .word("true"), .word("false"):
      let value = token == .word("true")
      try advance()
      return try make(.boolean(value), start)
    case .word("null"):
      throw .init(message: "nothing equals null; expected `is null` or `is not null`", offset: start)
    case .word(let word) where !Self.reserved.contains(word):
      try advance()
      guard token == .symbol("(") else { return try field(startingWith: word, at: start) }
      try advance()
      return try call(word, at: start)
    case .quotedName(let name):
      try advance()
      return try field(startingWith: name, at: start, isQuoted: true)
    default: throw unexpected("a value")
    }
  }

  private mutating func call(_ name: String, at start: Int) throws(Expression.Failure) -> Part {
    if let function = Expression.Unary(rawValue: name) {
      let argument = try condition()
      try expect(")")
      try need(.number, argument)
      return try make(.unary(function, argument.node), start)
    }
    let reduction = Expression.Reduction(rawValue: name)
    guard reduction != nil || name == "len" else {
      let near = NearestName.of(name, among: Self.functions).map { "; did you mean `\($0)`?" }
      throw .init(
        message: "unknown function `\(Shown.text(name))`"
          + (near ?? "; expected \(Shown.choices(Self.functions))"), offset: start)
    }
    let place = offset
    var reference: FieldReference
    switch token {
    case .word(let word) where !Self.reserved.contains(word):
      try advance()
      reference = try path(startingWith: word)
    case .quotedName(let word):
      try advance()
      reference = try path(startingWith: word, isQuoted: true)
    default: throw unexpected("a field")
    }
    guard token == .symbol(")") else { throw unexpected("`)`, since `\(name)` takes one field") }
    try advance()
    guard let reduction else {
      try note(reference, reference.elements, at: place)
      return try make(.length(reference), start)
    }
    if reference.elements.isEmpty { reference.enterElements() }
    try note(reference, reference.elements.dropLast(), at: place)
    return try make(.reduce(reduction, reference), start)
  }

  // MARK: Fields

  private mutating func field(
    startingWith name: String, at start: Int, isQuoted: Bool = false
  ) throws(Expression.Failure) -> Part {
    let reference = try path(startingWith: name, isQuoted: isQuoted)
    try note(reference, reference.elements, at: start)
    return try make(.field(reference), start)
  }

  private mutating func path(
    startingWith name: String, isQuoted: Bool = false
  ) throws(Expression.Failure) -> FieldReference {
    var reference = FieldReference()
    if isQuoted || name != "$" { reference.enter(name) }
    while true {
      if try take("[]") {
        reference.enterElements()
      } else if try take(".") {
        switch token {
        case .word(let name), .quotedName(let name): reference.enter(name)
        default: throw unexpected("the name of a member")
        }
        try advance()
      } else if token == .symbol("[") {
        throw .init(message: "expected `[]`, which stands for each element of the list", offset: offset)
      } else {
        return reference
      }
    }
  }

  /// Holds the lists on the way to a field against those of the others.
  private mutating func note(
    _ reference: FieldReference, _ way: some Collection<String>, at place: Int
  ) throws(Expression.Failure) {
    if !paths.contains(reference.path) { paths.append(reference.path) }
    for (mine, others) in zip(way, elements) where mine != others {
      throw .init(
        message: "`\(Shown.text(mine))` and `\(Shown.text(others))` are elements of different lists",
        offset: place)
    }
    if way.count > elements.count { elements = Array(way) }
  }

  static func size(_ node: Expression.Node) -> Int {
    switch node {
    case .number, .text, .boolean, .field, .length, .reduce, .isNull: 1
    case .unary(_, let inner), .not(let inner), .matches(let inner, _): 1 + size(inner)
    case .isIn(let inner, let values): 1 + values.count + size(inner)
    case .arithmetic(_, let left, let right), .compare(_, let left, let right), .and(let left, let right),
      .or(let left, let right):
      1 + size(left) + size(right)
    }
  }
}
