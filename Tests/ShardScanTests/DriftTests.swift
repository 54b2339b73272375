import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// A shard that differs from all others is named, and only such a one.
struct OddShardTests {
  /// - Parameter odd: what is odd about the shard with number 7.
  private func write(
    _ folder: TemporaryFolder, shards: Int, records: Int = 200, odd: String = "", isSorted: Bool = false
  ) {
    for shard in 0..<shards {
      var random = RepeatableRandom(seed: UInt64(shard) + 77)
      var text = ""
      for _ in 0..<records {
        let isOdd = shard == 7
        let scale = isOdd && odd == "numbers" ? 255.0 : 1
        let number = Double.random(in: 0..<1, using: &random) * scale + (isSorted ? Double(shard) : 0)
        let roll = Int.random(in: 0..<10, using: &random)
        let label = isOdd && odd == "categories" ? "cat" : roll < 3 ? "cat" : "dog"
        let length = Int.random(in: 100..<400, using: &random) / (isOdd && odd == "characters" ? 5 : 1)
        let list = (0..<(isOdd && odd == "lengths" ? 9 : roll)).map { _ in "1" }.joined(separator: ",")
        text += "{\"n\":\(number),\"label\":\"\(label)\",\"t\":\"\(String(repeating: "x", count: length))\","
        text += "\"l\":[\(list)],\"ok\":\(roll < 8)}\n"
      }
      folder.write("data/s\(shard < 10 ? "0" : "")\(shard).jsonl", text)
    }
  }

  /// - Parameter scales: whether a shard on another scale counts, which is not said a second time.
  private func findings(_ outcome: Outcome, scales: Bool = false) -> [String] {
    outcome.lines.flatMap { line in
      line.findings.findings.filter {
        $0.check == "drift-distribution" || (scales && $0.check == "normalization-shard")
      }.map {
        "\(line.shard.suffix(9)) \($0.field ?? "-")"
      }
    }
  }

  @Test(
    "The odd shard of many is named with its field",
    arguments: [
      ("numbers", "n"), ("categories", "label"), ("characters", "t"), ("lengths", "l"), ("", ""),
    ])
  func odd(_ odd: String, _ field: String) throws {
    for shards in [8, 24] {
      let folder = TemporaryFolder()
      write(folder, shards: shards, odd: odd)
      let outcome = try scan([folder.path + "/data"], out: folder.path + "/out", threads: 2)
      #expect(
        findings(outcome, scales: true) == (odd.isEmpty ? [] : ["s07.jsonl \(field)"]), "\(shards) shards")
      #expect(outcome.lines.allSatisfy { $0.findings.location.record == nil || !odd.isEmpty })
    }
  }

  @Test("Nothing is said where shards differ by nature, are few, or are small")
  func natural() throws {
    for (shards, records, isSorted) in [(24, 200, true), (4, 200, false), (24, 20, false)] {
      let folder = TemporaryFolder()
      write(folder, shards: shards, records: records, odd: isSorted ? "" : "numbers", isSorted: isSorted)
      let outcome = try scan([folder.path + "/data"], out: folder.path + "/out")
      #expect(findings(outcome) == [], "\(shards) \(records)")
    }
  }

  @Test("A scan and a merge of any split name the same shard")
  func merged() throws {
    let folder = TemporaryFolder()
    write(folder, shards: 12, odd: "numbers")
    let whole = try scan([folder.path + "/data"], out: folder.path + "/whole", threads: 3)
    #expect(findings(whole, scales: true) == ["s07.jsonl n"])
    _ = try scan((0..<10).map { folder.path + "/data/s0\($0).jsonl" }, out: folder.path + "/a")
    _ = try scan(["s10", "s11"].map { folder.path + "/data/\($0).jsonl" }, out: folder.path + "/b")
    let merged = try merge([folder.path + "/b", folder.path + "/a"], out: folder.path + "/m")
    #expect(merged.lines == whole.lines)
    #expect(merged.result.checks == whole.result.checks)
  }
}

/// A baseline is compared with in a scan and again in a merge.
struct BaselineTests {
  private static func text(_ seed: UInt64, scale: Double = 1) -> String {
    var random = RepeatableRandom(seed: seed)
    return (0..<400).map { _ in "{\"a\": \(random.normal() * scale), \"b\": \"x\"}\n" }.joined()
  }

  private static func baseline(_ result: ScanResult) -> Baseline {
    Baseline(records: result.totals.records, summaries: result.fields)
  }

  @Test("What moved is a finding about its field, a field left out is not lost, and a merge judges again")
  func judged() throws {
    let folder = TemporaryFolder()
    let paths = [
      folder.write("0.jsonl", Self.text(1, scale: 9)), folder.write("1.jsonl", Self.text(2, scale: 9)),
    ]
    var settings = ScanSettings()
    settings.checks.baseline = Self.baseline(try scan(text: Self.text(3)).result)
    let whole = try scan(paths, out: folder.path + "/whole", settings: settings)
    let finding = try #require(whole.result.findings.first { $0.check == "drift-distribution" })
    #expect(finding.field == "a")
    #expect(finding.message.hasPrefix("moved against the baseline: the numbers, JS distance 0."))
    let drifts = DriftComparison().compare(
      try #require(settings.checks.baseline), Self.baseline(whole.result))
    let limits = DriftSettings()
    #expect(
      whole.result.findings.filter { $0.check.hasPrefix("drift") }
        == DriftSchema.findings(drifts, limits) + DriftDistribution.findings(drifts, limits))
    #expect(finding.message.contains("(limit 0.1), PSI ") && finding.message.contains(": median "))
    // Apart each is compared with the same baseline; together they are what one scan of both is.
    _ = try scan([paths[0]], out: folder.path + "/a", settings: settings)
    _ = try scan([paths[1]], out: folder.path + "/b", settings: settings)
    let merged = try merge([folder.path + "/b", folder.path + "/a"], out: folder.path + "/m")
    #expect(merged.result.findings == whole.result.findings)
    #expect(whole.result.drift.map(\.drift.path) == ["a"])
    #expect(whole.result.drift.first?.before?.numbers != nil)
    #expect(merged.result.drift == whole.result.drift)
    settings.fields = ["a"]
    let partial = try scan(paths, out: folder.path + "/partial", settings: settings)
    #expect(partial.result.findings.map(\.check) == ["drift-distribution"])
    settings.checks.enabled = ["drift-schema"]
    #expect(try scan(paths, out: folder.path + "/schema", settings: settings).result.findings.isEmpty)
  }

  @Test("Results that were compared with different baselines are merged only with a new one")
  func different() throws {
    let folder = TemporaryFolder()
    let baselines = try [3, 4].map { Self.baseline(try scan(text: Self.text($0)).result) }
    for (index, baseline) in baselines.enumerated() {
      var settings = ScanSettings()
      settings.checks.baseline = baseline
      _ = try scan(
        [folder.write("\(index).jsonl", Self.text(5))], out: folder.path + "/\(index)", settings: settings)
    }
    let parts = ["/0", "/1"].map { folder.path + $0 }
    #expect(throws: ScanRun.MergeFailure.self) { try merge(parts, out: folder.path + "/m") }
    try OutputFolder.prepare(folder.path + "/n", force: false)
    let result = try ScanRun.merge(
      parts, output: folder.path + "/n", change: { $0.baseline = baselines[0] }, threads: 1,
      policy: GatePolicy(), progress: ScanProgress(), sink: RecordingSink())
    #expect(result.totals.records == 800)
  }
}
