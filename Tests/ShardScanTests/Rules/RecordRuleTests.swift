import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Conditions over whole records, from the rules file to the list.
struct RecordRuleTests {
  @Test("Conditions", arguments: conditions)
  func judge(_ ruled: RuledCase) throws { try ruled.run() }

  private static func condition(_ rule: String, _ records: [String], _ expected: [String] = []) -> RuledCase {
    RuledCase(rules: "records: [{rule: '\(rule)'}]", records, expected)
  }

  static let conditions: [RuledCase] = [
    condition(
      "len(ids) == len(labels)",
      ["{\"ids\": [1, 2], \"labels\": [1, 2]}", "{\"ids\": [1], \"labels\": []}", "{\"ids\": [1]}"],
      ["1 record-rule -"]),
    condition(
      "box.x1 < box.x2", ["{\"box\": {\"x1\": 1, \"x2\": 1}}", "{\"box\": {\"x1\": 1, \"x2\": null}}"],
      ["0 record-rule -"]),
    // An element that breaks the condition is named.
    condition(
      "boxes[].x1 < boxes[].x2",
      [
        "{\"boxes\": [{\"x1\": 1, \"x2\": 2}, {\"x1\": 3, \"x2\": 2}, {\"x1\": 4, \"x2\": 4}]}",
        "{\"boxes\": []}",
        "{\"boxes\": [{\"x1\": NaN, \"x2\": 2}]}",
      ],
      ["0 record-rule boxes[1]", "0 record-rule boxes[2]", "2 number-nan boxes[0].x1"]),
    condition(
      "ids[] < vocabulary", ["{\"vocabulary\": 10, \"ids\": [1, 10, 3, 11]}", "{\"ids\": [99]}"],
      ["0 record-rule ids[1]", "0 record-rule ids[3]"]),
    condition(
      "sum(mask) > 0", ["{\"mask\": [0, 0]}", "{\"mask\": [0, 1]}", "{\"mask\": []}"],
      ["0 record-rule -", "2 record-rule -"]),
    condition(
      "if split == \"test\" then label is null",
      [
        "{\"split\": \"test\", \"label\": null}", "{\"split\": \"t\\u0065st\", \"label\": 1}",
        "{\"split\": \"train\", \"label\": 1}",
      ], ["1 record-rule -"]),
    RuledCase(
      rules: "records: [{rule: a > 0}, {rule: a > 1}, {rule: b > 0}]", ["{\"a\": 0}", "{\"a\": 1}"],
      ["0 record-rule -", "0 record-rule -", "1 record-rule -"]),
    RuledCase(rules: "records: [{rule: a > 0, mostly: 0.5}]", ["{\"a\": 0}", "{\"a\": 1}"]),
    RuledCase(
      rules: "records: [{rule: a > 0, mostly: 0.51}]", ["{\"a\": 0}", "{\"a\": 1}"], ["0 record-rule -"]),
    // What a condition cannot be asked of does not count for its share.
    RuledCase(
      rules: "records: [{rule: a > 0, mostly: 0.5}]", ["{\"a\": 0}", "{\"b\": 1}", "{\"a\": null}"],
      ["0 record-rule -"]),
    .init(table: "records: [{rule: end > start}]", "start,end\n1,2\n3,3\n,1\n", ["1 record-rule -"]),
  ]

  @Test("A finding says which condition is broken, by its name if it has one")
  func message() throws {
    let outcome = try scan(
      text: "{\"a\": 1}\n",
      settings: ruledSettings("records: [{rule: a > 2, name: enough of a}, {rule: a > 3, severity: warning}]")
    )
    let findings = outcome.lines.flatMap(\.findings.findings)
    #expect(findings.map(\.message) == ["broken: enough of a", "broken: a > 3"])
    #expect(findings.map(\.severity) == [.error, .warning])
  }
}

extension RuledCase {
  fileprivate init(table rules: String, _ text: String, _ expected: [String]) {
    self.init(rules: rules, [], expected)
    file = "a.csv"
    self.text = text
  }
}
