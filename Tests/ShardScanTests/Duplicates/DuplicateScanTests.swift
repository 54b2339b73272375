import ShardChecks
import ShardIngest
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Duplicates as a scan and a merge report them.
struct DuplicateScanTests {
  /// Shards with planted duplicates, in several formats; small chunks of records of 100 kinds.
  private static func makeShards(_ folder: TemporaryFolder, seed: UInt64) -> [String] {
    let texts = texts(seed: seed)
    return texts.keys.sorted().map { name in
      let bytes = Array((texts[name] ?? "").utf8)
      return folder.write(name, name.hasSuffix("gz") ? Gzip.compress(bytes) : bytes)
    }
  }

  private func settings() -> ScanSettings {
    var settings = ScanSettings()
    settings.checks.enabled = ["record-duplicate"]
    settings.ingest.chunks.bytes = 1 << 12
    return settings
  }

  private func scan(
    _ paths: [String], _ out: String, threads: Int, memory: Int = 256 << 20
  ) throws -> [RecordingSink.Line] {
    try OutputFolder.prepare(out, force: false)
    let settings = settings()
    var plan = ScanPlan(inputs: try Discovery.resolve(paths).inputs, settings: settings, output: out)
    plan.threads = threads
    plan.duplicateMemory = memory
    let sink = RecordingSink()
    _ = try ScanRun.scan(
      plan, policy: GatePolicy(), found: ScanRecord(settings: settings), progress: ScanProgress(), sink: sink)
    return sink.lines
  }

