import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// Settings with the rules of a text, which must have no mistake; `version: 1` is put before it. Duplicates are not
/// looked for: records of tests repeat themselves.
func ruledSettings(_ text: String) throws -> ScanSettings {
  var settings = ScanSettings.withoutDuplicates
  let rules: Rules
  do throws(RulesError) {
    rules = try Rules(
      parsing: Array("version: 1\n\(text)\n".utf8), file: "rules.yaml", vocabulary: CheckCatalog.vocabulary)
  } catch {
    Issue.record("\(error.lines)")
    throw error
  }
  settings.checks.apply(rules)
  settings.checks.enabled.remove("record-duplicate")
  settings.ignoredFields = rules.ignore
  return settings
}

extension Outcome {
  /// `record check field` of what is on the list, then `- check field` of what is said of fields.
  var findings: [String] {
    brief + result.findings.map { "- \($0.check) \($0.field ?? "-")" }
  }
}

/// Rules, data and what must be found.
struct RuledCase: Sendable, CustomTestStringConvertible {
  var name: String
  var rules: String
  var file: String
  var text: String
  var expected: [String]

  /// Of the field `a`, whose values stand in records of their own; nothing is found where `expected` is empty.
  init(_ rule: String, _ values: [String], _ expected: [String] = []) {
    name = rule
    rules = "fields:\n  a: {\(rule)}"
    file = "a.jsonl"
    text = values.map { "{\"a\": \($0)}\n" }.joined()
    self.expected = expected
  }

  init(rules: String, _ records: [String], _ expected: [String] = []) {
    name = rules
    self.rules = rules
    file = "a.jsonl"
    text = records.map { $0 + "\n" }.joined()
    self.expected = expected
  }

  /// Of a table with one column `a` and another one, so that no row is empty.
  static func table(_ rule: String, _ cells: [String], _ expected: [String] = []) -> RuledCase {
    var result = RuledCase(rule, [], expected)
    result.name = "table: " + rule
    result.file = "a.csv"
    result.text = "a,other\n" + cells.map { $0 + ",x\n" }.joined()
    return result
  }

  var testDescription: String { name }

  func run() throws {
    let outcome = try scan(text: text, name: file, settings: try ruledSettings(rules))
    #expect(outcome.findings == expected, "\(rules)\n\(text.prefix(600))")
  }
}
