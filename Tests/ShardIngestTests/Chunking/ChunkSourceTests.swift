import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct ChunkSourceTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var text: String
    var records: Int
    var format: String

    init(_ name: String, _ text: String, records: Int) {
      self.name = name
      self.text = text
      self.records = records
      format = name.hasSuffix("jsonl") ? "jsonl" : "json"
    }

    var testDescription: String { name }
  }

  private static func records(_ count: Int, _ separator: String) -> String {
    (0..<count).map { index in
      let text = String(repeating: "\\u00e9 é\\n", count: index % 7)
      let extra = index % 5 == 0 ? ",\"tokens\":[\((0..<index).map(String.init).joined(separator: ","))]" : ""
      return "{\"id\":\(index),\"text\":\"\(text)\",\"score\":\(index).5\(extra)}"
    }.joined(separator: separator)
  }

  private static let pretty = (0..<40).map {
    "{\n  \"id\": \($0),\n  \"inner\": {\n    \"a\": [\n      1\n    ]\n  }\n}"
  }

  static let cases = [
    Case("lines.jsonl", records(120, "\n") + "\n", records: 120),
    Case("no-last-line-feed.jsonl", records(120, "\n"), records: 120),
    Case("crlf.jsonl", records(120, "\r\n") + "\r\n", records: 120),
    Case("mark.jsonl", "\u{FEFF}" + records(120, "\n"), records: 120),
    Case("blank-lines.jsonl", "\n\n" + records(50, "\n\n \n") + "\n\n\n", records: 152),
    Case("one-long.jsonl", "1\n\"" + String(repeating: "x", count: 5_000) + "\"\n2\n", records: 3),
    Case("only-line-feeds.jsonl", String(repeating: "\n", count: 300), records: 300),
    Case("bad.jsonl", records(30, "\n{\"a\":\n]\n") + "\n", records: 88),
    Case("array.json", "[" + records(120, ",") + "]", records: 120),
    Case("array-on-lines.json", "[\r\n" + records(120, ",\r\n") + "\r\n]\r\n", records: 120),
    Case("mark-array.json", "\u{FEFF}[" + records(120, " , ") + "]", records: 120),
    Case("open-array.json", "[" + records(120, ","), records: 121),
    Case("empty-array.json", "[ \n ]", records: 0),
    Case("bad-array.json", "[" + records(30, ",,{\"a\":1]},") + ",]]", records: 30 + 29 * 3 + 2),
    Case("pretty.json", "[\n" + pretty.joined(separator: ",\n") + "\n]\n", records: 40),
    Case("pretty-values.json", pretty.joined(separator: "\n") + "\n", records: 40),
    Case("joined-values.json", pretty.joined(), records: 40),
    Case("mark-values.json", "\u{FEFF}" + pretty.joined(separator: "\n"), records: 40),
    Case("scalars.json", "{}" + String(repeating: " 1 null \"x\" 1]2", count: 40), records: 241),
  ]

  @Test("records, values, places and defects are the same however a shard is cut", arguments: cases)
  func cuts(_ one: Case) throws {
    let folder = ScratchFolder()
    folder.write(one.name, one.text)
    let whole = try ShardReading(folder, one.name)
    #expect(whole.errors == [])
    #expect(whole.parsed.records.count == one.records)
    #expect(whole.formats == [one.format])
    #expect(whole.chunks.count <= 1)
    for size in [1, 2, 7, 64, 1_000] {
      let cut = try ShardReading(folder, one.name) { $0.cutEach(size) }
      #expect(cut.errors == [], "chunks of \(size)")
      #expect(cut.parsed == whole.parsed, "chunks of \(size): \(cut.parsed)")
      if one.records > 100, size < 1_000 { #expect(cut.chunks.count > 3, "chunks of \(size)") }
    }
    for most in [1, 3, 32] {
      let few = try ShardReading(folder, one.name) { $0.chunks.mostRecords = most }
      #expect(few.errors == [], "\(most) records a chunk")
      #expect(few.parsed == whole.parsed, "\(most) records a chunk")
    }
  }

  @Test("the cuts do not depend on how the bytes arrive", arguments: cases.prefix(4))
  func arrival(_ one: Case) throws {
    let folder = ScratchFolder()
    folder.write(one.name, one.text)
    let plain = try ShardReading(folder, one.name) { $0.cutEach(64) }
    let path = folder.write(one.name + ".gz", Gzip.compress(Array(one.text.utf8)))
    var options = IngestOptions()
    options.cutEach(64)
    let source = try ChunkSource(
      ShardInput(name: path, path: path), options: options, workspace: DecodingWorkspace())
    let buffer = ChunkBuffer()
    var lengths: [Int] = []
    while let piece = source.next(into: buffer) {
      if case .records(let count, _, _, _) = piece { lengths.append(count) }
    }
    #expect(lengths == plain.chunks.map(\.count))
  }

  @Test("no more records are read than the limit allows, and all if there are no more", arguments: cases)
  func limit(_ one: Case) throws {
    let folder = ScratchFolder()
    folder.write(one.name, one.text)
    let whole = try ShardReading(folder, one.name)
    for limit in [0, 1, 2, 5, one.records - 1, one.records, one.records + 5] where limit >= 0 {
      for size in [1, 64, 1 << 18] {
        let some = try ShardReading(folder, one.name) {
          $0.recordLimit = UInt64(limit)
          $0.cutEach(size)
        }
        let wanted = min(limit, one.records)
        #expect(some.errors == [], "limit \(limit)")
        #expect(some.parsed.records == Array(whole.parsed.records.prefix(wanted)), "limit \(limit)")
        let values = whole.parsed.values.filter { $0.position < (some.chunks.last?.upperBound ?? 0) }
        #expect(some.parsed.values == values, "limit \(limit)")
        if limit < one.records { #expect(some.isCutByLimit, "limit \(limit)") }
      }
    }
  }

  static let long = [
    ("lines.jsonl", "{\"a\":1}\n\"LONG\"\n{\"a\":2}\n{\"a\":3}\n", [1]),
    ("two.jsonl", "\"LONG\"\n\"LONG\"\n{\"a\":3}\n", [0, 1]),
    ("last.jsonl", "{\"a\":1}\n{\"b\":[\"LONG\"]}", [1]),
    ("open.jsonl", "{\"a\":1}\n{\"b\":\"LONG", [1]),
    ("array.json", "[{\"a\":1},\n{\"b\":\"LONG\"},\n{\"a\":2}, {\"a\":3}]", [1]),
    ("first.json", "[ \"LONG\" , {\"a\":2}, {\"a\":3} ]", [0]),
    ("values.json", "{\n\"a\":1}\n{\n\"b\":\n[\"LONG\"]\n}\n{\"a\":2}{\"a\":3} 4 5", [1]),
    ("scalar.json", "{\n\"a\":1} LONG] 5", [1]),
  ]

  @Test("a record beyond the limit of bytes is skipped, and those after it are intact", arguments: long)
  func tooLong(_ name: String, _ text: String, _ rows: [Int]) throws {
    let folder = ScratchFolder()
    let filler = String(repeating: name == "scalar.json" ? "x" : "x\\n[", count: 3_000)
    let content = text.split(separator: "LONG", omittingEmptySubsequences: false).joined(separator: filler)
    folder.write(name, content)
    let whole = try ShardReading(folder, name)
    for size in [16, 64, 700] {
      let cut = try ShardReading(folder, name) {
        $0.cutEach(size)
        $0.maximumRecordBytes = 200
      }
      #expect(cut.errors == [], "chunks of \(size)")
      #expect(cut.tooLong.keys.sorted() == rows, "chunks of \(size)")
      #expect(cut.parsed.records.count == whole.parsed.records.count, "chunks of \(size)")
      let kept = whole.parsed.values.filter { value in
        !rows.contains(whole.parsed.records.lastIndex { $0.offset <= value.position } ?? -1)
      }
      #expect(cut.parsed.values == kept, "chunks of \(size)")
    }
  }
}
