import ShardModel
import ShardReports
import Testing

@Suite("JSON reports") struct SummaryReportTests {
  @Test("the summary of a failing scan") func failing() throws {
    let bytes = SummaryReport.render(SampleResults.failing)
    let json = try StrictJSON(bytes)
    #expect(
      json.names == [
        "format", "version", "totals", "checks", "fields", "findings", "shards", "unchecked", "problems",
        "interrupted", "limit", "gate",
      ])
    expectSnapshot(String(decoding: bytes, as: UTF8.self), named: "summary-failing.json")
  }

  @Test(
    "every summary is strict JSON and free of raw control characters",
    arguments: SampleResults.all.map(\.name))
  func strict(name: String) throws {
    let result = try #require(SampleResults.all.first { $0.name == name }).result
    for redact in [false, true] {
      let bytes = SummaryReport.render(result, redact: redact)
      _ = try StrictJSON(bytes)
      #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A })
    }
  }

  @Test("numbers that JSON lacks are strings") func notFinite() throws {
    var result = ScanResult()
    var numbers = SampleResults.numbers(1, 0, 0, 1)
    numbers.mean = .nan
    numbers.maximum = .infinity
    result.fields = [SampleResults.number("x", numbers)]
    guard case .array(let fields)? = try StrictJSON(SummaryReport.render(result))["fields"] else {
      Issue.record("no fields")
      return
    }
    #expect(fields[0]["numbers"]?["mean"] == .string("NaN"))
    #expect(fields[0]["numbers"]?["max"] == .string("Infinity"))
    #expect(fields[0]["text"] == nil)
  }

  @Test("redaction leaves out values, ids and frequent values") func redacted() {
    let text = String(decoding: SummaryReport.render(SampleResults.failing, redact: true), as: UTF8.self)
    for secret in ["unfinished", "id-18", "Yes.", "\"NaN\"", "1e+30\""] { #expect(!text.contains(secret)) }
    #expect(text.contains("\"distinct\": 1912233"))
  }

  @Test("the report of a shard") func shard() throws {
    var shard = SampleResults.failing.shards[0]
    shard.checks = SampleResults.failing.checks.filter { $0.key == "number-nan" }
    let bytes = ShardReport.render(shard)
    #expect(try StrictJSON(bytes)["format"] == .string("shardcheck-shard"))
    expectSnapshot(String(decoding: bytes, as: UTF8.self), named: "shard.json")
  }

  @Test(
    "shard reports stay below their folder",
    arguments: [
      ("a.jsonl", "shards/a.jsonl.json"), ("a/b.jsonl.gz", "shards/a/b.jsonl.gz.json"),
      ("/etc/passwd", "shards/%2Fetc/passwd.json"), ("../../x", "shards/%2E%2E/%2E%2E/x.json"),
      ("a//./b", "shards/a/%00/%2E/b.json"), ("..", "shards/%2E%2E.json"), ("", "shards/%00.json"),
      ("/", "shards/%2F.json"), ("//", "shards/%2F/%00.json"), ("a.json/b", "shards/a%2Ejson/b.json"),
      ("a.json", "shards/a.json.json"),
      ("50%\n", "shards/50%25%0A.json"), ("-", "shards/-.json"), ("漢/字", "shards/漢/字.json"),
    ])
  func paths(name: String, path: String) {
    #expect(ShardReport.path(for: name) == path)
  }

  @Test("long names fit a file system and differ") func longNames() {
    let name = String(repeating: "漢", count: 200)
    let paths = Set(["", "a", "b"].map { ShardReport.path(for: name + $0) })
    #expect(paths.count == 3)
    #expect(paths.allSatisfy { $0.split(separator: "/").allSatisfy { $0.utf8.count <= 255 } })
  }
}
