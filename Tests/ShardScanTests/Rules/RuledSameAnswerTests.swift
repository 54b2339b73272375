import ShardChecks
import ShardModel
import ShardReports
import ShardScan
import ShardTestSupport
import Testing

/// With rules as without: the same shards give the same answer for any number of threads and any split of the shards.
struct RuledSameAnswerTests {
  /// Rules that are broken here and there in `SameAnswerTests.shard`, by severity, share and kind.
  static let rules = """
    fields:
      id: {monotonic: strictly-increasing, unique: false}
      score: {type: number, required: true, range: [-2.5, 2.5]}
      label: {nullable: false, enum: [0, 1, 2, 3], severity: warning}
      name: {length: [6, 8], pattern: '^name', unique: true}
      meta.w: {required: true, monotonic: increasing, mostly: 0.9}
      'meta.*': {required: true, range: [0, 5]}
      list: {length: [1, 8], range: [-2, 2], mostly: 0.9}
      vector: {scale: unit-norm}
      bbox: {box: {layout: xyxy, scale: pixels}}
      never.there: {required: true}
      gone: {required: true, mostly: 0.5, severity: note}
      'list[]': {scale: {mean: 1}}
    records:
      - rule: len(list) == label
        mostly: 0.01
      - rule: list[] < score
        severity: note
      - rule: bbox[] <= width
    checks:
      numbers: {severity: error}
      number-outlier: {outliers: 'iqr:0.2', severity: warning}
      normalization: {severity: warning}
      field-missing: {max: 3}
      number-range: {max: '50%'}
    drift: {js: 0.01}
    """

  /// One of the shards is several chunks long.
  private static func makeShards(_ folder: TemporaryFolder) -> [String] {
    (0..<6).map { index in
      folder.write(
        "data/part-0\(index).jsonl",
        SameAnswerTests.shard(seed: UInt64(index + 1), records: index == 3 ? 2_500 : 150))
    }
  }

  /// What is compared is large: only the first difference is shown.
  private func expectSame(_ left: Outcome, _ right: Outcome, _ comment: Comment) {
    if let (one, other) = zip(left.lines, right.lines).first(where: { $0 != $1 }) {
      Issue.record("\(comment): \(one) and \(other)")
    }
    #expect(left.lines.count == right.lines.count, comment)
    let isSame = [
      left.shards == right.shards, left.result.fields == right.result.fields,
      left.result.checks == right.result.checks,
    ]
    #expect(isSame == [true, true, true], comment)
    #expect(left.result.findings == right.result.findings, comment)
    #expect(left.result.gate == right.result.gate, comment)
  }

