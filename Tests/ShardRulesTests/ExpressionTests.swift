import Foundation
import ShardModel
import ShardRules
import ShardTestSupport
import Testing

@Suite struct ExpressionTests {
  /// Rows that break the rule, of lines of JSON.
  private static func rows(_ rule: String, _ lines: String) throws -> [Int] {
    let evaluator = ExpressionEvaluator(try Expression(rule))
    return withBatch(lines) { evaluator.violations(in: $0).places.map(\.row) }
  }

  @Test(
    arguments: [
      (
        "a < 2", "{\"a\":1}\n{\"a\":2}\n{\"a\":null}\n{}\n{\"a\":\"x\"}\n{\"a\":NaN}\n{\"a\":Infinity}",
        [1, 6]
      ),
      (
        "len(x) == len(y)",
        "{\"x\":[1,2],\"y\":[1,2]}\n{\"x\":[1],\"y\":[]}\n{\"x\":\"é\",\"y\":[0]}\n{\"x\":[1]}", [1]
      ),
      (
        "label == 'cat'", "{\"label\":\"cat\"}\n{\"label\":\"c\\u0061t\"}\n{\"label\":3}\n{\"label\":null}",
        [2]
      ),
      (
        "if kind == 'box' then w > 0",
        "{\"kind\":\"box\",\"w\":0}\n{\"kind\":\"dot\",\"w\":0}\n{\"kind\":\"box\"}", [0]
      ),
      ("a is not null", "{\"a\":1}\n{\"a\":null}\n{}\nbroken\n[1]\n{\"b\":1}", [1, 2, 4, 5]),
      ("1 / a > 0", "{\"a\":0}\n{\"a\":-1}\n{\"a\":1}", [1]),
      ("a % 3 == 2", "{\"a\":-1}\n{\"a\":1}\n{\"a\":5}\n{\"a\":5.5}", [1, 3]),
      ("0 <= a < b <= 1", "{\"a\":0,\"b\":1}\n{\"a\":0.5,\"b\":0.5}\n{\"a\":2}\n{\"a\":-1}", [1, 3]),
      ("`odd name`.`x.y` == 1", "{\"odd name\":{\"x.y\":1}}\n{\"odd name\":{\"x.y\":2}}", [1]),
      (
        "sum(p) == 1", "{\"p\":[0.5,0.5]}\n{\"p\":[1,1]}\n{\"p\":[]}\n{\"p\":[1,null]}\n{\"p\":[3,\"x\"]}",
        [1, 2]
      ),
      ("not (a and b)", "{\"a\":true,\"b\":true}\n{\"a\":true}\n{\"a\":true,\"b\":false}", [0]),
      ("s matches '^[a-z]+$'", "{\"s\":\"abc\"}\n{\"s\":\"aBc\"}\n{\"s\":7}\n{\"s\":\"\"}", [1, 3]),
      ("s not in ['a', 'b', 1]", "{\"s\":\"a\"}\n{\"s\":\"c\"}\n{\"s\":1}\n{\"s\":true}", [0, 2]),
      ("$[] < 3", "[1,2]\n[3]\n{\"a\":4}\n[[5]]", [1]),
      (
        "a == b", "{\"a\":1,\"b\":1}\n{\"a\":1,\"b\":\"1\"}\n{\"a\":[1],\"b\":[1]}\n{\"a\":true,\"b\":false}",
        [1, 3]
      ),
    ] as [(String, String, [Int])])
  func `rows that break a rule`(rule: String, lines: String, expected: [Int]) throws {
    #expect(try Self.rows(rule, lines) == expected)
  }

  @Test func `elements are held against the rule one by one`() throws {
    let evaluator = ExpressionEvaluator(try Expression("boxes[].x1 < boxes[].x2 and boxes[].x2 <= width"))
    let lines = """
      {"width":10,"boxes":[{"x1":1,"x2":2},{"x1":3,"x2":1},7,{"x1":5,"x2":11}]}
      {"width":10,"boxes":[]}
      {"width":1,"boxes":[{"x2":5,"x1":2}]}
      {"boxes":[{"x1":0,"x2":5}]}
      """
    withBatch(lines) { batch in
      let found = evaluator.violations(in: batch)
      let paths = found.places.map { place -> String in
        guard case .position(let position, let field)? = place.element else { return "?" }
        return batch.format.path(of: position, field: field, row: place.row, in: batch)
      }
      #expect(found.places.map(\.row) == [0, 0, 2])
      #expect(paths == ["boxes[1]", "boxes[3]", "boxes[0]"])
      #expect(found.judgedRecords == 2 && found.violatingRecords == 2)
    }
  }