  @Test("Threads, memory, splits and the order of merging change nothing", arguments: 0..<3)
  func sameAnswer(_ seed: UInt64) throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder, seed: seed)
    let lines = try scan(paths, folder.path + "/one", threads: 1)
    #expect(lines.count > 250)
    #expect(try scan(paths, folder.path + "/eight", threads: 8) == lines)
    #expect(try scan(paths, folder.path + "/spilled", threads: 2, memory: 1_000) == lines)
    _ = try scan([paths[2], paths[0]], folder.path + "/p", threads: 2)
    _ = try scan([paths[3], paths[1]], folder.path + "/q", threads: 1)
    #expect(try merge([folder.path + "/q", folder.path + "/p"], out: folder.path + "/merged").lines == lines)
    #expect(try merge([folder.path + "/merged"], out: folder.path + "/again").lines == lines)
  }

  @Test("Each duplicate is found, with its place and the place of the first")
  func reference() throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder, seed: 9)
    let lines = try scan(paths, folder.path + "/out", threads: 2)
    var firsts: [String: String] = [:]
    var expected: [String] = []
    for path in paths {
      let name = String(path.dropFirst(folder.path.count + 1))
      guard let text = Self.texts(seed: 9)[name] else { continue }
      let isTable = name.hasSuffix("csv")
      var record = 0
      for (line, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if content.isEmpty || (isTable && line == 0) || content == "[" || content == "]" { continue }
        let digits = String(content.drop { !$0.isNumber }.prefix { $0.isNumber })
        if let first = firsts[digits] {
          expected.append("\(path) \(record) \(line + 1) the same content as \(first)")
        } else {
          firsts[digits] = "record \(record) of \(path)"
        }
        record += 1
      }
    }
    let found = lines.map { line in
      let location = line.findings.location
      return
        "\(line.shard) \(location.record ?? 0) \(location.line ?? 0) \(line.findings.findings[0].message)"
    }
    #expect(found == expected)
    #expect(lines.allSatisfy { $0.findings.location.key == nil })
    for line in lines {
      let name = String(line.shard.dropFirst(folder.path.count + 1))
      let bytes = Array((Self.texts(seed: 9)[name] ?? "").utf8)
      let location = line.findings.location
      let piece = bytes[Int(location.offset)..<Int(location.offset + location.length)]
      #expect(piece.contains(UInt8(ascii: "t")) && !piece.contains(0x0A))
    }
  }

  /// The decoded texts that `makeShards` writes.
  private static func texts(seed: UInt64) -> [String: String] {
    var random = RepeatableRandom(seed: seed)
    var result: [String: String] = [:]
    for name in ["a.jsonl", "b/c.jsonl.gz", "b/d.json", "e.csv"] {
      let ids = (0..<1_500).map { _ in Int.random(in: 0..<40_000, using: &random) }
      if name.hasSuffix("csv") {
        result[name] = "id,t\n" + ids.map { "\($0),t\($0)\n" }.joined()
      } else if name.hasSuffix("json") {
        result[name] =
          "[\n" + ids.map { "{\"id\":\($0),\"t\":\"t\($0)\"}" }.joined(separator: ",\n") + "\n]\n"
      } else {
        result[name] = ids.map { "{\"id\":\($0),\"t\":\"t\($0)\"}\n" }.joined()
      }
    }
    return result
  }

  @Test("A shard given twice under two names is found entirely, and clean data give nothing")
  func twice() throws {
    let folder = TemporaryFolder()
    let text = (0..<20_000).map { "{\"i\":\($0)}\n" }.joined()
    let first = folder.write("0.jsonl", text)
    let second = folder.write("1.jsonl", text)
    #expect(try scan([first], folder.path + "/clean", threads: 2).isEmpty)
    let lines = try scan([first, second], folder.path + "/out", threads: 2, memory: 100_000)
    #expect(lines.map(\.findings.location.record) == (0..<20_000).map { UInt64($0) })
    #expect(lines.allSatisfy { $0.shard == second })
    #expect(lines[17].findings.findings[0].message == "the same content as record 17 of \(first)")
  }

  @Test("A duplicate with another finding is one line, in order, with the record's key")
  func together() throws {
    let text =
      "{\"id\":\"k\",\"a\":NaN}\n{\"id\":\"m\",\"a\":1}\n{\"a\":NaN,\"id\":\"k\"}\n{\"id\":\"m\",\"a\":1.0}\n"
    let outcome = try ShardScanTests.scan(text: text)
    #expect(
      outcome.brief == ["0 number-nan a", "2 number-nan a", "2 record-duplicate -", "3 record-duplicate -"])
    #expect(outcome.lines.map(\.findings.location.key) == ["k", "k", nil])
    #expect(outcome.result.checks["record-duplicate"]?.records == 2)
    #expect(outcome.result.totals.quarantined == 3)
  }

  @Test("Shards cut by --limit are compared up to the limit")
  func limited() throws {
    var settings = ScanSettings()
    settings.ingest.recordLimit = 3
    let outcome = try ShardScanTests.scan(
      text: "{\"a\":1}\n{\"a\":2}\n{\"a\":1}\n{\"a\":2}\n", settings: settings)
    #expect(outcome.brief == ["2 record-duplicate -"])
  }

  @Test("Chosen fields alone decide; records without any of them are not compared")
  func fields() throws {
    let text =
      "{\"id\":1,\"t\":{\"x\":[1,2]}}\n{\"id\":2,\"t\":{\"x\":[1,2]}}\n{\"id\":3}\n{\"id\":4}\n{\"t\":{\"x\":[1]}}\n"
    var settings = ScanSettings()
    settings.checks.duplicateFields = ["t"]
    #expect(try ShardScanTests.scan(text: text, settings: settings).brief == ["1 record-duplicate -"])
    settings.checks.duplicateFields = ["t.*", "nothing"]
    #expect(try ShardScanTests.scan(text: text, settings: settings).brief == ["1 record-duplicate -"])
    settings.checks.duplicateFields = []
    #expect(try ShardScanTests.scan(text: text, settings: settings).brief.isEmpty)
    settings.ignoredFields = ["id"]
    #expect(try ShardScanTests.scan(text: text, settings: settings).brief == ["1 record-duplicate -"])
  }

  @Test("Where only some fields are read nothing is compared, which is said")
  func fewFields() throws {
    var settings = ScanSettings()
    settings.fields = ["a"]
    let outcome = try ShardScanTests.scan(text: "{\"a\":1,\"b\":1}\n{\"a\":1,\"b\":2}\n", settings: settings)
    #expect(outcome.brief.isEmpty)
    #expect(outcome.result.unchecked.contains { $0.contains("duplicates") })
  }

  @Test("A check that is off writes no index")
  func off() throws {
    let folder = TemporaryFolder()
    let path = folder.write("data/a.jsonl", "{\"a\":1}\n{\"a\":1}\n")
    _ = try ShardScanTests.scan([path], out: folder.path + "/on")
    _ = try ShardScanTests.scan([path], out: folder.path + "/off", settings: .withoutDuplicates)
    func indexes(_ out: String) throws -> Int {
      try Files.listAll(folder.path + out).count { $0.hasSuffix("%records") }
    }
    #expect(try indexes("/on") == 1)
    #expect(try indexes("/off") == 0)
  }

  @Test("Members of archives are compared like shards, and named")
  func members() throws {
    let folder = TemporaryFolder()
    let tar = Self.tar([
      ("x.jsonl", "{\"a\":1}\n{\"a\":2}\n"), ("note.txt", "no records"),
      ("y.json", "[{\"a\":2},\n\n{\"a\":3},{\"a\":1.0}]"), ("z.csv", "a\n3\n4\n"),
    ])
    let path = folder.write("s.tar", tar)
    let outcome = try ShardScanTests.scan([path], out: folder.path + "/out", threads: 2)
    let found = outcome.lines.map { line in
      let location = line.findings.location
      return [
        location.member ?? "-", "\(location.record ?? 99)", "\(location.line ?? 99)", "\(location.offset)",
        line.findings.findings[0].message,
      ].joined(separator: " ")
    }
    #expect(
      found == [
        "y.json 0 1 1 the same content as record 1 of x.jsonl in \(path)",
        "y.json 2 3 19 the same content as record 0 of x.jsonl in \(path)",
        "z.csv 0 2 2 the same content as record 1 of y.json in \(path)",
      ])
  }

  /// A tar archive of regular files (POSIX.1-1988).
  private static func tar(_ members: [(name: String, text: String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, text) in members {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at offset: Int) {
        header.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
      }
      func octal(_ value: Int, _ digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
      }
      put(name, at: 0)
      put(octal(0o644, 7), at: 100)
      put(octal(text.utf8.count, 11), at: 124)
      put(octal(0, 11), at: 136)
      put("        ", at: 148)
      put("0", at: 156)
      put("ustar\u{0}00", at: 257)
      put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
      bytes += header + Array(text.utf8)
      bytes += [UInt8](repeating: 0, count: (512 - text.utf8.count % 512) % 512)
    }
    return bytes + [UInt8](repeating: 0, count: 1_024)
  }

  @Test("A shard that is read again for its outliers keeps its duplicates, in order")
  func readAgain() throws {
    let text = (0..<50_000).map { "{\"a\": \($0 % 20 == 0 ? 1_000 + $0 : $0 % 10)}\n" }.joined()
    let outcome = try ShardScanTests.scan(text: text, threads: 2)
    #expect(outcome.result.checks["number-outlier"]?.records == 2_500)
    #expect(outcome.result.checks["record-duplicate"]?.records == 47_490)
    let records = outcome.lines.compactMap(\.findings.location.record)
    #expect(records == records.sorted() && Set(records).count == 49_990)
  }
}
