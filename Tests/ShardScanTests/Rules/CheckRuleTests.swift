import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// What a rules file says of checks, of fields to leave out, and of the gate.
struct CheckRuleTests {
  /// NaN in record 1, a number as text in record 2, among enough records for what is usual to be a rule.
  private static let text: String = {
    var lines = (0..<40).map { "{\"a\": 0.\($0 + 10), \"b\": 1.5}\n" }
    lines[1] = "{\"a\": NaN, \"b\": 1.5}\n"
    lines[2] = "{\"a\": 0.25, \"b\": \"1.5\"}\n"
    return lines.joined()
  }()

  @Test("Checks and families are turned off and on, and the last word counts", arguments: switches)
  func switched(_ rules: String, _ expected: [String]) throws {
    let outcome = try scan(text: Self.text, settings: ruledSettings(rules))
    #expect(outcome.brief == expected, "\(rules)")
  }

  static let switches: [(String, [String])] = [
    ("", ["1 number-nan a", "2 number-as-text b"]),
    ("checks: {number-nan: off}", ["2 number-as-text b"]),
    ("checks: {numbers: false}", []),
    ("checks: {numbers: off, number-nan: on}", ["1 number-nan a"]),
    ("checks: {number-nan: on, numbers: off}", []),
    ("checks: {numbers: off, number-nan: {severity: warning}}", ["1 number-nan a"]),
    ("ignore: [a]", ["2 number-as-text b"]),
    ("ignore: ['?']", []),
    ("fields: {a: {range: [0, 0]}}\nignore: [a]", ["2 number-as-text b"]),
    ("fields: {a: {range: [0, 0]}}\nchecks: {number-range: off}", ["1 number-nan a", "2 number-as-text b"]),
    ("fields: {b: {type: number}}", ["1 number-nan a", "2 number-as-text b"]),
    ("checks: {number-as-text: {nearly-all: 1}}", ["1 number-nan a"]),
    ("checks: {number-outlier: {outliers: 'z:1.6'}}", outliers),
  ]

  /// Beyond 1.6 deviations: by the same rule as `--outliers`.
  static let outliers: [String] = {
    var settings = ScanSettings.withoutDuplicates
    settings.checks.outliers = OutlierRule("z:1.6") ?? .iqr(3)
    return (try? scan(text: text, settings: settings).brief) ?? []
  }()

  @Test("A parameter in a rules file is the option of the command line")
  func parameters() throws {
    #expect(Self.outliers.contains { $0.contains("number-outlier") })
    let outcome = try scan(
      text: "{\"a\": 70000}\n", settings: ruledSettings("checks: {number-overflow: {dtype: fp16}}"))
    #expect(outcome.brief == ["0 number-overflow a"])
    #expect(try ruledSettings("drift: {js: 0.5, rates: 0.25}").checks.drift.jensenShannon == 0.5)
  }

  @Test("Severities, budgets and the gate decide together", arguments: gates)
  func gate(_ rules: String, _ passes: Bool) throws {
    let outcome = try scan(text: Self.text, settings: ruledSettings(rules))
    #expect((outcome.result.gate.outcome == .passed) == passes, "\(rules): \(outcome.result.gate.reason)")
  }

  static let nan = "number-nan"
  static let both = "number-as-text: {severity: warning}"
  static let gates: [(String, Bool)] = [
    ("", false),
    ("gate: {fail_on: never}", true),
    ("gate: {max_quarantined: 2}", true),
    ("gate: {max_quarantined: 1}", false),
    ("gate: {max_quarantined: '5%'}", true),
    ("gate: {max_quarantined: '4.9%'}", false),
    ("checks: {numbers: {severity: warning}}", true),
    ("checks: {numbers: {severity: warning}}\ngate: {fail_on: warning}", false),
    ("checks: {numbers: {severity: note}}\ngate: {fail_on: warning}", true),
    ("checks: {numbers: {max: 1}}", true),
    ("checks: {numbers: {max: 0}}", false),
    ("checks: {number-nan: {max: 1}}", false),
    ("checks: {number-nan: {max: 1}, number-as-text: off}", true),
    ("checks: {number-nan: {max: 1}, \(both)}", true),
    ("checks: {number-nan: {max: '2.5%'}, \(both)}", true),
    ("checks: {number-nan: {max: '2.4%'}, \(both)}", false),
    // What is beyond its budget fails, however many records may be quarantined.
    ("checks: {number-nan: {max: 0}, \(both)}\ngate: {max_quarantined: 10}", false),
    ("checks: {numbers: {max: 1}, number-nan: {max: 0}}", false),
    ("fields: {a: {range: [0.3, 1], severity: warning}}\nchecks: {numbers: {max: 1}}", true),
    ("fields: {a: {range: [0.3, 1]}}\nchecks: {number-nan: {max: 1}, number-as-text: off}", false),
    ("fields: {a: {scale: {mean: 5}}}\nchecks: {numbers: {max: 1}}", false),
    ("fields: {a: {scale: {mean: 5}}}\nchecks: {numbers: {max: 1}, normalization-field: {max: 1}}", true),
  ]

