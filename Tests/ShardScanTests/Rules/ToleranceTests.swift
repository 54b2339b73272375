import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// How much of a rule may be broken, and how much that matters.
struct ToleranceTests {
  private static func values(_ good: String, _ count: Int, _ bad: String, _ rest: Int) -> [String] {
    Array(repeating: good, count: count) + Array(repeating: bad, count: rest)
  }

  @Test("A rule holds where its share keeps it, to the last value", arguments: shares)
  func mostly(_ share: String, _ kept: Int, _ broken: Int, _ holds: Bool) throws {
    try RuledCase(
      "range: [0, 1], mostly: \(share)", Self.values("1", kept, "2", broken),
      holds ? [] : (kept..<kept + broken).map { "\($0) number-range a" }
    ).run()
  }

  static let shares: [(String, Int, Int, Bool)] = [
    ("0.9", 9, 1, true), ("0.9", 8, 1, false), ("1", 9, 1, false), ("0.99", 99, 1, true),
    ("0.99", 98, 1, false), ("0.001", 1, 99, true), ("0.5", 1, 1, true), ("0.5", 0, 1, false),
    // Products of these shares and counts are rounded up.
    ("0.55", 55, 45, true), ("0.07", 7, 93, true), ("0.56", 56, 44, true), ("0.14", 14, 86, true),
  ]

  @Test("No share of counts is lost in rounding")
  func exact() {
    for count in 1...1_000 as ClosedRange<UInt64> {
      for percent in 1...100 as ClosedRange<UInt64> where count * percent % 100 == 0 {
        let kept = count * percent / 100
        let mostly = Double("\(percent)e-2") ?? 0
        #expect(RuleTally(checked: count, broken: count - kept).holds(mostly: mostly))
        #expect(!RuleTally(checked: count, broken: count - kept + 1).holds(mostly: mostly))
      }
    }
  }

  @Test("Each demand has its own share", arguments: demands)
  func each(_ ruled: RuledCase) throws { try ruled.run() }

  static let demands: [RuledCase] = [
    RuledCase("type: number, mostly: 0.5", values("1", 2, "\"x\"", 2)),
    RuledCase(
      "type: number, range: [0, 1], mostly: 0.6", ["1", "1", "\"x\"", "3", "\"y\""]),
    RuledCase("nullable: false, mostly: 0.5", values("1", 1, "null", 1)),
    RuledCase("nullable: false, mostly: 0.6", values("1", 1, "null", 1), ["1 field-null a"]),
    RuledCase(
      rules: "fields: {a: {required: true, mostly: 0.5}}", ["{\"a\": 1}", "{\"b\": 1}"]),
    RuledCase(
      rules: "fields: {a: {required: true, mostly: 0.6}}", ["{\"a\": 1}", "{\"b\": 1}"], ["1 field-missing a"]
    ),
    RuledCase(
      rules: "fields: {'a*': {required: true, mostly: 0.5}}", ["{\"a\": 1}", "{\"b\": 1}"]),
    RuledCase(
      rules: "fields: {'a*': {required: true, mostly: 0.6}}", ["{\"a\": 1}", "{\"b\": 1}"],
      ["1 field-missing a"]),
    RuledCase("length: 1, mostly: 0.5", ["\"a\"", "\"ab\"", "[1, 2]"], ["2 list-length a"]),
    RuledCase("enum: [a], mostly: 0.5", values("\"a\"", 1, "\"b\"", 1)),
    RuledCase(
      "pattern: ^a, mostly: 0.5", values("\"a\"", 1, "\"b\"", 2), ["1 field-value a", "2 field-value a"]),
    RuledCase("scale: zero-one, mostly: 0.5", values("0.5", 1, "2", 1)),
    RuledCase("scale: byte, mostly: 0.5", ["1", "2", "0.5", "256"]),
    RuledCase("scale: unit-norm, mostly: 0.5", values("[1]", 1, "[2]", 1)),
    RuledCase("monotonic: increasing, mostly: 0.75", ["1", "2", "1", "3"]),
    RuledCase("monotonic: increasing, mostly: 0.8", ["1", "2", "1", "3"], ["2 field-order a"]),
    RuledCase("dtype: fp16, mostly: 0.5", ["1", "70000"]),
  ]

  @Test(
    "The severity of a rule is that of its findings, whatever is said of the check",
    arguments: [
      "range: [0, 1]", "type: text", "scale: {mean: 5}", "dtype: fp16",
    ])
  func severity(_ rule: String) throws {
    for (own, check, expected) in [
      ("note", "warning", Severity.note), ("warning", "error", .warning), ("error", "note", .error),
      (nil, "warning", .warning), (nil, nil, .error),
    ] as [(String?, String?, Severity)] {
      let id =
        [
          "range: [0, 1]": "number-range", "type: text": "field-type",
          "scale: {mean: 5}": "normalization-field",
        ][
          rule] ?? "number-overflow"
      let rules =
        "fields: {a: {\(rule)\(own.map { ", severity: \($0)" } ?? "")}}"
        + (check.map { "\nchecks: {\(id): {severity: \($0)}}" } ?? "")
      let outcome = try scan(text: "{\"a\": 100000}\n{\"a\": 99999}\n", settings: ruledSettings(rules))
      let tally = try #require(outcome.result.checks[id], "\(rules)")
      #expect(tally.severity == expected, "\(rules)")
      #expect((outcome.result.gate.outcome == .failed) == (expected == .error), "\(rules)")
    }
  }

  @Test("Boxes have the severity of their rule")
  func boxSeverity() throws {
    let outcome = try scan(
      text: "{\"a\": [3, 3, 1, 1]}\n",
      settings: ruledSettings("fields: {a: {box: {layout: xyxy}, severity: warning}}"))
    #expect(outcome.result.checks["box-range"]?.severity == .warning)
    #expect(outcome.lines.first?.findings.findings.first?.message == "expected x1 < x2 and y1 < y2 (rules)")
  }
}
