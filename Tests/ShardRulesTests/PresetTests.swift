import ShardModel
import Testing

@testable import ShardRules

struct PresetTests {
  private static let vocabulary = RulesVocabulary(checks: [
    .init(id: "number-outlier", family: "numbers"), .init(id: "number-nan", family: "numbers"),
  ])

  private func rules(_ text: String) throws -> Rules {
    try Rules(parsing: Array(("version: 1\n" + text).utf8), file: "r", vocabulary: Self.vocabulary)
  }

  @Test(
    "Every preset is a rules file without a mistake that says which shape records have",
    arguments: Preset.allCases)
  func presets(_ preset: Preset) throws {
    let rules = try preset.rules(Self.vocabulary)
    #expect(rules.pairs.shape != nil)
    #expect(preset.text.hasPrefix("# "))
    var writer = ByteWriter()
    rules.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try Rules(decoding: &reader) == rules)
  }

  @Test("What is said about tokenizers is read, and stored and read again")
  func tokens() throws {
    let rules = try rules(
      "tokens: {tokenizer: auto, trainer: textmonkey, image_tokens: {tokens: 7, marks: 2}, texts: [a, b.*]}")
    #expect(rules.tokens.tokenizer == "auto" && rules.tokens.trainer == .textMonkey)
    #expect(rules.tokens.imageTokens == .fixed(7, marks: 2) && rules.tokens.texts == ["a", "b.*"])
    #expect(try self.rules("tokens: {image_tokens: qwen2-vl}").tokens.imageTokens == .model(.qwen2VL))
    var writer = ByteWriter()
    rules.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try Rules(decoding: &reader) == rules)
  }

  @Test("A user's rules over a preset win key by key and leave the rest")
  func refined() throws {
    let base = try rules(
      """
      fields: {a: {range: [0, 1], type: number}}
      records: [{rule: a > 0, name: first}, {rule: a < 9, name: second}]
      pairs: {shape: llava, max_image_path: 10, separators: ["</s>"]}
      ignore: [x]
      duplicates: {fields: [a]}
      drift: {js: 0.1, psi: 0.2}
      gate: {fail_on: warning, max_quarantined: 3}
      tokens: {trainer: monkey, max_tokens: 2048, image_tokens: 10}
      checks: {number-outlier: {severity: note}}
      """)
    let own = try rules(
      """
      fields: {a: {range: [0, 2]}}
      records: [{rule: a > 1, name: first}]
      pairs: {max_image_path: 20, image: [p]}
      ignore: [x, y]
      drift: {psi: 0.3}
      gate: {max_quarantined: 5%}
      tokens: {template: plain, tokenizer: t.json, texts: [a]}
      checks: {number-outlier: {severity: error}}
      """)
    let both = base.refined(by: own)
    #expect(both.rule(forField: "a")?.range?.maximum == 2)
    #expect(both.rule(forField: "a")?.kinds == [.number])
    #expect(both.records.map(\.name) == ["second", "first"])
    #expect(both.pairs.shape == .llava)
    #expect(both.pairs.longestPath == 20)
    #expect(both.pairs.images == ["p"])
    #expect(both.pairs.separators == ["</s>"])
    #expect(both.ignore == ["x", "y"])
    #expect(both.duplicates == ["a"])
    #expect(both.drift.divergence == 0.1)
    #expect(both.drift.stability == 0.3)
    #expect(both.gate.failOn == .warning)
    #expect(both.gate.maximumQuarantined == .percent(5))
    #expect(both.rule(forCheck: "number-outlier", family: "numbers")?.severity == .error)
    #expect(both.tokens.trainer == nil && both.tokens.template == .plain)
    #expect(both.tokens.maxTokens == 2_048 && both.tokens.imageTokens == .fixed(10, marks: 0))
    #expect(both.tokens.tokenizer == "t.json" && both.tokens.texts == ["a"])
    #expect(base.refined(by: try rules("")) == base)
  }

  @Test(
    "Mistakes in pairs and tokens are told with their place",
    arguments: [
      ("pairs: {shape: lava}", "2:16", "did you mean `llava`?"),
      ("pairs: {users: [a, b], answers: [b]}", "2:33", "cannot both ask and answer"),
      ("pairs: {caption_length: [5, 2]}", "2:25", "the minimum 5 is above the maximum 2"),
      ("pairs: {captions: a}", "2:9", "did you mean `caption`?"),
      ("pairs: {max_image_path: 0}", "2:25", "a whole number of at least 1"),
      ("pairs: {box_range: 0-999}", "2:20", "`0-1000`"),
      ("tokens: {trainer: llama}", "2:19", "did you mean `llava`?"),
      ("tokens: {trainer: llava, template: vicuna}", "2:36", "name one of the two"),
      ("tokens: {image_tokens: -1}", "2:24", "a whole number"),
      ("tokens: {image_tokens: {marks: 2}}", "2:24", "`tokens`"),
    ])
  func mistakes(_ text: String, _ place: String, _ message: String) {
    do {
      _ = try rules(text)
      Issue.record("no mistake in \(text)")
    } catch let error as RulesError {
      #expect(error.lines.count == 1)
      #expect(error.lines[0].contains(place + ":"), "\(error.lines)")
      #expect(error.lines[0].contains(message), "\(error.lines)")
    } catch { Issue.record("\(error)") }
  }
}
