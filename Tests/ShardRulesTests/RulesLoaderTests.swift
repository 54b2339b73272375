import ShardModel
import ShardRules
import Testing

@Suite struct RulesLoaderTests {
  private static let whole = """
    # every section
    version: 1
    fields:
      "*":
        nullable: true
        mostly: 0.5
      meta.score:
        type: number
        required: true
        nullable: false
        range: [0, 1]
        scale: {mean: 0.5, stddev: 0.1}
        monotonic: strictly-increasing
        dtype: fp16
        severity: warning
      label: {type: [text, integer], enum: [cat, 'no', 3], unique: off}
      caption: {type: text, length: [1, 4096], pattern: '^[a-z]+$', role: caption}
      boxes[]: {length: 4, role: box, box: {layout: xyxy, scale: 0-1000}}
      x: {range: {exclusive_min: 0, max: ~}, integer: true}
    records:
      - rule: len(input_ids) == len(labels)
        name: ids-and-labels
        severity: error
        mostly: 0.99
      - {rule: "if a > 1 then b is not null"}
    checks:
      number-outlier: {outliers: "iqr:4", severity: note, max: 1%}
      number-underflow: off
      structure: {max: 100}
      number-nan: on
    ignore: [debug.*, tmp]
    tokens:
      ids: tok
      labels: s.target
      attention_mask: mask
      token_type_ids: types
      position_ids: positions
      labels_are: classes
      ignore_index: -1
      shift: false
      packed: true
      max_tokens: 2048
      vocab_size: 151936
    duplicates: {fields: [url]}
    drift: {js: 0.1, psi: 0.25, categories: 0.1, rates: 0.05}
    gate: {fail_on: warning, max_quarantined: 0.5%}
    """