  @Test("Threads leave no trace, and every check of the rules has found something")
  func threads() throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder)
    let settings = try ruledSettings(Self.rules)
    let one = try scan(paths, out: folder.path + "/one", settings: settings)
    for check in [
      "field-order", "number-as-text", "field-missing", "number-range", "field-null", "field-value",
      "text-length",
      "list-length", "normalization-vector", "normalization-field", "box-range", "record-rule",
      "field-unique",
    ] { #expect(one.result.checks[check]?.findings ?? 0 > 0, "\(check)") }
    for threads in [2, 3, 8] {
      expectSame(
        one, try scan(paths, out: folder.path + "/\(threads)", threads: threads, settings: settings),
        "\(threads) threads")
    }
  }

  @Test("Splits that are merged in any order, and merged again, say the same", arguments: 0..<4)
  func splits(_ seed: UInt64) throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder)
    let settings = try ruledSettings(Self.rules)
    let whole = try scan(paths, out: folder.path + "/whole", settings: settings)
    var random = RepeatableRandom(seed: seed)
    var groups = [[String]](repeating: [], count: 3)
    for path in paths { groups[Int.random(in: 0..<3, using: &random)].append(path) }
    var outputs: [String] = []
    for (index, group) in groups.enumerated() where !group.isEmpty {
      outputs.append(folder.path + "/part-\(index)")
      _ = try scan(group, out: folder.path + "/part-\(index)", threads: 2, settings: settings)
    }
    outputs.shuffle(using: &random)
    let merged = try merge(outputs, out: folder.path + "/merged")
    expectSame(whole, merged, "seed \(seed)")
    expectSame(
      whole, try merge([folder.path + "/merged"], out: folder.path + "/again"),
      "merged once more, seed \(seed)")
  }

  @Test(
    "A field that only some shards have is demanded of the others in the same way, whoever read them before")
  func otherShards() throws {
    let rules = [
      "fields: {a: {required: true}}", "fields: {'*': {required: true}}",
      "fields: {'l[].a': {required: true}}",
      "fields: {'l[].*': {required: true}}", "fields: {'m[\"a.b\"]': {required: true}}",
    ]
    let with = "{\"a\": 1, \"l\": [{\"a\": 1, \"b\": 1}], \"m\": {\"a.b\": 1}}\n"
    let without = "{\"l\": [{\"b\": 1}, {\"b\": 1}], \"m\": {}}\n"
    for rule in rules {
      let settings = try ruledSettings(rule)
      for pattern in [[0, 1, 1, 0], [1, 0]] {
        let folder = TemporaryFolder()
        let paths = pattern.enumerated().map {
          folder.write("data/\($0).jsonl", String(repeating: $1 == 0 ? with : without, count: 3))
        }
        let one = try scan(paths, out: folder.path + "/one", settings: settings)
        let missing = one.result.checks["field-missing"]?.findings
        let each: UInt64 = rule.contains("'*'") ? 12 : rule.contains("l[]") ? 6 : 3
        #expect(missing == UInt64(pattern.count { $0 == 1 }) * each, "\(rule) \(pattern)")
        let back = try scan(paths.reversed(), out: folder.path + "/back", settings: settings)
        expectSame(one, back, "\(rule) \(pattern)")
        expectSame(
          one, try scan(paths, out: folder.path + "/many", threads: 8, settings: settings),
          "\(rule) \(pattern)")
        var parts: [String] = []
        for path in paths {
          parts.append(folder.path + "/part\(parts.count)")
          _ = try scan([path], out: parts[parts.count - 1], settings: settings)
        }
        expectSame(one, try merge(parts, out: folder.path + "/merged"), "\(rule) \(pattern), merged")
      }
    }
  }

  /// Steps that go back where `isBack` says so, in records of about 190 bytes.
  private static func log(_ count: Int, isBack: (Int) -> Bool) -> String {
    let pad = String(repeating: "x", count: 160)
    return (0..<count).map { "{\"t\": \(isBack($0) ? 2 * $0 - 3 : 2 * $0), \"pad\": \"\(pad)\"}\n" }.joined()
  }

  @Test("Names that look alike are not taken for each other")
  func alike() throws {
    let folder = TemporaryFolder()
    let paths = ["e\u{301}", "\u{E9}", "e\u{301}", "x"].enumerated().map {
      folder.write("data/\($0).jsonl", "{\"\($1)\": 1, \"a\": 1}\n")
    }
    let settings = try ruledSettings("fields: {\u{E9}: {required: true}}")
    let one = try scan(paths, out: folder.path + "/one", settings: settings)
    #expect(one.result.checks["field-missing"]?.findings == 3)
    expectSame(one, try scan(paths.reversed(), out: folder.path + "/back", settings: settings), "reversed")
  }

  @Test("Order is followed over the borders of chunks, wherever they are")
  func order() throws {
    let folder = TemporaryFolder()
    // 20,000 records of 190 bytes: some 15 chunks. Each record but every third goes back behind the one before.
    let path = folder.write("data/a.jsonl", Self.log(20_000) { $0 % 3 == 2 })
    let expected = stride(from: UInt64(2), to: 20_000, by: 3).map { $0 }
    for threads in [1, 2, 8] {
      let outcome = try scan(
        [path], out: folder.path + "/\(threads)", threads: threads,
        settings: ruledSettings("fields: {t: {monotonic: increasing}}"))
      #expect(outcome.lines.map(\.findings.location.record) == expected)
      #expect(outcome.lines.allSatisfy { $0.findings.findings.map(\.check) == ["field-order"] })
    }
    // Every record breaks the other order, but for the first one and those that go back.
    let back = try scan(
      [path], out: folder.path + "/back", threads: 3,
      settings: ruledSettings("fields: {t: {monotonic: strictly-decreasing}}"))
    #expect(back.result.checks["field-order"]?.findings == 19_999 - UInt64(expected.count))
    // The share is of all numbers, those behind borders included.
    let mostly = try scan(
      [path], out: folder.path + "/mostly", threads: 3,
      settings: ruledSettings("fields: {t: {monotonic: increasing, mostly: 0.6667}}"))
    #expect(mostly.lines.isEmpty)
  }

  @Test("Each shard begins its order anew")
  func orderBegins() throws {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.log(3) { _ in false })
    folder.write("data/b.jsonl", Self.log(3) { _ in false })
    let outcome = try scan(
      [folder.path + "/data"], out: folder.path + "/out",
      settings: ruledSettings("fields: {t: {monotonic: increasing}}\nchecks: {drift: off}"))
    #expect(outcome.findings.isEmpty)
  }

  @Test("A shard that is read again has the same findings of rules, each once")
  func secondRead() throws {
    let folder = TemporaryFolder()
    // In the first shard every number is a text, which is only counted; in the second none is.
    let texts = (0..<9_000).map {
      "{\"a\": \"x\($0)\", \"t\": \($0 % 4_000), \"n\": null, \"v\": [\($0 % 90 == 7 ? 2 : 1).0, 0.0]}\n"
    }.joined()
    let numbers = (0..<400_000).map {
      "{\"a\": \($0 % 1_000).5, \"t\": \($0), \"n\": 1, \"v\": [0.6, 0.8], \"w\": 1}\n"
    }
    .joined()
    let paths = [folder.write("data/0.jsonl", texts), folder.write("data/1.jsonl", numbers)]
    let rules = """
      fields:
        t: {monotonic: increasing}
        v: {scale: unit-norm}
        n: {nullable: false}
        '?': {required: true}
      """
    let settings = try ruledSettings(rules)
    let one = try scan(paths, out: folder.path + "/one", settings: settings)
    // This is what makes it read again.
    #expect(one.result.checks["field-type"]?.findings == 9_000)
    #expect(one.result.checks["field-order"]?.findings == 2)
    #expect(one.result.checks["normalization-vector"]?.findings == 100)
    #expect(one.result.checks["field-null"]?.findings == 9_000)
    #expect(one.result.checks["field-missing"]?.findings == 9_000)
    expectSame(
      one, try scan(paths, out: folder.path + "/many", threads: 8, settings: settings), "8 threads")
    for index in 0..<2 {
      _ = try scan([paths[index]], out: folder.path + "/part\(index)", settings: settings)
    }
    expectSame(
      one, try merge([folder.path + "/part1", folder.path + "/part0"], out: folder.path + "/merged"), "merged"
    )
  }
}
