import ShardChecks
import ShardIngest
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

struct NothingIsLostTests {
  @Test("A damaged shard gives its records before the damage, and the shards after it are read")
  func damaged() throws {
    let folder = TemporaryFolder()
    let text = (0..<5_000).map { "{\"id\": \($0), \"text\": \"row \($0 * 7919)\"}\n" }.joined()
    let whole = Gzip.compress(Array(text.utf8))
    folder.write("data/0.jsonl.gz", whole)
    folder.write("data/1.jsonl.gz", whole[..<(whole.count / 2)])
    folder.write("data/2.jsonl.gz", whole)
    let outcome = try scan(
      [folder.path + "/data"], out: folder.path + "/out", threads: 2,
      settings: .withoutDuplicates)
    #expect(outcome.shards.map(\.status) == [.complete, .damaged, .complete])
    #expect(outcome.shards[0].records == 5_000)
    #expect(outcome.shards[2].records == 5_000)
    #expect(outcome.shards[1].records > 1_000)
    #expect(outcome.lines.allSatisfy { $0.shard.hasSuffix("1.jsonl.gz") })
    #expect(outcome.checks(record: nil) == ["shard-unreadable"])
    #expect(outcome.result.gate.outcome == .failed)
  }

  @Test("A bad record does not stop its shard, whatever is wrong with it")
  func badRecords() throws {
    let bad = ["{\"a\": 1", "}", "[1, 2", "\"x", "{\"a\" 1}", "\u{1}", "{\"a\": tru}", "[[[[[[[", "nonsense"]
    let lines = bad.flatMap { ["{\"a\": 1}", $0] } + ["{\"a\": 1}"]
    let outcome = try scan(text: lines.joined(separator: "\n") + "\n", settings: .withoutDuplicates)
    #expect(outcome.result.totals.records == UInt64(lines.count))
    let expected: [UInt64?] = bad.indices.map { UInt64(2 * $0 + 1) }
    #expect(outcome.lines.map(\.findings.location.record) == expected)
    #expect(outcome.result.fields.first { $0.path == "a" }?.types.number == UInt64(bad.count + 1))
  }

  @Test("What cannot be opened is a problem of the scan, not a pass")
  func unreadable() throws {
    let folder = TemporaryFolder()
    let path = folder.write("data/a.jsonl", "{\"a\": 1}\n")
    let found = [
      ShardInput(name: path, path: path),
      ShardInput(name: folder.path + "/gone.jsonl", path: folder.path + "/gone.jsonl"),
    ]
    try OutputFolder.prepare(folder.path + "/out", force: false)
    let plan = ScanPlan(inputs: found, settings: ScanSettings(), output: folder.path + "/out")
    let sink = RecordingSink()
    let result = try ScanRun.scan(
      plan, policy: GatePolicy(), found: ScanRecord(settings: ScanSettings()), progress: ScanProgress(),
      sink: sink)
    #expect(result.gate.outcome == .incomplete)
    #expect(result.problems.map(\.path) == [folder.path + "/gone.jsonl"])
    #expect(result.shards.map(\.status) == [.complete, .unread])
    var forgiving = GatePolicy()
    forgiving.allowsIncomplete = true
    #expect(forgiving.judge(result, recordsAtLevel: 0, othersAtLevel: 0).outcome == .passed)
  }

  /// Finds no picture that it may read but those called `no...`, which are not there.
  private final class Refusal: PictureResolving {
    let absentFolder: [UInt8] = []
    let hasRoots = false
    func begin(shard path: String) {}
    func picture(named name: UnsafeBufferPointer<UInt8>) -> PictureContent {
      name.starts(with: "no".utf8) ? .missing("no such file") : .failed("permission denied")
    }
  }

