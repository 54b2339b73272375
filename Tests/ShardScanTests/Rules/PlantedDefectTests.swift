import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// What is wrong in data of the same kind is found by the rules that were made from good ones.
struct PlantedDefectTests {
  private static func record(_ index: Int, _ random: inout RepeatableRandom) -> [(
    name: String, value: String
  )] {
    let angle = Double.random(in: 0.1...0.9, using: &random)
    let start = Int.random(in: 0...400, using: &random)
    return [
      ("id", "\(index)"), ("split", index % 3 == 0 ? "\"train\"" : "\"t\\u0065st\""),
      ("ok", "\(index % 2 == 0)"),
      ("temperature", "\(20 + Double.random(in: -5...5, using: &random))"), ("count", "\(index % 50)"),
      ("share", "\(Double.random(in: 0...1, using: &random))"), ("tiny", "\(1e-30 * angle)"),
      ("pixel", "\(Int.random(in: 0...255, using: &random))"),
      ("caption", "\"\(String(repeating: "é", count: 3 + index % 30))\""), ("code", "\"ab\(100 + index)\""),
      ("vector", "[\((1 - angle * angle).squareRoot()), \(angle)]"),
      ("bbox", "[\(start), \(start), \(start + 20), \(start + 30)]"),
      ("input_ids", "[\(index % 50), 7, 9]"), ("labels", "[-100, 7, 9]"),
      ("meta", "{\"a.b\": \(angle), \"note\": \(index % 4 == 0 ? "null" : "\"n\"")}"),
      ("turns", "[{\"from\": \"human\", \"value\": \"x\(index)\"}, {\"from\": \"gpt\", \"value\": \"y\"}]"),
    ]
  }

  private static func line(_ record: [(name: String, value: String)]) -> String {
    "{" + record.map { "\"\($0.name)\": \($0.value)" }.joined(separator: ", ") + "}\n"
  }

  private static let good: String = {
    var random = RepeatableRandom(seed: 7)
    return (0..<100).map { line(record($0, &random)) }.joined()
  }()

  private static let settings: ScanSettings? = {
    guard let outcome = try? scan(text: good, settings: .withoutDuplicates) else { return nil }
    let totals = outcome.result.totals
    let draft = RulesDraft(
      outcome.result.fields,
      RulesDraft.Source(shards: totals.shards, records: totals.records, recordLimit: nil, errors: [:]))
    var settings = ScanSettings.withoutDuplicates
    guard
      let rules = try? Rules(
        parsing: Array(draft.text.utf8), file: "draft", vocabulary: CheckCatalog.vocabulary)
    else { return nil }
    settings.checks.apply(rules)
    settings.checks.enabled.remove("record-duplicate")
    return settings
  }()

  @Test("Good records pass")
  func passes() throws {
    var random = RepeatableRandom(seed: 8)
    let more = (100..<180).map { Self.line(Self.record($0, &random)) }.joined()
    let outcome = try scan(text: Self.good + more, settings: #require(Self.settings))
    #expect(outcome.result.gate.outcome == .passed, "\(outcome.findings)")
  }

  /// A field, what is wrong with its value (nil: it is not there), and the check that must say so.
  static let defects: [(field: String, value: String?, check: String)] = [
    ("id", "\"x\"", "field-type"), ("id", "7.5", "field-type"), ("id", nil, "field-missing"),
    ("split", "\"dev\"", "field-value"), ("split", "\"Train\"", "field-value"),
    ("split", "null", "field-null"),
    ("ok", "\"true\"", "field-type"), ("ok", "1", "field-type"), ("temperature", "300", "number-range"),
    ("temperature", "-1", "number-range"), ("temperature", "\"20\"", "number-as-text"),
    ("temperature", "null", "field-null"),
    ("count", "-1", "number-range"), ("count", "5000", "number-range"), ("count", "1.5", "field-type"),
    ("share", "1.01", "normalization-field"), ("share", "-0.1", "normalization-field"),
    ("share", "NaN", "number-nan"),
    ("tiny", "1e-20", "number-range"), ("pixel", "256", "normalization-field"),
    ("pixel", "-1", "normalization-field"),
    ("caption", "\"\"", "text-length"),
    ("caption", "\"\(String(repeating: "long ", count: 90))\"", "text-length"),
    ("caption", "7", "field-type"), ("code", "\"abcd\"", "text-length"), ("code", "{}", "field-type"),
    ("vector", "[0.5, 0.5]", "normalization-vector"), ("vector", "[0.6, 0.0, 0.8]", "list-length"),
    ("vector", "[0.6, \"0.8\"]", "number-as-text"), ("vector", "[]", "list-length"),
    ("bbox", "[400, 400, 10, 10]", "box-range"), ("bbox", "[1, 2, 3]", "list-length"),
    ("bbox", "[1, 2, 3, 99999]", "number-range"), ("input_ids", "[1, 2]", "list-length"),
    ("input_ids", "[1, 2, -7]", "number-range"), ("labels", "[-101, 7, 9]", "number-range"),
    ("meta", "{\"note\": \"n\"}", "field-missing"),
    ("meta", "{\"a.b\": 7, \"note\": \"n\"}", "normalization-field"),
    ("meta", "null", "field-null"), ("turns", "[{\"from\": \"human\"}]", "field-missing"),
    (
      "turns", "[{\"from\": \"robot\", \"value\": \"x\"}, {\"from\": \"gpt\", \"value\": \"y\"}]",
      "field-value"
    ),
    ("turns", "\"x\"", "field-type"),
  ]

  @Test("A defect is found, with severity error", arguments: defects)
  func finds(_ field: String, _ value: String?, _ check: String) throws {
    var random = RepeatableRandom(seed: 9)
    var bad = Self.record(100, &random)
    let place = try #require(bad.firstIndex { $0.name == field })
    if let value { bad[place].value = value } else { bad.remove(at: place) }
    let outcome = try scan(text: Self.good + Self.line(bad), settings: #require(Self.settings))
    let errors = outcome.lines.filter { $0.findings.location.record == 100 }.flatMap(\.findings.findings)
      .filter { $0.severity == .error }.map(\.check)
    #expect(errors.contains(check), "\(outcome.findings)")
    #expect(outcome.result.gate.outcome == .failed)
  }
}
