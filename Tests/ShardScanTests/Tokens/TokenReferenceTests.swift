import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Random records against a plain reading of the rules, one value at a time.
struct TokenReferenceTests {
  private struct Record {
    var ids: [Int]
    var labels: [Int]?
    var mask: [Int]?
    var types: [Int]?

    var line: String {
      var parts = ["\"input_ids\": \(ids)"]
      if let labels { parts.append("\"labels\": \(labels)") }
      if let mask { parts.append("\"attention_mask\": \(mask)") }
      if let types { parts.append("\"token_type_ids\": \(types)") }
      return "{" + parts.joined(separator: ", ") + "}\n"
    }

    /// What must be said, for this limit and vocabulary.
    func expected(limit: Int, vocabulary: Int) -> Set<String> {
      var found: Set<String> = []
      if ids.isEmpty { found.insert("tokens-empty") }
      for list in [labels, mask, types] where list.map({ $0.count != ids.count }) ?? false {
        found.insert("token-lengths-differ")
      }
      let inRange = { (id: Int) in id >= 0 && id < vocabulary }
      if !ids.allSatisfy(inRange) || !(types ?? []).allSatisfy({ $0 >= 0 }) { found.insert("token-id-range") }
      var attended = ids.count
      if let mask, !mask.isEmpty {
        let ones = mask.indices.filter { mask[$0] != 0 }
        if let first = ones.first, let last = ones.last {
          if mask.contains(where: { $0 != 0 && $0 != 1 }) || last - first + 1 != ones.count {
            found.insert("mask-invalid")
          }
        } else {
          found.insert("mask-invalid")
        }
        if mask.count == ids.count { attended = ones.count }
      }
      if attended > limit { found.insert("tokens-too-long") }
      guard let labels, !labels.isEmpty else { return found }
      let isEven = labels.count == ids.count
      if !labels.allSatisfy({ $0 == -100 || inRange($0) }) { found.insert("token-id-range") }
      let used = labels.indices.filter { labels[$0] != -100 && (!isEven || $0 > 0) }
      if used.isEmpty { found.insert("labels-all-ignored") }
      if let first = used.first, first >= limit { found.insert("labels-truncated") }
      let differs = labels.indices.contains { index in
        isEven && labels[index] != -100 && labels[index] != ids[index] && inRange(labels[index])
          && inRange(ids[index])
      }
      if differs { found.insert("labels-misaligned") }
      return found
    }
  }

  private static func record(_ random: inout RepeatableRandom) -> Record {
    func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }
    let count = chance(15) ? 0 : Int.random(in: 1..<40, using: &random)
    var ids = (0..<count).map { _ in Int.random(in: 0..<100, using: &random) }
    let start = Int.random(in: 0...count, using: &random)
    var record = Record(ids: ids)
    if !chance(8) {
      var labels = ids.indices.map { $0 < start ? -100 : ids[$0] }
      if chance(12), !labels.isEmpty {
        labels[Int.random(in: 0..<count, using: &random)] = chance(3) ? 500 : 7
      }
      if chance(12) { labels = chance(2) ? Array(labels.dropLast()) : labels + [3] }
      record.labels = labels
    }
    if !chance(3) {
      var mask = ids.indices.map { $0 < Int.random(in: 30..<50, using: &random) ? 1 : 0 }
      if chance(3) { mask = ids.indices.map { $0 < start ? 0 : 1 } }
      if chance(20), !mask.isEmpty { mask[0] = 3 }
      if chance(20) { mask.append(1) }
      record.mask = mask
    }
    if chance(2) {
      record.types = ids.map { _ in 0 }
      if chance(10), count > 0 { record.types?[0] = -2 }
    }
    if chance(12), count > 0 {
      ids[Int.random(in: 0..<count, using: &random)] = chance(2) ? -1 : 400
      record.ids = ids
    }
    return record
  }

  @Test("Every record has what a plain reading finds, and nothing else", arguments: 0..<4 as Range<UInt64>)
  func records(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let records = (0..<3_000).map { _ in Self.record(&random) }
    var settings = ScanSettings.withoutDuplicates
    settings.checks.rules.tokens.maxTokens = 24
    settings.checks.rules.tokens.vocabularySize = 300
    settings.checks.outliers = .none
    let outcome = try scan(text: records.map(\.line).joined(), settings: settings)
    var found: [UInt64: Set<String>] = [:]
    for line in outcome.lines {
      guard let record = line.findings.location.record else { continue }
      found[record, default: []].formUnion(line.findings.findings.map(\.check))
    }
    let family = Set(CheckCatalog.descriptions.filter { $0.family == .tokens }.map(\.id))
    var kinds: Set<String> = []
    for (index, record) in records.enumerated() {
      let expected = record.expected(limit: 24, vocabulary: 300)
      #expect(found[UInt64(index), default: []].intersection(family) == expected, "\(record.line)")
      kinds.formUnion(expected)
    }
    #expect(kinds == family.subtracting(["tokens-outlier", "tokens-unknown", "conversation-unusable"]))
    let tokens = try #require(outcome.result.tokens)
    #expect(tokens.positions == UInt64(records.reduce(0) { $0 + $1.ids.count }))
  }

  @Test(
    "Values of any type in the place of lists of ids are read without harm", arguments: 0..<3 as Range<UInt64>
  )
  func hostile(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let values = [
      "1", "null", "\"x\"", "[]", "[1, 2]", "[[1], [2, 3]]", "[null, 1]", "[1, \"a\", 2]",
      "{\"input_ids\": [1]}",
      "[NaN, 1]", "[1e999]", "[18446744073709551615, 1]", "[1.5]", "true", "[{\"labels\": [1]}]",
      "[-0.0, -0]",
    ]
    let names = ["input_ids", "labels", "attention_mask", "token_type_ids", "position_ids", "s", "input_ids"]
    var text = ""
    for _ in 0..<2_000 {
      let members = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
        "\"\(names[Int.random(in: 0..<names.count, using: &random)])\": "
          + values[Int.random(in: 0..<values.count, using: &random)]
      }
      text += "{" + members.joined(separator: ", ") + "}\n"
    }
    let one = try scan(text: text, settings: .withoutDuplicates)
    let many = try scan(text: text, threads: 4, settings: .withoutDuplicates)
    #expect(one.lines.map(\.findings) == many.lines.map(\.findings))
    #expect(one.result.tokens == many.result.tokens)
    #expect(one.result.tokens?.lengths.count ?? 0 > 100)
  }

  @Test("Lists of lists of ids are said not to be checked")
  func nested() throws {
    let outcome = try scan(text: "{\"input_ids\": [[1, -2], [3]]}\n", settings: .withoutDuplicates)
    #expect(outcome.result.unchecked == ["input_ids: lists of lists, in which token ids are not looked for"])
    #expect(outcome.result.tokens == nil)
  }
}