  @Test(
    "A picture that may not be read is a warning and leaves the scan incomplete; one that is gone does not"
  )
  func unreadablePictures() throws {
    let folder = TemporaryFolder()
    func line(_ image: String) -> String {
      "{\"image\": \"\(image).jpg\", \"caption\": \"a view of \(image)\"}\n"
    }
    let texts = ["a": line("sea") + line("lake"), "b": line("wood"), "c": line("nothing")]
    for (name, text) in texts { folder.write("data/\(name).jsonl", text) }
    let shards = texts.keys.sorted().map { "\(folder.path)/data/\($0).jsonl" }
    func scan(_ paths: [String], out: String) throws -> (ScanResult, RecordingSink) {
      try OutputFolder.prepare(out, force: false)
      var plan = ScanPlan(
        inputs: paths.map { ShardInput(name: $0, path: $0) }, settings: ScanSettings(), output: out)
      plan.pictures = { _ in Refusal() }
      let sink = RecordingSink()
      let result = try ScanRun.scan(
        plan, policy: GatePolicy(), found: ScanRecord(settings: ScanSettings()), progress: ScanProgress(),
        sink: sink)
      return (result, sink)
    }
    let (result, sink) = try scan(shards, out: folder.path + "/out")
    #expect(result.gate.outcome == .incomplete)
    #expect(
      result.problems == [
        ScanProblem(path: shards[0], reason: "2 of its pictures could not be read"),
        ScanProblem(path: shards[1], reason: "1 of its pictures could not be read"),
      ])
    #expect(result.shards.map(\.status) == [.complete, .complete, .complete])
    let severities = sink.lines.map { $0.findings.findings.map { "\($0.check) \($0.severity)" } }
    #expect(
      severities == [
        ["image-missing warning"], ["image-missing warning"], ["image-missing warning"],
        ["image-missing error"],
      ])
    #expect(result.totals.errors == 1 && result.totals.warnings == 3)
    for (index, shard) in shards.enumerated() {
      let outcome = try scan([shard], out: "\(folder.path)/part\(index)").0.gate.outcome
      #expect(outcome == (index == 2 ? .failed : .incomplete))
    }
    let merged = try merge((0..<3).map { "\(folder.path)/part\($0)" }, out: folder.path + "/merged")
    #expect(merged.result.problems == result.problems)
    #expect(merged.result.gate == result.gate)
  }
}

struct OneReadTests {
  private func secondReads(_ text: String, _ rule: OutlierRule = .iqr(3)) throws -> UInt64 {
    let folder = TemporaryFolder()
    let path = folder.write("a.jsonl", text)
    var settings = ScanSettings()
    settings.checks.outliers = rule
    try OutputFolder.prepare(folder.path + "/out", force: false)
    let plan = ScanPlan(
      inputs: [ShardInput(name: path, path: path)], settings: settings, output: folder.path + "/out")
    let progress = ScanProgress()
    _ = try ScanRun.scan(
      plan, policy: GatePolicy(), found: ScanRecord(settings: settings), progress: progress,
      sink: RecordingSink())
    return progress.secondReads.load(ordering: .relaxed)
  }

  private func column(_ count: Int, _ value: (inout RepeatableRandom) -> Double) -> String {
    var random = RepeatableRandom(seed: 9)
    return (0..<count).map { _ in "{\"a\": \(value(&random))}\n" }.joined()
  }

  @Test("Outliers of the usual distributions are found in one read")
  func once() throws {
    let normal = column(50_000) { $0.normal() }
    #expect(try secondReads(normal) == 0)
    let uniform = column(50_000) { Double.random(in: 0..<1, using: &$0) }
    #expect(try secondReads(uniform) == 0)
    let rising = (0..<50_000).map { "{\"a\": \($0)}\n" }.joined()
    #expect(try secondReads(rising) == 0)
    let falling = (0..<50_000).map { "{\"a\": \(50_000 - $0)}\n" }.joined()
    #expect(try secondReads(falling) == 0)
    let sparse = (0..<50_000).map { "{\"a\": \($0 % 97 == 0 ? 1 : 0)}\n" }.joined()
    #expect(try secondReads(sparse) == 0)
  }

  @Test("More outliers than the set holds are found all the same, in a second read")
  func twice() throws {
    let text = (0..<50_000).map { "{\"a\": \($0 % 20 == 0 ? 1_000 + $0 : $0 % 10)}\n" }.joined()
    #expect(try secondReads(text) == 1)
    let outcome = try scan(text: text)
    #expect(outcome.result.checks["number-outlier"]?.records == 2_500)
  }

  @Test(
    "Exactly the values outside of the fences are on the list", arguments: ["iqr:3", "iqr:1", "z:3", "mad:3"])
  func exact(_ rule: String) throws {
    var random = RepeatableRandom(seed: 11)
    let values = (0..<30_000).map { _ in
      random.normal() * (Int.random(in: 0..<500, using: &random) == 0 ? 40 : 1)
    }
    var settings = ScanSettings()
    let outliers = OutlierRule(rule)
    settings.checks.outliers = try #require(outliers)
    let outcome = try scan(text: values.map { "{\"a\": \($0)}\n" }.joined(), threads: 2, settings: settings)
    let summary = outcome.result.fields.first?.numbers
    let fences = try #require(summary?.fences)
    let expected = values.indices.filter { values[$0] < fences.low || values[$0] > fences.high }
    #expect(!expected.isEmpty)
    let records: [UInt64?] = expected.map { UInt64($0) }
    #expect(outcome.lines.map(\.findings.location.record) == records)
  }
}

