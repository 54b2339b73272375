import ShardModel
import ShardTestSupport
import Testing

@testable import ShardRules

struct InferenceTests {
  private static func numbers(
    _ least: Double, _ most: Double, count: UInt64 = 100, isWhole: Bool = false
  ) -> FieldSummary {
    var field = FieldSummary(path: "a")
    field.types.number = count
    field.types.integer = isWhole ? count : 0
    var numbers = NumberSummary()
    numbers.count = count
    (numbers.minimum, numbers.maximum, numbers.mean) = (least, most, least / 2 + most / 2)
    field.numbers = numbers
    return field
  }

  private static func texts(_ values: [(String, UInt64)]) -> FieldSummary {
    var field = FieldSummary(path: "a")
    field.types.text = values.reduce(0) { $0 + $1.1 }
    field.distinct = UInt64(values.count)
    field.top = TopSummary(values: values.map { .init(value: $0.0, count: $0.1) }, error: 0)
    var text = TextSummary()
    text.characters.count = field.types.text
    (text.characters.minimum, text.characters.maximum, text.characters.mean) = (2, 12, 5)
    field.text = text
    return field
  }

  private static func rule(_ field: FieldSummary, elements: FieldSummary? = nil) -> String? {
    FieldDraft(field, elements: elements)?.entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
  }

  @Test("Ranges have room for more of the same, and ends that a person would write")
  func ranges() {
    for (least, most, isWhole, expected) in [
      (15.2, 24.9, false, "[14.2, 25.9]"), (0.13, 97.4, false, "[0, 108]"), (-3, 300, true, "[-40, 340]"),
      (0, 49, true, "[0, 54]"), (5, 5, false, "[0, 10]"), (-5, -5, true, "[-10, 0]"),
      (-100, 49, true, "[-100, 70]"),
      (-1, 9, true, "[-1, 10]"), (1e-30, 9e-30, false, "[2e-31, 9.8e-30]"), (-2, -1, false, "[-2.1, -0.9]"),
    ] as [(Double, Double, Bool, String)] {
      let rule = Self.rule(Self.numbers(least, most, isWhole: isWhole)) ?? ""
      #expect(rule.hasSuffix("range: \(expected)"), "\(least) \(most): \(rule)")
    }
  }

  @Test("A range always holds what it was made from, and is no infinity")
  func holds() {
    var random = RepeatableRandom(seed: 5)
    for _ in 0..<20_000 {
      func any() -> Double {
        let value = Double(bitPattern: random.next())
        return value.isFinite ? value : random.normal()
      }
      let isNear = Bool.random(using: &random)
      let one = any()
      let other = isNear ? one + one.ulp * Double(random.next() % 1_000) : any()
      guard other.isFinite else { continue }
      let (least, most) = (min(one, other), max(one, other))
      let range = Rounded.range(least, most, isWhole: false)
      #expect(range.low <= least && range.high >= most && range.low.isFinite && range.high.isFinite)
      #expect(least < 0 || range.low >= 0)
      #expect(Double(Shown.number(range.low)) == range.low)
      #expect(Double(Shown.number(range.high)) == range.high)
      #expect(!Rounded.text(least).isEmpty)
    }
    let widest = Rounded.range(-.greatestFiniteMagnitude, .greatestFiniteMagnitude, isWhole: true)
    #expect(widest.low == -.greatestFiniteMagnitude && widest.high == .greatestFiniteMagnitude)
  }

  @Test("Few numbers, and those that name records, get no range")
  func noRange() {
    #expect(Self.rule(Self.numbers(1, 2, count: 19)) == "type: number, required: true, nullable: false")
    var ids = Self.numbers(1_000, 1_099, isWhole: true)
    ids.distinct = 100
    #expect(Self.rule(ids) == "type: integer, required: true, nullable: false")
    ids.distinct = 50
    #expect(Self.rule(ids)?.contains("range") == true)
  }

