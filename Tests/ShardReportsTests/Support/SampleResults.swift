import ShardModel

/// Results made by hand, one for each situation that a report must find words for.
enum SampleResults {
  static var all: [(name: String, result: ScanResult)] {
    [
      ("failing", failing), ("passing", passing), ("interrupted", interrupted), ("incomplete", incomplete),
      ("empty", empty), ("many-fields", manyFields), ("hostile", hostile),
    ]
  }

  static func numbers(
    _ count: UInt64, _ low: Double, _ median: Double, _ high: Double, nan: UInt64 = 0,
    bins: [UInt64] = [1, 4, 9, 4, 1]
  ) -> NumberSummary {
    var numbers = NumberSummary()
    numbers.count = count
    numbers.nan = nan
    numbers.minimum = low
    numbers.maximum = high
    numbers.mean = median
    numbers.standardDeviation = (high - low) / 6
    numbers.quantiles = [low, low, (low + median) / 2, median, (median + high) / 2, high, high]
    let step = (high - low) / Double(bins.count)
    numbers.histogram = bins.enumerated().map { index, count in
      HistogramBin(low: low + step * Double(index), high: low + step * Double(index + 1), count: count)
    }
    return numbers
  }

  static func number(_ path: String, _ numbers: NumberSummary, missing: UInt64 = 0, integer: Bool = false)
    -> FieldSummary
  {
    var field = FieldSummary(path: path)
    field.types.number = numbers.count + numbers.nan
    field.types.integer = integer ? field.types.number : 0
    field.types.missing = missing
    field.numbers = numbers
    return field
  }

  static func example(
    _ check: String, _ severity: Severity, shard: String? = "a/00001.jsonl.gz", line: UInt64? = 18,
    field: String?,
    value: String?, _ message: String
  ) -> FindingExample {
    let location = Location(
      record: line.map { $0 - 1 }, line: line, offset: 5120, length: 310, key: line.map { "id-\($0)" })
    return FindingExample(
      shard: shard, location: location,
      finding: Finding(check: check, severity: severity, field: field, value: value, message: message))
  }

  static func tally(
    _ severity: Severity, _ findings: UInt64, _ records: UInt64, _ examples: FindingExample...
  ) -> CheckTally {
    var tally = CheckTally(severity: severity)
    tally.findings = findings
    tally.records = records
    tally.examples = examples
    return tally
  }

  static func shard(
    _ name: String, records: UInt64 = 250_000, errors: UInt64 = 0, warnings: UInt64 = 0,
    _ status: ShardSummary.Status = .complete
  ) -> ShardSummary {
    var shard = ShardSummary(name: name, status: status, format: "jsonl", compression: "gzip")
    shard.members = 1
    shard.records = records
    shard.bytes = records * 412
    shard.storedBytes = records * 100
    shard.digest = status == .unread ? nil : "0123456789abcdef0123456789abcdef"
    shard.errors = errors
    shard.warnings = warnings
    shard.quarantined = errors + warnings
    return shard
  }

  static var failing: ScanResult {
    var result = ScanResult()
    result.totals.shards = 4
    result.totals.records = 1_000_000
    result.totals.bytes = 412_000_000
    result.totals.storedBytes = 100_000_000
    result.totals.quarantined = 1_234
    result.totals.errors = 1_212
    result.totals.warnings = 40
    result.totals.notes = 1
    result.checks = [
      "number-nan": tally(
        .error, 1_211, 1_200,
        example("number-nan", .error, field: "features[3]", value: "NaN", "not a number"),
        example("number-nan", .error, line: 40, field: "features[7]", value: "nan", "not a number")),
      "record-malformed": tally(
        .error, 1, 1,
        example(
          "record-malformed", .error,
          shard: "b/a-very-long-directory-name/and-another-one/part-00002-of-00004.jsonl.gz",
          line: 123_456, field: nil, value: "{\"text\": \"unfinished",
          "expected ',' or '}', found the end of the line")),
      "number-outlier": tally(
        .warning, 40, 33,
        example(
          "number-outlier", .warning, line: 99, field: "meta.score", value: "1e+30",
          "outlier, expected 0 to 1 (Tukey's outer fences)")),
      "field-constant": tally(
        .note, 1, 0,
        example(
          "field-constant", .note, shard: nil, line: nil, field: "version", value: "2",
          "always the same value")),
    ]
    var text = FieldSummary(path: "conversations[].value")
    text.types.text = 2_000_000
    text.types.null = 12
    var characters = TextSummary()
    characters.characters = numbers(2_000_000, 0, 812, 31_204, bins: [100, 80, 40, 20, 9, 3, 1, 0, 0, 1])
    characters.bytes = 1_700_000_000
    characters.empty = 3
    text.text = characters
    text.distinct = 1_912_233
    text.top = TopSummary(
      values: [.init(value: "Yes.", count: 512), .init(value: "No.\u{1B}", count: 490)], error: 17)
    var list = FieldSummary(path: "features")
    list.types.list = 999_999
    list.list = ListSummary()
    list.list?.lengths = numbers(999_999, 768, 768, 768, bins: [999_999])
    var scores = numbers(1_000_000, 0.0001234, 0.5, 1e30, bins: [999_960, 0, 0, 0, 40])
    scores.fences = OutlierFences(low: -1.5, high: 2.5, isLogarithmic: false)
    var flag = FieldSummary(path: "meta.reviewed")
    flag.types.boolean = 900_000
    flag.types.missing = 100_000
    flag.distinct = 2
    result.fields = [
      text, list, number("features[]", numbers(767_998_789, -3.14159265, 0.0021, 3.25, nan: 1_211)), flag,
      number("meta.score", scores), number("version", numbers(1_000_000, 2, 2, 2, bins: [5]), integer: true),
    ]
    result.findings = [
      Finding(
        check: "field-constant", severity: .note, field: "version", value: "2",
        message: "always the same value")
    ]
    result.shards = [
      shard("a/00001.jsonl.gz", errors: 1_200, warnings: 33), shard("a/00003.jsonl.gz"),
      shard("b/a-very-long-directory-name/and-another-one/part-00002-of-00004.jsonl.gz", errors: 1, .damaged),
      shard("b/00004.jsonl.gz"),
    ]
    result.unchecked = ["12 members are not record files (jpg 10, txt 2)"]
    result.gate.outcome = .failed
    result.gate.reason = "1,201 records have errors, and --max-quarantined allows 0"
    return result
  }