  @Test func `a batch with other fields in their places is read right`() throws {
    let evaluator = ExpressionEvaluator(try Expression("b > 0"))
    #expect(withBatch("{\"a\":1,\"b\":0}") { evaluator.violations(in: $0).places.count } == 1)
    #expect(withBatch("{\"c\":0,\"a\":-1,\"b\":1}") { evaluator.violations(in: $0).places.count } == 0)
    #expect(withBatch("{\"c\":0,\"a\":-1}") { evaluator.violations(in: $0).judgedRecords } == 0)
    #expect(withBatch("{\"b\":0}") { evaluator.violations(in: $0).places.count } == 1)
  }

  @Test(arguments: 0..<40)
  func `columns say what a walk over each record says`(seed: Int) throws {
    var source = RandomExpressions(random: RepeatableRandom(seed: UInt64(seed)))
    let records = (0..<40).map { _ in source.record() }
    let lines = records.map(\.json).joined(separator: "\n")
    for scope in RandomExpressions.Scope.allCases {
      for _ in 0..<12 {
        let text = source.condition(scope, 3)
        guard let expression = try? Expression(text) else { continue }
        compare(expression, records, lines)
      }
    }
  }

  @Test func `most random conditions are read`() {
    var source = RandomExpressions(random: RepeatableRandom(seed: 1))
    var read = 0
    for _ in 0..<500 {
      if (try? Expression(source.condition(.boxes, 3))) != nil { read += 1 }
    }
    #expect(read > 250, "\(read) of 500")
  }

  private func compare(_ expression: Expression, _ records: [Value], _ lines: String) {
    let reference = ReferenceEvaluator(expression: expression)
    var expected: [[Int]] = []
    var judged = 0
    for (row, record) in records.enumerated() {
      let outcomes = reference.outcomes(record)
      if !outcomes.isEmpty { judged += 1 }
      expected += outcomes.filter { !$0.holds }.map { [row] + $0.indices }
    }
    let depth = expression.elements.count
    withBatch(lines) { batch in
      let found = ExpressionEvaluator(expression).violations(in: batch)
      #expect(found.judgedRecords == judged, "\(expression.source)")
      #expect(found.violatingRecords == Set(expected.map { $0[0] }).count, "\(expression.source)")
      // The element's own index; which of the outer lists it is in shows in the number of them.
      let places = found.places.map { [$0.row] + (depth == 0 ? [] : [Self.index($0, batch) ?? -1]) }.sorted(
        by: Self.less)
      let wanted = expected.map { depth == 0 ? $0 : [$0[0], $0[$0.count - 1]] }.sorted(by: Self.less)
      #expect(places == wanted, "\(expression.source)")
    }
  }

  private static func less(_ left: [Int], _ right: [Int]) -> Bool { left.lexicographicallyPrecedes(right) }

  /// The index of a violating element in its list.
  private static func index(_ place: Violations.Place, _ batch: RecordBatch) -> Int? {
    switch place.element {
    case nil: return nil
    case .position(let position, let field)?:
      let path = batch.format.path(of: position, field: field, row: place.row, in: batch)
      guard let open = path.lastIndex(of: "[") else { return nil }
      return Int(path[path.index(after: open)...].dropLast())
    case .number(let number, let field)?:
      let lists = batch.columns[batch.fields[field].parent].lists.values
      guard let list = lists.last(where: { Int($0.firstNumber) <= number }) else { return nil }
      return batch.format.elementPosition(
        number: number - Int(list.firstNumber), list: list.position, in: batch)?.index
    }
  }

  @Test func `conditions mean what they mean in Python`() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/python.tsv")
    var count = 0
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let parts = line.split(separator: "\t").map { String($0) }
      let expected = parts[2] == "True" ? [] : [0]
      #expect(try Self.rows(parts[0], parts[1]) == expected, "\(line)")
      count += 1
    }
    #expect(count >= 300)
  }

  @Test func `size and depth are limited`() {
    #expect(throws: Expression.Failure.self) { try Expression(String(repeating: "(", count: 2000) + "a") }
    #expect(throws: Expression.Failure.self) { try Expression(String(repeating: "not ", count: 1000) + "a") }
    #expect(throws: Expression.Failure.self) { try Expression(String(repeating: "-", count: 1000) + "a > 1") }
    #expect(throws: Expression.Failure.self) {
      try Expression("a" + String(repeating: " + a", count: 900) + " > 1")
    }
    #expect(throws: Expression.Failure.self) { try Expression("a > 1" + String(repeating: " ", count: 5000)) }
    // Each level of a chain doubles what is evaluated.
    let chain = (0..<20).reduce("a") { text, _ in "(a == (\(text)) == b)" }
    #expect(throws: Expression.Failure.self) { try Expression(chain) }
    #expect(throws: Never.self) { try Expression("a" + String(repeating: " + a", count: 140) + " > 1") }
  }
}