  @Test("What was chosen on the command line stands over the file")
  func chosen() throws {
    let folder = TemporaryFolder()
    let path = folder.write("data/a.jsonl", Self.text)
    var policy = GatePolicy()
    policy.isFailOnChosen = true
    policy.isAllowanceChosen = true
    let outcome = try scan(
      [path], out: folder.path + "/out",
      settings: ruledSettings("gate: {fail_on: never, max_quarantined: 100}"), policy: policy)
    #expect(outcome.result.gate.outcome == .failed)
    #expect(outcome.result.gate.failOn == "error")
  }
}

/// What a rule says of a field stands in place of what nearly all of its values have in common.
struct ReplacedInferenceTests {
  private static func most(_ good: String, _ bad: String) -> [String] {
    Array(repeating: "{\"a\": \(good), \"b\": 1}", count: 30) + ["{\"a\": \(bad), \"b\": 1}"]
  }

  private static let missing = Array(repeating: "{\"a\": 1, \"b\": 1}", count: 30) + ["{\"b\": 1}"]

  @Test("Said and not said", arguments: cases)
  func judge(_ ruled: RuledCase) throws { try ruled.run() }

  static let cases: [RuledCase] = [
    ruled("", most("1", "null"), ["30 field-null a"]),
    ruled("nullable: true", most("1", "null")),
    ruled("nullable: false", most("1", "null"), ["30 field-null a"]),
    ruled("", most("1", "\"x\""), ["30 field-type a"]),
    ruled("type: [number, text]", most("1", "\"x\"")),
    ruled("type: number", most("1", "\"x\""), ["30 field-type a"]),
    ruled("", most("1", "\"7\""), ["30 number-as-text a"]),
    ruled("type: [number, text]", most("1", "\"7\"")),
    ruled("type: number", most("1", "\"7\""), ["30 number-as-text a"]),
    ruled("", missing, ["30 field-missing a"]),
    ruled("required: false", missing),
    ruled("required: true", missing, ["30 field-missing a"]),
    ruled("", most("[0.6, 0.8]", "[0.6, 0.6]"), ["30 normalization-vector a"]),
    ruled("scale: unit-norm", most("[0.6, 0.8]", "[0.6, 0.6]"), ["30 normalization-vector a"]),
    ruled("scale: unit-norm, mostly: 0.9", most("[0.6, 0.8]", "[0.6, 0.6]")),
    // A rule about something else decides nothing.
    ruled("range: [0, 9]", most("1", "null"), ["30 field-null a"]),
    ruled("nullable: true", missing, ["30 field-missing a"]),
    RuledCase(
      rules: "fields: {bbox: {box: {layout: xywh}}}",
      (0..<30).map { _ in "{\"bbox\": [1, 2, 3, 4]}" } + ["{\"bbox\": [3, 4, 1, 2]}"]),
    RuledCase(
      rules: "fields: {c: {}}",
      (0..<30).map { _ in "{\"bbox\": [1, 2, 3, 4]}" } + ["{\"bbox\": [3, 4, 1, 2]}"], ["30 box-range bbox"]),
  ]

  /// Constant fields are not what this is about.
  private static func ruled(_ rule: String, _ records: [String], _ expected: [String] = []) -> RuledCase {
    RuledCase(rules: "fields: {a: {\(rule)}}\nchecks: {field-constant: off}", records, expected)
  }
}
