import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// Rules that nobody would write, on data that nobody would make: nothing crashes, and the counts agree.
struct RandomRulesTests {
  private static let demands = [
    "type: number", "type: [integer, text]", "type: list", "type: [object, boolean]", "required: true",
    "required: false", "nullable: false", "nullable: true", "range: [0, 1]", "range: [null, -1e308]",
    "range: {exclusive_min: 0, max: 5}", "length: 3", "length: [1, null]", "length: {max: 0}",
    "integer: true",
    "enum: [cat, 1, -100, true, '', \"d\\u00f6g\"]", "pattern: '^(.+)+[a-z]$'", "pattern: '\\d{2}'",
    "scale: unit-norm", "scale: zero-one", "scale: minus-one-one", "scale: standardized", "scale: byte",
    "scale: {mean: 0, stddev: 1e-300, tolerance: 1e300}", "scale: {mean: -1e308}", "monotonic: increasing",
    "monotonic: strictly-decreasing", "dtype: fp16", "dtype: bf16", "box: {layout: xyxy, scale: pixels}",
    "box: {scale: 0-1}", "role: box", "role: embedding", "mostly: 0.5", "mostly: 1e-300", "severity: warning",
    "severity: note", "unique: true",
  ]

  private static let globs = [
    "*", "?", "a", "a*", "*[]", "*[][]", "*.*", "$", "$[\"\"]", "$[\"a.b\"]", "[", "a\\", "*\"*", "score",
    "id", "x1",
    "bbox", "bbox[]", "*[].*", "never.there", "never[].there", "a[0]", "$.a", ".", "..", "[]", "\"", "$[\"",
    "é",
  ]

  private static let conditions = [
    "x1 <= x2", "len(input_ids) == len(labels)", "len(score) > 0", "a is null or a == a", "bbox[] >= 0",
    "meta.a < 1", "caption matches \"^(x+)+$\"", "sum(input_ids) / len(labels) > id", "id % 0 == 1",
    "conversations[].a == conversations[].a", "a in [1, \"cat\"] implies not (ab > 0)",
    "max(embedding) - min(embedding) < 1e308",
  ]

  private static func rules(_ random: inout RepeatableRandom) -> String {
    var text = "fields:\n"
    for glob in globs.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)) {
      var keys: Set<String> = []
      let rule = demands.shuffled(using: &random).prefix(6).filter {
        keys.insert(String($0.prefix { $0 != ":" })).inserted
      }
      text += "  \(RandomRecords.quoted(glob)): {\(rule.joined(separator: ", "))}\n"
    }
    text += "records:\n"
    for condition in conditions.shuffled(using: &random).prefix(3) { text += "  - rule: '\(condition)'\n" }
    return text
  }

  @Test("Any rules on any records", arguments: 0..<150 as Range<UInt64>)
  func any(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed &* 0x9E37_79B9)
    // What contradicts itself is refused: then the next rules are tried.
    var rules: Rules?
    for _ in 0..<200 where rules == nil {
      let text = "version: 1\n" + Self.rules(&random)
      rules = try? Rules(parsing: Array(text.utf8), file: "f", vocabulary: CheckCatalog.vocabulary)
    }
    var settings = ScanSettings.withoutDuplicates
    settings.checks.apply(try #require(rules))
    settings.checks.enabled.remove("record-duplicate")
    var records = RandomRecords(seed: seed)
    let text = records.text(60) + "{\"a\n" + "7\n[]\n{}\n" + records.text(10)
    let folder = TemporaryFolder()
    let paths = [
      folder.write("data/a.jsonl", text),
      folder.write("data/b.csv", "a,id,x1,\"a.b\",é\n1,x,,nan,\"\"\n-1e400,\"q\"\"\",2,true\n7,7,7,7,7\n"),
      folder.write("data/c.jsonl", RandomRecords(seed: seed + 1_000).lines(30)),
    ]
    let one = try scan(paths, out: folder.path + "/one", settings: settings)
    let many = try scan(paths.reversed(), out: folder.path + "/many", threads: 3, settings: settings)
    if let (left, right) = zip(one.lines, many.lines).first(where: { $0 != $1 }) {
      Issue.record("\(left) and \(right)")
    }
    #expect(one.lines.count == many.lines.count)
    let statuses = one.shards.map(\.status)
    #expect(statuses == many.shards.map(\.status))
    #expect(one.result.findings == many.result.findings)
    let isSame = one.result.checks == many.result.checks
    #expect(isSame)
  }
}

extension RandomRecords {
  fileprivate func lines(_ count: Int) -> String {
    var copy = self
    return copy.text(count)
  }
}