  @Test func `a whole file is read`() throws {
    let rules = try rules(Self.whole)
    #expect(rules.fields.map(\.glob) == ["*", "meta.score", "label", "caption", "boxes[]", "x"])
    let score = rules.fields[1]
    #expect(score.kinds == [.number] && score.required == true && score.nullable == false)
    #expect(score.range == ValueRange(minimum: 0, maximum: 1) && score.severity == .warning)
    #expect(score.scale == .moments(mean: 0.5, deviation: 0.1, tolerance: Scale.defaultTolerance))
    #expect(score.order == .strictlyIncreasing && score.format == .fp16 && score.mostly == nil)
    #expect(
      rules.fields[2].values == [.text("cat"), .text("no"), .number(3)] && rules.fields[2].unique == false)
    #expect(rules.fields[3].length == LengthRange(minimum: 1, maximum: 4096))
    #expect(rules.fields[3].pattern?.source == "^[a-z]+$")
    #expect(rules.fields[4].box == BoxRule(layout: .xyxy, range: .thousand))
    #expect(rules.fields[4].length == LengthRange(minimum: 4, maximum: 4))
    #expect(rules.fields[5].range?.contains(0) == false && rules.fields[5].range?.contains(1e9) == true)
    #expect(rules.records.map(\.name) == ["ids-and-labels", "if a > 1 then b is not null"])
    #expect(rules.records[0].severity == .error && rules.records[0].mostly == 0.99)
    #expect(rules.checks.map(\.isOn) == [true, false, true, true])
    #expect(
      rules.checks[0].parameters == ["outliers": .text("iqr:4")] && rules.checks[0].maximum == .percent(1))
    #expect(rules.ignore == ["debug.*", "tmp"] && rules.duplicates == ["url"])
    #expect(rules.drift.divergence == 0.1 && rules.drift.stability == 0.25)
    #expect(rules.drift.categories == 0.1 && rules.drift.rates == 0.05)
    #expect(rules.tokens.ids == "tok" && rules.tokens.labels == "s.target")
    #expect(rules.tokens.attentionMask == "mask" && rules.tokens.tokenTypes == "types")
    #expect(rules.tokens.positions == "positions" && rules.tokens.labelsAre == .classes)
    #expect(rules.tokens.ignored == -1 && rules.tokens.isShifted == false && rules.tokens.isPacked == true)
    #expect(rules.tokens.maxTokens == 2048 && rules.tokens.vocabularySize == 151_936)
    #expect(rules.gate.failOn == .warning && rules.gate.maximumQuarantined == .percent(0.5))
  }

  @Test func `later rules refine earlier ones`() throws {
    let rules = try rules(Self.whole)
    let score = try #require(rules.rule(forField: "meta.score"))
    #expect(score.nullable == false && score.mostly == 0.5 && score.glob == "meta.score")
    #expect(rules.rule(forField: "other")?.nullable == true)
    let outlier = try #require(rules.rule(forCheck: "number-outlier", family: "numbers"))
    #expect(outlier.severity == .note)
    #expect(rules.rule(forCheck: "field-missing", family: "structure")?.maximum == .count(100))
    #expect(rules.rule(forCheck: "drift-schema", family: "drift") == nil)
    let family = try ShardRulesTests.rules("version: 1\nchecks: {numbers: off, number-nan: on}")
    #expect(family.rule(forCheck: "number-nan", family: "numbers")?.isOn == true)
    #expect(family.rule(forCheck: "number-outlier", family: "numbers")?.isOn == false)
  }

  @Test(
    arguments: [
      "version: 1", "{\"version\": 1, \"fields\": {\"a\": {\"range\": [0, null]}}}",
      "\u{FEFF}version: 1\nignore: []",
      "version: 1\nfields:\nrecords:\nchecks:\nignore:\n", "%YAML 1.1\n---\nversion: 1\n...\n",
      "version: 0x1",
      "version: 1\r\nfields:\r\n  a: {type: text}\r\n",
      "version: 1\nfields: {a: &x {type: text}, b: *x, c: *x}",
      "version: 1\nfields: {12: {type: text}, 'yes': {}, no: {}}", "version: 1\nchecks: {number-nan: 'off'}",
      "version: 1\nfields: {a: {pattern: !!str 12}}",
      "version: 1\nfields: {a: {length: {min: 1}, range: [~, 1e3]}}",
    ])
  func `good files are read, and stored and read back`(text: String) throws {
    try expectStored(try rules(text))
  }

  @Test func `rules are stored and read back`() throws { try expectStored(try rules(Self.whole)) }

  private func expectStored(_ rules: Rules) throws {
    var writer = ByteWriter()
    rules.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try Rules(decoding: &reader) == rules)
    #expect(reader.remaining == 0)
    // Any cut is noticed.
    for count in writer.bytes.indices {
      var cut = ByteReader(writer.bytes[..<count])
      #expect(throws: DecodingFailure.self) { try Rules(decoding: &cut) }
    }
  }

  // MARK: Limits

  @Test func `aliases that stand for thousands of millions of values are refused at once`() {
    var text = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
    for level in 1..<20 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let found = mistakes(text)
    #expect(found.count == 1)
    #expect(
      found.first?.contains("expected at most 200000 keys and values, those behind aliases counted each time")
        == true)
  }

  @Test func `depth is limited, behind aliases too`() {
    let brackets = String(repeating: "[", count: 100_000)
    #expect(mistakes("version: \(brackets)") == ["1:41: expected at most 32 levels of nesting, found more"])
    #expect(
      mistakes(String(repeating: "- ", count: 50)) == [
        "1:65: expected at most 32 levels of nesting, found more"
      ])
    var text = "a0: &a0 [1]\n"
    for level in 1..<40 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(mistakes(text) == ["32:12: expected at most 32 levels of nesting, found more"])
  }

  @Test func `size is limited`() {
    var limits = YAMLLimits()
    limits.bytes = 8
    #expect(mistakes(Array("version: 1".utf8), limits: limits) == ["1:1: expected at most 8 bytes, found 10"])
    limits.bytes = 1 << 20
    limits.nodes = 3
    #expect(
      mistakes(Array("version: 1\nignore: [a, b]".utf8), limits: limits)
        == ["2:10: expected at most 3 keys and values, those behind aliases counted each time"])
  }

  @Test(
    arguments: [
      ([0x76, 0xFF], "1:2: not YAML: invalid leading UTF-8 octet"),
      (Array("version: 1\nä: \u{1}".utf8), "2:4: not YAML: control characters are not allowed"),
      (Array("version: 1\n\0".utf8), "2:1: not YAML: control characters are not allowed"),
      ([0xE2, 0x82], "1:1: not YAML: incomplete UTF-8 octet sequence"),
    ] as [([UInt8], String)])
  func `bytes that are no text are placed`(bytes: [UInt8], message: String) {
    #expect(mistakes(bytes) == [message])
  }

  @Test func `mistakes beyond any use are left out, and this is said`() {
    let text = "version: 1\n" + (0..<500).map { "k\($0)x: 1\n" }.joined()
    let found = mistakes(text)
    #expect(found.count == RulesError.limit + 1)
    #expect(found.last == " more than 200 mistakes, the others are left out")
  }
}
