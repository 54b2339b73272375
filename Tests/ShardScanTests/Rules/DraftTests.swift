import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// Rules that are made from data are kept by the same data.
struct DraftTests {
  private static func errors(_ outcome: Outcome) -> [String: UInt64] {
    outcome.result.checks.filter { $0.value.severity == .error }.mapValues(\.findings)
  }

  /// The draft for what was scanned, without budgets and conditions.
  static func draft(_ outcome: Outcome) -> String {
    let totals = outcome.result.totals
    var draft = RulesDraft(
      outcome.result.fields,
      RulesDraft.Source(shards: totals.shards, records: totals.records, recordLimit: nil, errors: [:]))
    draft.conditions = []
    return draft.text
  }

  private static func expectKept(_ text: String, name: String = "a.jsonl", _ comment: Comment) throws {
    let before = try scan(text: text, name: name, settings: .withoutDuplicates)
    let draft = draft(before)
    var settings = ScanSettings.withoutDuplicates
    do throws(RulesError) {
      settings.checks.apply(
        try Rules(parsing: Array(draft.utf8), file: "draft", vocabulary: CheckCatalog.vocabulary))
    } catch {
      Issue.record("\(comment): \(error.lines)\n\(draft)")
      return
    }
    settings.checks.enabled.remove("record-duplicate")
    let after = try scan(text: text, name: name, settings: settings)
    let earlier = errors(before)
    for (check, count) in errors(after) where count > earlier[check] ?? 0 {
      let example = after.result.checks[check]?.examples.first
      Issue.record(
        "\(comment): \(check) \(count), \(earlier[check] ?? 0) before: \(String(describing: example))\n\(draft)"
      )
    }
  }

  @Test("Any data set keeps the rules that are made from it", arguments: 0..<120 as Range<UInt64>)
  func kept(_ seed: UInt64) throws {
    var records = RandomRecords(seed: seed)
    try Self.expectKept(records.text(seed % 4 == 0 ? 15 : 130), "seed \(seed)")
  }

  private static func cell(_ kind: Int, _ index: Int, _ random: inout RepeatableRandom) -> String {
    switch kind {
    case 0: "\(index)"
    case 1: "\(random.normal())"
    case 2: ["", "x", "\"y, z\"", "\"q\"\"q\""][index % 4]
    case 3: ["true", "False"][index % 2]
    case 4: ["abcde", "12", "1.5"][index % 3]
    case 5: index % 50 == 0 ? "nan" : "\(index % 7)"
    case 6: ["01234", "99999"][index % 2]
    default: ["yes", "no", "1"][index % 3]
    }
  }

  @Test("So does any table", arguments: 0..<24 as Range<UInt64>)
  func tables(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let names = ["a", "a*", "ab", "a.b", "\"x\"\"y\"", "é", "yes", "n"]
    let columns = names.shuffled(using: &random).prefix(5)
    let kinds = columns.map { _ in Int.random(in: 0..<8, using: &random) }
    var text = (columns + ["end"]).joined(separator: ",") + "\n"
    for index in 0..<120 {
      text += kinds.map { Self.cell($0, index, &random) + "," }.joined() + "end\n"
    }
    try Self.expectKept(text, name: "a.csv", "seed \(seed)")
  }

  @Test("Shards of several kinds keep the rules that are made from all of them")
  func mixed() throws {
    let text = (0..<60).map { "{\"a\": \($0)}\n{\"b\": [\($0).5, 1], \"a\": 1}\n{\"c\": {\"d\": null}}\n" }
      .joined()
    try Self.expectKept(text, "mixed")
    try Self.expectKept((0..<60).map { "[\($0), {\"a\": 1}]\n" }.joined(), "lists")
    try Self.expectKept((0..<60).map { "\($0)\n" }.joined(), "numbers")
  }
}
