import ShardTestSupport

/// Records of one shape with everything that can be wrong with them, and conditions over them.
struct RandomExpressions {
  var random: RepeatableRandom
  /// Where the paths of a condition go: into records, or into the elements of one list.
  enum Scope: CaseIterable { case record, boxes, points, numbers, rows }

  mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

  private mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element {
    choices.randomElement(using: &random)!
  }

  // MARK: Records

  mutating func record() -> Value {
    .object(
      members([
        ("a", number()), ("b", number()), ("s", text()), ("t", text()), ("f", .boolean(chance(0.5))),
        ("m", .object(members([("x", number()), ("s", text())]))), ("xs", numbers()),
        ("boxes", list { $0.box() }), ("rows", list { $0.numbers() }),
      ]))
  }

  private mutating func box() -> Value {
    .object(
      members([
        ("x1", number()), ("x2", number()), ("tag", text()), ("ok", .boolean(chance(0.5))),
        ("pts", numbers()),
      ]))
  }

  private mutating func members(_ all: [(String, Value)]) -> [(String, Value)] {
    all.compactMap { name, value in
      if chance(0.08) { return nil }
      return (name, chance(0.12) ? odd() : value)
    }.shuffled(using: &random)
  }

  private mutating func odd() -> Value {
    pick([
      .null, .number(.nan), .number(.infinity), .number(-.infinity), .text("x"), .boolean(true), .number(3),
      .list([]),
      .object([]), .list([.number(1)]),
    ])
  }

  private mutating func number() -> Value { .number(pick([0, 1, 2, 3, -1, 0.5, -2.5, 7, 1e10])) }

  private mutating func text() -> Value {
    .text(pick(["", "x", "xy", "é", "a\"b", "a\nb", "cat", "\u{1F600}z"]))
  }

  private mutating func numbers() -> Value { list { $0.chance(0.1) ? $0.odd() : $0.number() } }

  private mutating func list(_ element: (inout Self) -> Value) -> Value {
    let count = Int.random(in: 0...4, using: &random)
    var values: [Value] = []
    for _ in 0..<count { values.append(chance(0.05) ? odd() : element(&self)) }
    return .list(values)
  }

  // MARK: Conditions

  mutating func condition(_ scope: Scope, _ depth: Int) -> String {
    guard depth > 0 else {
      return pick([
        "\(any(scope)) \(comparison()) \(any(scope))", boolean(scope), "\(any(scope)) is null",
        "\(any(scope)) is not null",
      ])
    }
    switch Int.random(in: 0..<14, using: &random) {
    case 0: return "\(number(scope, depth - 1)) \(comparison()) \(number(scope, depth - 1))"
    case 1: return "\(number(scope, depth - 1)) <= \(number(scope, depth - 1)) < \(number(scope, depth - 1))"
    case 2: return "\(any(scope)) \(comparison()) \(literal())"
    case 3: return "(\(condition(scope, depth - 1))) and (\(condition(scope, depth - 1)))"
    case 4: return "(\(condition(scope, depth - 1))) || \(condition(scope, depth - 1))"
    case 5: return "not (\(condition(scope, depth - 1)))"
    case 6: return "if \(condition(scope, depth - 1)) then \(condition(scope, depth - 1))"
    case 7: return "(\(condition(scope, depth - 1)) implies \(condition(scope, depth - 1)))"
    case 8: return "\(any(scope)) \(pick(["in", "not in"])) [\(literal()), \(literal()), -1]"
    case 9:
      return "\(any(scope)) \(pick(["matches", "not matches"])) '\(pick(["^x", "[a-c]", "^$", "\\w+", "."]))'"
    case 10: return "\(boolean(scope)) == \(pick(["true", "false", "(\(condition(scope, depth - 1)))"]))"
    case 11: return "\(any(scope)) \(pick(["==", "!="])) (\(condition(scope, depth - 1)))"
    default: return "\(any(scope)) \(comparison()) \(number(scope, depth - 1))"
    }
  }

  private mutating func comparison() -> String { pick(["==", "!=", "<", "<=", ">", ">="]) }

  private mutating func literal() -> String {
    // Without booleans, which have no order.
    pick(["0", "1", "2.5", "'x'", "'é'", "\"a\\nb\"", "''", "'a\"b'"])
  }

  private mutating func any(_ scope: Scope) -> String {
    let record = ["a", "b", "s", "t", "f", "m.x", "m.s", "m", "xs", "none", "m.none.deep"]
    switch scope {
    case .record: return pick(record)
    case .boxes:
      return pick(
        record + ["boxes[].x1", "boxes[].x2", "boxes[].tag", "boxes[].ok", "boxes[].none", "boxes[]"])
    case .points: return pick(["boxes[].pts[]", "boxes[].x1", "a", "s", "boxes[].pts"])
    case .numbers: return pick(["xs[]", "xs[]", "a", "s"])
    case .rows: return pick(["rows[][]", "rows[]", "rows[][]", "b"])
    }
  }

  private mutating func boolean(_ scope: Scope) -> String {
    scope == .boxes ? pick(["f", "boxes[].ok"]) : "f"
  }

  private mutating func number(_ scope: Scope, _ depth: Int) -> String {
    guard depth > 0 else { return pick([any(scope), "2", "-1", "0.5"]) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      return "\(number(scope, depth - 1)) \(pick(["+", "-", "*", "/", "%"])) \(number(scope, depth - 1))"
    case 2: return "(\(number(scope, depth - 1)) - \(number(scope, depth - 1)))"
    case 3: return "len(\(any(scope)))"
    case 4:
      let inner: [String] =
        switch scope {
        case .record, .numbers: ["xs", "xs[]", "boxes[].x1", "rows", "none"]
        case .boxes, .points: ["xs", "boxes[].pts[]", "boxes[].x2", "rows"]
        case .rows: ["rows[][]", "xs", "rows[]"]
        }
      return "\(pick(["min", "max", "sum", "mean"]))(\(pick(inner)))"
    case 5: return "abs(\(number(scope, depth - 1)))"
    case 6: return "-floor(\(number(scope, depth - 1)))"
    default: return number(scope, 0)
    }
  }
}