  @Test("Texts that come back are categories; others have lengths")
  func categories() {
    #expect(
      Self.rule(Self.texts([("b\"", 50), ("a", 30)]))
        == "type: text, required: true, nullable: false, enum: [\"a\", \"b\\\"\"]")
    let lengths = "type: text, required: true, nullable: false, length: [1, 19]"
    // Too few of each, a value that was cut, one that is not UTF-8.
    #expect(Self.rule(Self.texts([("a", 20), ("b", 19)])) == lengths)
    #expect(Self.rule(Self.texts([("long…", 50), ("b", 50)])) == lengths)
    #expect(Self.rule(Self.texts([("\u{FFFD}", 50), ("b", 50)])) == lengths)
    #expect(Self.rule(Self.texts((0..<17).map { ("\($0)", 40) })) == lengths)
    var mixed = Self.texts([("a", 50), ("b", 50)])
    mixed.types.number = 1
    #expect(Self.rule(mixed) == "type: [number, text], required: true, nullable: false")
  }

  @Test("Numbers that are 0 or 1 are flags, where all values are numbers")
  func flags() {
    var field = Self.numbers(0, 1, isWhole: true)
    #expect(Self.rule(field) == "type: integer, required: true, nullable: false, enum: [0, 1]")
    field.types.text = 1
    #expect(Self.rule(field)?.contains("enum") == false)
  }

  @Test("What the data broke is not demanded")
  func notDemanded() {
    var field = Self.numbers(0, 1)
    field.types.missing = 1
    field.types.null = 1
    field.scale = "zero-one"
    #expect(Self.rule(field) == "type: number, nullable: true, scale: zero-one")
    field.numbers?.maximum = 1.5
    #expect(Self.rule(field)?.contains("scale") == false)
    var vector = FieldSummary(path: "v")
    vector.types.list = 50
    vector.scale = "unit-norm"
    vector.numbers = Self.numbers(-1, 1).numbers
    vector.vectors = VectorSummary(length: 2, count: 50, otherLength: 0, unitNorm: 50, zeroNorm: 0)
    #expect(Self.rule(vector)?.contains("scale: unit-norm") == true)
    vector.vectors?.otherLength = 1
    #expect(Self.rule(vector)?.contains("scale") == false)
    vector.vectors = VectorSummary(length: 2, count: 50, otherLength: 0, unitNorm: 49, zeroNorm: 1)
    #expect(Self.rule(vector)?.contains("scale") == false)
    #expect(Self.rule(FieldSummary(path: "nothing but null")) == nil)
  }

  @Test("Names are quoted so that YAML gives them back", arguments: 0..<300 as Range<UInt64>)
  func quoted(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let odd: [Unicode.Scalar] = [
      "\"", "\\", "\n", "\t", "\r", "\0", ":", "#", " ", "-", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}",
      "\u{FEFF}",
      "\u{FFFE}", "\u{FFFF}", "\u{1F600}", "\u{10FFFF}", "é", "{", "&", "*", "!", "%", "@", "'", "\u{D7FF}",
      "\u{E000}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      text.unicodeScalars.append(odd[Int.random(in: 0..<odd.count, using: &random)])
    }
    let source = "version: 1\nfields: {a: {enum: [\(QuotedText.of(text)), other]}}\n"
    #expect(try rules(source).fields.first?.values?.first == .text(text))
  }

  @Test("A field whose name would stand for others, or is too long for YAML, is left out")
  func names() throws {
    func draft(_ paths: [String]) -> [String] {
      let fields = paths.map { path in
        var field = FieldSummary(path: path)
        field.types.boolean = 1
        return field
      }
      return RulesDraft(fields, .init(shards: 1, records: 1, recordLimit: nil, errors: [:])).fields.map(
        \.path)
    }
    #expect(draft(["$", "a", "a*", "ab"]) == ["a", "ab"])
    #expect(draft(["a*", "b", "c?"]) == ["a*", "b", "c?"])
    #expect(draft(["x", String(repeating: "é", count: 998)]) == ["x"])
    #expect(draft([String(repeating: "é", count: 997)]).count == 1)
  }

  @Test("Roles come from names and shapes")
  func roles() {
    func role(_ path: String, _ change: (inout FieldSummary) -> Void, elements: FieldSummary? = nil)
      -> FieldRule.Role?
    {
      var field = FieldSummary(path: path)
      change(&field)
      return FieldRole.of(field, elements: elements)
    }
    let list = { (field: inout FieldSummary) in field.types.list = 9 }
    let text = { (field: inout FieldSummary) in field.types.text = 9 }
    let whole = Self.numbers(0, 9, isWhole: true)
    #expect(role("input_ids", list, elements: whole) == .tokenIDs)
    #expect(role("input_ids", list, elements: Self.numbers(0, 9)) == nil)
    #expect(role("batch.labels", list, elements: whole) == .labels)
    #expect(role("Attention_Mask", list, elements: whole) == .attentionMask)
    #expect(role("bboxes", list) == .box)
    #expect(role("image", text) == .image)
    #expect(role("image", { $0.types.number = 1 }) == nil)
    #expect(role("caption", text) == .caption)
    #expect(role("meta.id", { $0.types.number = 1 }) == .id)
    #expect(role("id", { $0.types.boolean = 1 }) == nil)
    var objects = FieldSummary(path: "conversations[]")
    objects.types.object = 9
    #expect(role("conversations", list, elements: objects) == .conversation)
    #expect(role("conversations", list, elements: whole) == nil)
    #expect(role("messages", list, elements: whole) == nil)
  }
}
