import ShardIngest
import ShardModel
import Testing

@Suite struct JSONReaderTests {
  private static func limits(_ change: (inout JSONLimits) -> Void) -> JSONLimits {
    var limits = JSONLimits()
    change(&limits)
    return limits
  }

  // MARK: Names

  @Test(
    "a name that stands twice in an object is reported, however it is escaped",
    arguments: [
      ("{\"a\":1,\"a\":2}", "a"), ("{\"a\":1,\"\\u0061\":2}", "a"), ("{\"\\u0061\":1,\"a\":2}", "a"),
      ("{\"m\":{\"x\":1,\"y\":2,\"x\":3}}", "m.x"), ("{\"l\":[{\"k\":1},{\"k\":1,\"k\":2}]}", "l[].k"),
      ("{\"\":1,\"\":2}", "$[\"\"]"), ("{\"a\\\"b\":1,\"a\\u0022b\":2}", "$[\"a\\\"b\"]"),
    ])
  func duplicates(_ text: String, _ path: String) {
    for reader in [JSONReader(layout: .values), JSONReader(layout: .lines)] {
      // The second time the fields are known.
      for _ in 0..<2 {
        let parsed = reader.readAll(text)
        #expect(parsed.kinds == [.duplicateName] && parsed.defects.first?.path == path)
        #expect(parsed.rejected.isEmpty && parsed.values.contains { $0.kind == .number })
      }
    }
  }

  @Test("the same name in different objects is no duplicate")
  func noDuplicates() {
    let text = "{\"a\":1,\"b\":{\"a\":1,\"b\":{\"a\":1}},\"c\":[{\"a\":1},{\"a\":2},[{\"a\":3}]]}"
    let parsed = JSONReader(layout: .lines).readAll(text + "\n" + text)
    #expect(parsed.kinds == [])
  }

  @Test(
    "a name that was escaped once is not taken for bytes that mean something else",
    arguments: [
      ("{\"a\\\"b\":1}", "{\"a\"b\":1}"), ("{\"a\\nb\":1}", "{\"a\nb\":1}"),
      ("{\"a\\u0000b\":1}", "{\"a\0b\":1}"),
      ("{\"\\\\q\":1}", "{\"\\q\":1}"),
    ])
  func escapedNames(_ good: String, _ bad: String) {
    let reader = JSONReader(layout: .values)
    #expect(reader.readAll(good + good).kinds == [])
    let parsed = reader.readAll(good + bad)
    #expect(!parsed.rejected.isEmpty && parsed.rejected.contains(1), "\(parsed)")
  }

  @Test("a name with an escape is not the name with the same bytes")
  func escapeOfEscape() {
    let reader = JSONReader(layout: .lines)
    let text = "{\"a\\\\b\":1}\n{\"a\\b\":2}\n{\"a\\\\b\":3}\n{\"a\\b\":4}"
    let parsed = reader.readAll(text)
    #expect(parsed.kinds == [])
    let numbers = parsed.values.filter { $0.kind == .number }
    #expect(numbers.map(\.path) == ["a\\b", "$[\"a\\u0008\"]", "a\\b", "$[\"a\\u0008\"]"])
  }

  @Test("a name that is not UTF-8 is reported each time")
  func invalidNames() {
    let line = Array("{\"a".utf8) + [0xFF] + Array("\":1,\"b\":2}\n".utf8)
    let reader = JSONReader(layout: .lines)
    let parsed = reader.readAll(line + line + line)
    #expect(parsed.kinds == [.invalidEncoding, .invalidEncoding, .invalidEncoding])
    #expect(parsed.defects.map(\.row) == [0, 1, 2])
    #expect(parsed.values.count == 9)
  }

