import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct JSONFramerTests {
  struct Case: CustomTestStringConvertible {
    var layout: JSONReader.Layout
    var text: String
    /// `0+3` for a good record, with `!` for one that is malformed, `?` for truncated.
    var records: String

    init(_ layout: JSONReader.Layout, _ text: String, _ records: String) {
      self.layout = layout
      self.text = text
      self.records = records
    }

    var testDescription: String { "\(layout) \(text.debugDescription)" }
  }

  static let cases = [
    Case(.array, "[]", ""),
    Case(.array, " [ 1 , 2 ] ", "3+1 7+1"),
    Case(.array, "\u{FEFF}[1]", "4+1"),
    Case(.array, "[", "1+0?"),
    Case(.array, "[1", "1+1 2+0?"),
    Case(.array, "[1,", "1+1 3+0?"),
    Case(.array, "[1,]", "1+1 3+0!"),
    Case(.array, "[,1]", "1+0! 2+1"),
    Case(.array, "[1,,2]", "1+1 3+0! 4+1"),
    Case(.array, "[1,,]", "1+1 3+0! 4+0!"),
    Case(.array, "[1 2,3]", "1+1 3+1! 5+1"),
    Case(.array, "[1}, 2]", "1+1 2+1! 5+1"),
    Case(.array, "[{}}}, 2]", "1+2 3+1! 4+1! 7+1"),
    Case(.array, "[1], 2]", "1+1 2+1! 5+1"),
    Case(.array, "[1]]", "1+1 2+1!"),
    Case(.array, "[1] x", "1+1 2+1! 4+1! 5+0?"),
    Case(.array, "[1]}", "1+1 2+1! 3+1! 4+0?"),
    Case(.array, "[{\"a\":1},{\"b\":", "1+7 9+5?"),
    Case(.array, "[{\"a\":x},{\"b\":2}]", "1+7! 9+7"),
    Case(.array, "[{\"a\":\"x\n},2]", "1+9! 11+1"),
    Case(.array, "[tru, 1]", "1+3! 6+1"),
    Case(.array, "[1, tru", "1+1 4+3? 7+0?"),
    Case(.array, "x[1]", "0+1! 1+3! 4+0?"),
    Case(.array, "\u{EF}[1]", "0+2! 2+3! 5+0?"),
    Case(.array, ",1]", "1+1"),
    Case(.values, "", ""),
    Case(.values, " \n\t", ""),
    Case(.values, "\u{FEFF}", ""),
    Case(.values, "{}{}", "0+2 2+2"),
    Case(.values, "1 2\n\"a\"\"b\"[3]{}", "0+1 2+1 4+3 7+3 10+3 13+2"),
    Case(.values, "1\"a\"2", "0+1 1+3 4+1"),
    Case(.values, "1,2", "0+1 1+1! 2+1"),
    Case(.values, "{}}1", "0+2 2+1! 3+1"),
    Case(.values, "{\"a\":{\"b\":1}", "0+12?"),
    Case(.values, "{\"a\":1]{\"b\":1}", "0+7! 7+7"),
    Case(.values, "truefalse 1", "0+9! 10+1"),
    Case(.values, "nul", "0+3?"),
    Case(.values, "-", "0+1?"),
    Case(.values, "1.", "0+2?"),
    Case(.values, "+", "0+1?"),
    Case(.values, "+I", "0+2?"),
    Case(.values, "\"\\u12", "0+5?"),
    Case(.values, "\"\\", "0+2?"),
    Case(.values, "\"\\q", "0+3!"),
    Case(.values, "\"\\u12x", "0+6!"),
    Case(.lines, "", ""),
    Case(.lines, "\u{FEFF}", ""),
    Case(.lines, "1\n2\n", "0+1 2+1"),
    Case(.lines, "1\r\n\r\n2", "0+1 3+0 5+1"),
    Case(.lines, "{\"a\":\n1}\n2\n", "0+5! 6+2! 9+1"),
    Case(.lines, "{\"a\":1} {\"b\":2}\n3", "0+15! 16+1"),
    Case(.lines, "{\"a\":\"x\n{\"a\":\"y\"}\n", "0+7! 8+9"),
    Case(.lines, "[1,\n2]", "0+3! 4+2!"),
    Case(.lines, "1\n{\"a\":", "0+1 2+5?"),
    Case(.lines, "1\n{\"a\":\n", "0+1 2+5!"),
    Case(.lines, "1\0\n2", "0+2! 3+1"),
  ]

  @Test(
    "records are found where they stand, and the reader makes those that the framer counts", arguments: cases)
  func records(_ one: Case) {
    let bytes = Array(one.text.utf8)
    let parsed = JSONReader(layout: one.layout).readAll(bytes)
    var marks = Array(repeating: "", count: parsed.records.count)
    for defect in parsed.defects {
      if defect.kind == .malformed { marks[defect.row] = "!" }
      if defect.kind == .truncated { marks[defect.row] = "?" }
    }
    let found = zip(parsed.records, marks).map { "\($0.offset)+\($0.length)\($1)" }
    #expect(found.joined(separator: " ") == one.records, "\(parsed)")
    for steps in [[1], [2, 1], [1_000]] {
      let pieces = JSONReader(layout: one.layout).read(bytes, steps: steps)
      #expect(pieces == parsed, "in steps of \(steps): \(pieces)")
    }
  }

  @Test("a boundary is behind the last complete record, and counts restart at a cut")
  func boundaries() {
    var framer = JSONValueFramer(layout: .array)
    let bytes = PaddedBytes(Array("[1, {\"a\":2},\n[3]  ,4 ]".utf8))
    #expect(framer.scan(bytes.base, from: 0, to: 2) == nil)
    #expect(framer.scan(bytes.base, from: 2, to: 3) == FrameBoundary(offset: 2, records: 1))
    #expect(framer.scan(bytes.base, from: 3, to: 14) == FrameBoundary(offset: 11, records: 2))
    framer.cut(at: FrameBoundary(offset: 11, records: 2))
    #expect(framer.scan(bytes.base + 11, from: 3, to: 7) == FrameBoundary(offset: 5, records: 1))
    #expect(
      framer.scan(bytes.base + 11, from: 7, to: bytes.count - 11) == FrameBoundary(offset: 9, records: 2))
    #expect(framer.finish(bytes.base + 11, count: bytes.count - 11) == 2)
  }

  @Test("the scan for the end of a value is that of its plain twin at each length and alignment")
  func nestingKernel() {
    var random = RepeatableRandom(seed: 17)
    let alphabet = Array("{}[]\"\"\\\n a1,:".utf8)
    for length in 0...200 {
      let content = (0..<length).map { _ in
        Int.random(in: 0..<3, using: &random) == 0
          ? alphabet.randomElement(using: &random) ?? 0 : UInt8(ascii: "x")
      }
      for alignment in 0..<16 {
        let padded = PaddedBytes(Array(repeating: UInt8(ascii: "}"), count: alignment) + content)
        guard NestingTwin.agrees(padded.base + alignment, length) else {
          Issue.record("length \(length), alignment \(alignment): \(content)")
          return
        }
      }
    }
  }

  static let good: [JSONReader.Layout: String] = [
    .lines: """
    {"id":"a1","text":"héllo \\n wörld","score":0.5,"tokens":[1,22,333],"meta":{"ok":true,"n":null}}
    {"id":"a2","text":"\\ud83d\\ude00","score":-1e999,"tokens":[],"meta":{"ok":false,"n":12345678901234567890}}
    {"id":"a3","text":"","score":NaN,"tokens":[7,"x",[8,9],{"a":[10]}],"meta":{"ok":true,"n":1}}

    """,
    .array: """
    [
      {"id":"a1","score":0.5,"tokens":[1,22,333]},
      {"id":"a2","x":[[1,2],[3]],"s":"\\"]}"},
      {"id":"a3","score":Infinity,"tokens":[7,"x",null,1e5]}, 5, "t"
    ]
    """,
    .values: """
    {"id":"a1","score":0.5,"tokens":[1,22,333]}
    {
      "id":"a2", "x":[[1,2],[3]], "s":"\\"]}"
    }{"id":"a3"} 12 -5 "text" null [1,2]
    """,
  ]

  @Test("whatever is broken: whole, byte by byte and in pieces agree, and nothing of a bad record is kept")
  func mutations() {
    var random = RepeatableRandom(seed: 2025)
    let spare = Array("{}[]\"\\,:\n 0-1eE.tfnNI\u{0}x".utf8) + [0xFF, 0xC3, 0xED, 0xA0, 0x80]
    let rounds = Slow.isEnabled ? 1_000_000 : 100_000
    let readers: [JSONReader.Layout: JSONReader] = [
      .lines: JSONReader(layout: .lines), .array: JSONReader(layout: .array),
      .values: JSONReader(layout: .values),
    ]
    for round in 0..<rounds {
      let layout = [JSONReader.Layout.lines, .array, .values][round % 3]
      guard let reader = readers[layout], let text = Self.good[layout] else { return }
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let byte = spare.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(byte, at: place)
        case 2: bytes[place] = byte
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...60, using: &random)))
        default: if round % 7 == 0 { bytes.removeSubrange(place...) } else { bytes[place] ^= 0x20 }
        }
      }
      if round % 32 < 3 { reader.forgetFields() }
      let whole = reader.readAll(bytes)
      let steps = round % 2 == 0 ? [1] : (0..<4).map { _ in Int.random(in: 1...50, using: &random) }
      let pieces = reader.read(bytes, steps: steps)
      let isKept = whole.values.contains { value in
        whole.rejected.contains(row(of: value.position, in: whole.records))
      }
      guard whole.errors.isEmpty, pieces == whole, !isKept else {
        Issue.record(
          """
          round \(round), \(layout), steps \(steps): \(String(decoding: bytes, as: UTF8.self).debugDescription)
          whole  \(whole)
          pieces \(pieces)
          """)
        return
      }
    }
  }

  private func row(of position: Int, in records: [ParsedJSON.Record]) -> Int {
    (records.lastIndex { $0.offset <= position }) ?? -1
  }
}