struct NaNIsDataTests {
  @Test("NaN, infinities, overflow and texts that read as them are named apart and reach no statistic")
  func named() throws {
    var lines = (0..<100).map { "{\"a\": \(Double($0) / 100)}" }
    let odd = [
      ("NaN", "number-nan"), ("-Infinity", "number-infinite"), ("1e999", "number-overflow"),
      ("-3.5e39", "number-overflow"), ("\"nan\"", "number-as-text"), ("\" Inf\"", "number-as-text"),
      ("\"0.31\"", "number-as-text"), ("1e-60", "number-underflow"),
    ]
    for (index, entry) in odd.enumerated() { lines.insert("{\"a\": \(entry.0)}", at: index * 11) }
    let outcome = try scan(text: lines.joined(separator: "\n") + "\n")
    for (index, entry) in odd.enumerated() {
      #expect(outcome.checks(record: UInt64(index * 11)).contains(entry.1), "\(entry.0)")
    }
    let numbers = try #require(outcome.result.fields.first?.numbers)
    #expect(numbers.nan == 1)
    #expect(numbers.negativeInfinity == 1)
    #expect(numbers.positiveInfinity == 1)
    #expect(numbers.mean?.isFinite == true)
    #expect(numbers.quantiles.allSatisfy { $0.isFinite })
  }

  @Test("In CSV the same words count only in a column of numbers")
  func cells() throws {
    var rows = (0..<60).map { "\($0),word\($0)" }
    rows[7] = "nan,nan"
    rows[20] = "-Inf,inf"
    rows[33] = "1e999,x"
    let outcome = try scan(text: "n,t\n" + rows.joined(separator: "\n") + "\n", name: "a.csv")
    #expect(
      outcome.brief == ["7 number-nan n", "20 number-infinite n", "33 number-overflow n"])
  }
}

struct LocationTests {
  @Test(
    "Offset and length cut the very record out of the decoded bytes, and the line is the one an editor shows",
    arguments: ["a.jsonl", "a.json", "a.csv", "a.jsonl.gz"])
  func located(_ name: String) throws {
    let folder = TemporaryFolder()
    var text = name.hasSuffix("csv") ? "id,t\n" : name.hasSuffix("json") ? "[\n" : ""
    for index in 0..<3_000 {
      let value = index % 100 == 50 ? "NaN" : "\(index)"
      switch name {
      case "a.csv": text += "\(value),\"two\nlines \(index)\"\n"
      case "a.json": text += " {\"id\": \(value),\n  \"t\": \"é\(index)\"}\(index < 2_999 ? "," : "")\n"
      default: text += "{\"id\": \(value), \"t\": \"é\(index)\"}\n"
      }
    }
    if name.hasSuffix("json") { text += "]\n" }
    let bytes = Array(text.utf8)
    let path = folder.write("d/" + name, name.hasSuffix("gz") ? Gzip.compress(bytes) : bytes)
    let outcome = try scan([path], out: folder.path + "/out", threads: 2)
    #expect(outcome.lines.count == 30)
    for line in outcome.lines {
      let location = line.findings.location
      let record = try #require(location.record)
      #expect(record % 100 == 50)
      let range = Int(location.offset)..<Int(location.offset + location.length)
      let piece = String(decoding: bytes[range], as: UTF8.self)
      #expect(piece.contains("NaN") && piece.contains("\(record)"), "\(piece)")
      #expect(UInt64(bytes[..<range.lowerBound].count { $0 == 0x0A }) + 1 == location.line)
      #expect(line.findings.findings.map(\.field) == ["id"])
    }
  }
}

struct UncheckedTests {
  @Test("Records beyond --limit are said to be unread, and exactly as many are read")
  func limit() throws {
    var settings = ScanSettings()
    settings.ingest.recordLimit = 1_234
    let text = (0..<40_000).map { "{\"a\": \($0)}\n" }.joined()
    let outcome = try scan(text: text, threads: 2, settings: settings)
    #expect(outcome.result.totals.records == 1_234)
    #expect(outcome.shards.map(\.status) == [.limited])
    #expect(outcome.result.unchecked.contains { $0.contains("--limit") })
    #expect(outcome.result.fields.first?.numbers?.maximum == 1_233)
  }
}