  @Test("names in changing order, missing and new names find their fields")
  func order() {
    let names = (0..<8).map { "name\($0)" } + ["a_name_of_sixteen", "a_name_of_sixteen_and_more", "a"]
    let reader = JSONReader(layout: .lines)
    var lines: [String] = []
    for line in 0..<60 {
      var members: [String] = []
      for step in 0..<names.count where (line + step) % 4 != 0 {
        let name = names[(step * (line % 5 * 2 + 1) + line) % names.count]
        members.append("\"\(name)\"\(line % 3 == 0 ? " :" : ":") \"\(name)\"")
      }
      lines.append("{" + Array(Set(members)).joined(separator: ",") + "}")
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let parsed = reader.readAll(bytes)
    #expect(parsed.kinds == [])
    for value in parsed.values where value.kind == .text {
      let text = String(decoding: bytes[value.position..<(value.position + value.length)], as: UTF8.self)
      guard text == value.path else {
        Issue.record("\(text) in \(value.path)")
        return
      }
    }
  }

  @Test("five thousand fields are told apart")
  func manyFields() {
    let line = "{" + (0..<5_000).map { "\"f\($0)\":\($0)" }.joined(separator: ",") + "}\n"
    let reversed = "{" + (0..<5_000).reversed().map { "\"f\($0)\":\($0)" }.joined(separator: ",") + "}\n"
    let parsed = JSONReader(layout: .lines).readAll(line + reversed + line)
    #expect(parsed.kinds == [] && parsed.records.count == 3)
    let numbers = parsed.values.filter { $0.kind == .number }
    #expect(numbers.count == 15_000)
    #expect(numbers.allSatisfy { $0.path == "f\(Int(Double(bitPattern: $0.bits)))" })
  }

  // MARK: Limits

  @Test("values of fields beyond the limit are checked, counted and left out")
  func fieldLimit() {
    // The root, a, b and c.
    let reader = JSONReader(layout: .lines, limits: Self.limits { $0.fields = 4 })
    let parsed = reader.readAll(
      "{\"a\":1,\"b\":2,\"c\":3,\"d\":{\"x\":1},\"e\":[1,2]}\n{\"e\":1,\"a\":2}\n{\"d\":x}\n")
    #expect(parsed.valuesBeyondFieldLimit == 3)
    #expect(parsed.rejected == [2])
    #expect(parsed.values.filter { $0.kind == .number }.map(\.path) == ["a", "b", "c", "a"])
    #expect(reader.readAll("{\"e\":1}").valuesBeyondFieldLimit == 1)
    reader.forgetFields()
    #expect(reader.readAll("{\"e\":1}").valuesBeyondFieldLimit == 0)
  }

  @Test("a field whose path is longer than the limit is left out")
  func pathLimit() {
    let long = String(repeating: "n", count: 5_000)
    let parsed = JSONReader(layout: .lines).readAll("{\"a\":1,\"\(long)\":2}\n{\"\(long)\":1}")
    #expect(parsed.valuesBeyondFieldLimit == 2)
    #expect(parsed.values.map(\.path) == ["$", "a", "$"])
    let nested =
      String(repeating: "{\"\(long.prefix(100))\":", count: 200) + "1" + String(repeating: "}", count: 200)
    let deep = JSONReader(layout: .lines).readAll(nested)
    #expect(deep.valuesBeyondFieldLimit == 1 && deep.kinds == [])
    #expect(deep.values.allSatisfy { $0.path.utf8.count <= 4_096 })
  }

  @Test("records deeper than the limit are malformed, those as deep are not", arguments: [1, 2, 3, 512])
  func depthLimit(_ depth: Int) {
    let reader = JSONReader(layout: .lines, limits: Self.limits { $0.depth = depth })
    for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
      let deep = { (count: Int) in
        String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)
      }
      let parsed = reader.readAll(deep(depth) + "\n" + deep(depth + 1) + "\n" + deep(depth))
      #expect(parsed.rejected == [1])
      #expect(parsed.details == ["nested deeper than \(depth) levels"])
      #expect(parsed.values.count { $0.kind == .number } == 2)
    }
  }

  @Test("fields that the user leaves out are checked and forgotten, with all that is in them")
  func ignoredFields() {
    let ignored: Set = ["b", "c[]", "d.e"]
    let reader = JSONReader(layout: .lines) { ignored.contains($0) }
    let line = "{\"a\":1,\"b\":{\"x\":[1]},\"c\":[1,\"t\",[2]],\"d\":{\"e\":NaN,\"f\":2}}\n"
    let parsed = reader.readAll(line + line + "{\"b\":x}\n{\"b\":1,\"b\":2}")
    #expect(parsed.rejected == [2])
    #expect(parsed.kinds == [.malformed, .duplicateName])
    let paths = parsed.values.map(\.path)
    #expect(paths == ["$", "a", "c", "d", "d.f", "$", "a", "c", "d", "d.f", "$"])
    #expect(parsed.values.first { $0.path == "c" }?.bits == 3)
    #expect(parsed.integers == ["a": 2, "d.f": 2])
  }

  // MARK: Records that are wrong

  @Test(
    "nothing of a bad record is kept, and the records around it are whole",
    arguments: [
      "x}", "NaN2}", "[1,2,3,NaN,1e999,12345678901234567890,]}",
      "[[1,[2]],[\"t\",null,true,false,{\"z\":[1]}],}",
      "1,\"b\":2,\"b\":3,\"c\":\"\\ud800\",\"n\":{\"q\":1} 5}", "\"\\x\"}", "\"unfinished}", "1}}",
      "{\"a\":{\"a\":{\"a\":1}}}",
    ])
  func takenBack(_ value: String) {
    let good = "{\"a\":[1,2],\"b\":NaN,\"c\":\"x\",\"d\":[[1],[2,3]],\"n\":{\"q\":null}}"
    let bad = "{\"d\":[[9,9],[9]],\"b\":-Infinity,\"a\":\(value)"
    let reader = JSONReader(layout: .lines)
    let alone = reader.readAll(good + "\n" + good)
    for layout in [JSONReader.Layout.lines, .values, .array] {
      let parsed = JSONReader(layout: layout).readAll(
        layout == .array ? "[\(good),\(bad),\n\(good)]" : "\(good)\n\(bad)\n\(good)")
      guard layout == .lines || parsed.records.count >= 3 else { continue }
      #expect(parsed.errors == [], "\(layout)")
      #expect(!parsed.rejected.isEmpty && !parsed.rejected.contains(0), "\(layout): \(parsed)")
      guard layout == .lines else { continue }
      #expect(parsed.rejected == [1] && parsed.kinds == [.malformed], "\(parsed)")
      #expect(parsed.values.map(\.bits) == alone.values.map(\.bits))
      #expect(parsed.values.map(\.path) == alone.values.map(\.path))
      #expect(parsed.values.map(\.exception) == alone.values.map(\.exception))
      #expect(parsed.integers == alone.integers)
    }
  }

  @Test("a hundred thousand bad records take no longer than good ones", .timeLimit(.minutes(1)))
  func manyBadRecords() {
    let parsed = JSONReader(layout: .lines).readAll(String(repeating: "x\n", count: 100_000))
    #expect(parsed.defects.count == 100_000 && parsed.rejected.count == 100_000)
  }

  @Test(
    "what is wrong is said in words",
    arguments: [
      ("{\"a\":1", "the data end inside the record: expected ',' or '}', found the end of the data"),
      ("{\"a\" 1}", "expected ':', found '1'"), ("{\"a\":tru}", "expected a value, found 't'"),
      ("{\"a\":1]", "expected ',' or '}', found ']'"), ("[1 2]", "expected ',' or ']', found '2'"),
      ("{a:1}", "expected a key in quotes, found 'a'"), ("{\"a\":1,}", "expected a key in quotes, found '}'"),
      ("{\"a\":\"x\ty\"}", "control character byte 0x9 in a text"),
      ("{\"a\":\"x", "the data end inside the record: the text is not closed"),
      ("{\"a\":\"\\q\"}", "unknown escape in a text"), ("{\"a\":01}", "expected a value, found '1'"),
      ("{} {}", "expected the end of the line, found '{'"),
      ("{\"a\":\u{e9}}", "expected a value, found byte 0xC3"),
      ("{\"a\":\"\\u00", "the data end inside the record: the text is not closed"),
      ("{\"a\":fal", "the data end inside the record: expected a value, found the end of the data"),
      ("", ""), ("   ", "blank line"), ("{}", "nothing in it"), ("[ ]", "nothing in it"),
      ("null", "null is no record"),
    ])
  func words(_ text: String, _ detail: String) {
    let parsed = JSONReader(layout: .lines).readAll(text)
    #expect(parsed.details == (detail.isEmpty ? [] : [detail]))
  }

  @Test(
    "a byte order mark is said once, before the first record, good or bad", arguments: ["{\"a\":1}", "x", ""])
  func byteOrderMark(_ record: String) {
    for layout in [JSONReader.Layout.lines, .values] {
      let parsed = JSONReader(layout: layout).readAll("\u{FEFF}" + record + "\n" + record)
      let marks = parsed.defects.filter { $0.kind == .invalidEncoding }
      let isEmpty = layout == .values && record.isEmpty
      #expect(marks.count == (isEmpty ? 0 : 1) && marks.allSatisfy { $0.row == 0 }, "\(layout)")
    }
  }

  @Test("bytes that are no UTF-8 are reported with their field and their record is kept")
  func invalidEncoding() {
    let bytes = Array("{\"a\":\"x".utf8) + [0xE4, 0xB8] + Array("\",\"b\":\"\\udead\",\"c\":1}".utf8)
    let parsed = JSONReader(layout: .lines).readAll(bytes)
    #expect(parsed.kinds == [.invalidEncoding, .invalidEncoding])
    #expect(parsed.defects.map(\.path) == ["a", "b"])
    #expect(parsed.defects.map(\.position) == [7, 16])
    #expect(parsed.details == ["byte 0xE4 is not UTF-8", "half of a surrogate pair"])
    #expect(parsed.values.map(\.bits) == [0, 3, 1, Double(1).bitPattern])
  }
}
