import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

/// One record with a missing brace, bracket or quote must not hide the records after it.
@Suite struct JSONRecoveryTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var before: String
    var separator: String
    var after: String
    var record: @Sendable (Int) -> String
    var bad: String

    var testDescription: String { name }

    func text(_ count: Int, bad rows: Set<Int>) -> String {
      let records = (0..<count).map { rows.contains($0) ? bad : record($0) }
      return before + records.joined(separator: separator) + after
    }
  }

  @Sendable private static func short(_ index: Int) -> String { "{\"id\": \(index), \"a\": {\"b\": [1, 2]}}" }
  private static func pretty(_ indent: String) -> @Sendable (Int) -> String {
    { index in
      let lines = ["{", "  \"id\": \(index),", "  \"a\": {", "    \"b\": [", "      1", "    ]", "  }", "}"]
      return lines.map { indent + $0 }.joined(separator: "\n")
    }
  }

  static let cases = [
    Case(
      name: "brace in array.json", before: "[\n", separator: ",\n", after: "\n]\n", record: short,
      bad: "{\"id\": 0, \"a\": {\"b\": [1, 2]}"),
    Case(
      name: "bracket in indented array.json", before: "[\n  ", separator: ",\r\n  ", after: "\n]\n",
      record: short,
      bad: "{\"id\": 0, \"a\": {\"b\": [1, 2}}"),
    Case(
      name: "quote in array.json", before: "[", separator: "\n,", after: "]", record: short,
      bad: "{\"id\": 0, \"a\": \"x}"),
    Case(
      name: "brace in pretty array.json", before: "[\n", separator: ",\n", after: "\n]\n",
      record: pretty("  "),
      bad: "  {\n    \"id\": 0,\n    \"a\": {\n      \"b\": [\n        1\n      ]\n  }"),
    Case(
      name: "brace in pretty values.json", before: "", separator: "\n", after: "\n", record: pretty(""),
      bad: "{\n  \"id\": 0,\n  \"a\": {\n    \"b\": [\n      1\n    ]\n}"),
    Case(
      name: "tabs in values.json", before: "\t{\n\t}\n", separator: "\n\n", after: "\n", record: pretty("\t"),
      bad: "\t{\n\t\t\"a\": [{\n\t}"),
  ]

  @Test("the records after one that is not closed are read", arguments: cases)
  func following(_ one: Case) throws {
    let folder = ScratchFolder()
    for rows in [[0], [5], [19], [3, 4, 11]] as [Set<Int>] {
      let text = one.text(20, bad: rows)
      folder.write(one.name, text)
      let shard = try ShardReading(folder, one.name)
      let extra = one.before.contains("}") ? 1 : 0
      #expect(shard.errors == [])
      // Nothing follows the last record, so that it takes the bracket of the array with it.
      let isOpen = rows.contains(19)
      let end: Set = isOpen && one.after.contains("]") && !one.name.contains("quote") ? [20] : []
      #expect(shard.parsed.records.count == 20 + extra + end.count)
      #expect(shard.parsed.rejected == Set(rows.map { $0 + extra }).union(end), "\(shard.parsed.details)")
      let ids = shard.parsed.values.filter { $0.path == "id" }.map { Int(Double(bitPattern: $0.bits)) }
      #expect(ids == (0..<20).filter { !rows.contains($0) })
      #expect(shard.parsed.kinds.contains(.truncated) == isOpen, "\(shard.parsed.details)")
      for size in [1, 7, 64] {
        let cut = try ShardReading(folder, one.name) { $0.cutEach(size) }
        #expect(cut.errors == [])
        #expect(cut.parsed.records == shard.parsed.records && cut.parsed.values == shard.parsed.values)
      }
    }
  }

  @Test("where the longest record ends inside of brackets the search begins there")
  func longestRecord() throws {
    let folder = ScratchFolder()
    let one = Self.cases[0]
    folder.write("long.json", one.text(4_000, bad: [7, 2_000]))
    let shard = try ShardReading(folder, "long.json") {
      $0.maximumRecordBytes = 10_000
      $0.cutEach(512)
    }
    #expect(shard.errors == [])
    #expect(shard.parsed.records.count == 4_000)
    #expect(shard.parsed.rejected == [7, 2_000])
    #expect(shard.tooLong.isEmpty)
  }

  @Test("without a line that begins alike the rest is one bad record")
  func noLine() throws {
    let folder = ScratchFolder()
    folder.write("one-line.json", "[{\"id\":1},{\"id\":{,{\"id\":3},{\"id\":4}]")
    let shard = try ShardReading(folder, "one-line.json")
    #expect(shard.errors == [])
    #expect(shard.parsed.records.count == 2 && shard.parsed.kinds == [.malformed])
  }

  @Test("valid data are never cut at a line, however they are indented")
  func validData() throws {
    let folder = ScratchFolder()
    let flat = "[\n{\n\"a\":\n[\n{\n\"b\":1\n},\n{\n\"b\":2\n}\n]\n},\n{\n\"a\":[]\n}\n]"
    folder.write("flat.json", flat)
    let shard = try ShardReading(folder, "flat.json") { $0.cutEach(1) }
    #expect(shard.errors == [] && shard.parsed.records.count == 2 && shard.parsed.kinds == [])
  }

  @Test("data that never close anything cost no more than a few readings", .timeLimit(.minutes(1)))
  func hostile() throws {
    let folder = ScratchFolder()
    folder.write("open.json", "[\n" + String(repeating: "{,\n", count: 200_000))
    let shard = try ShardReading(folder, "open.json")
    #expect(shard.errors == [])
    #expect(shard.parsed.records.count > 10)
  }
}