  static var passing: ScanResult {
    var result = ScanResult()
    result.totals.shards = 1
    result.totals.records = 1_000
    result.totals.bytes = 123_456
    result.totals.storedBytes = 123_456
    result.fields = [
      number(
        "label", numbers(1_000, 0, 1, 9, bins: [100, 100, 100, 100, 100, 100, 100, 100, 100, 100]),
        integer: true),
      number("weight", numbers(1_000, 1e-12, 0.25, 0.9999999)),
    ]
    result.shards = [shard("train.jsonl", records: 1_000)]
    result.unchecked = ["images behind a URL: 1,000 values of image_url"]
    result.gate.reason = "no error, no record quarantined"
    return result
  }

  static var interrupted: ScanResult {
    var result = passing
    result.isInterrupted = true
    result.recordLimit = 500
    result.gate.outcome = .incomplete
    result.gate.reason = "interrupted"
    result.shards.append(shard("valid.jsonl", records: 0, .unread))
    return result
  }

  static var incomplete: ScanResult {
    var result = passing
    result.gate.outcome = .incomplete
    result.gate.reason = "some input could not be read"
    result.problems = [
      ScanProblem(path: "data/secret.jsonl", reason: "permission denied"),
      ScanProblem(path: "data/gone.jsonl", reason: "no such file or directory"),
    ]
    result.shards.append(shard("data/secret.jsonl", records: 0, .unread))
    return result
  }

  static var empty: ScanResult { ScanResult() }

  static var manyFields: ScanResult {
    var result = passing
    result.fields = (0..<300).map { index in
      let name = "f" + String(repeating: "0", count: 3 - String(index).count) + String(index)
      return number(
        "columns.group_\(index / 100).\(name)", numbers(1_000, -1, 0, 1, nan: index == 250 ? 7 : 0))
    }
    return result
  }

  /// Names and values that try to steer the terminal or to break lines and columns.
  static var hostile: ScanResult {
    var result = ScanResult()
    let attack = "\u{1B}[2J\u{1B}]0;owned\u{7}\r\n\u{9B}31m\u{202E}gpj.exe\u{200B}"
    result.totals.shards = 1
    result.totals.records = 3
    result.totals.quarantined = 1
    result.totals.errors = 1
    result.checks = [
      "number-nan": tally(
        .error, 1, 1,
        example(
          "number-nan", .error, shard: attack + "/shard.jsonl", line: 1, field: "a" + attack + "[0]",
          value: attack + String(repeating: "漢字", count: 90), "not a number " + attack))
    ]
    let tower = "z" + String(repeating: "\u{301}", count: 500)
    result.fields = [
      number(attack, numbers(3, 0, 1, 2)), number(String(repeating: "深層学習", count: 40), numbers(3, 0, 1, 2)),
      number(tower, numbers(3, 0, 1, 2)), number("👩‍👩‍👧‍👦🏳️‍🌈", numbers(3, 0, 1, 2)), number("", numbers(3, 0, 1, 2)),
    ]
    result.shards = [shard(attack + "/shard.jsonl", records: 3, errors: 1)]
    result.unchecked = [attack]
    result.problems = [ScanProblem(path: attack, reason: attack)]
    result.gate.outcome = .failed
    result.gate.reason = attack
    return result
  }
}
