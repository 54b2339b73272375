import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Records with token fields and what must be said of them.
struct TokenFieldTests {
  private static func limit(_ tokens: Int) -> String { "tokens: {max_tokens: \(tokens)}" }

  private static func record(ids: Int, labels: String) -> String {
    "{\"input_ids\": [\((0..<ids).map(String.init).joined(separator: ", "))], \"labels\": [\(labels)]}"
  }

  /// Ignored labels up to `first`, then the ids.
  private static func record(_ count: Int, first: Int) -> String {
    record(ids: count, labels: (0..<count).map { $0 < first ? "-100" : "\($0)" }.joined(separator: ", "))
  }

  static let cases: [RuledCase] = [
    // The shift: a label at the limit less one is the last that is used.
    RuledCase(rules: limit(8), [record(8, first: 7)]),
    RuledCase(
      rules: limit(8), [record(9, first: 8)],
      ["0 labels-truncated labels", "0 tokens-too-long input_ids"]),
    RuledCase(rules: limit(8), [record(9, first: 7)], ["0 tokens-too-long input_ids"]),
    RuledCase(rules: "", [record(9, first: 8)]),
    RuledCase(rules: "", [record(9, first: 9)], ["0 labels-all-ignored labels"]),
    // A label at the first place is never used.
    RuledCase(rules: "", [record(ids: 3, labels: "0, -100, -100")], ["0 labels-all-ignored labels"]),
    RuledCase(rules: "tokens: {shift: false}", [record(ids: 3, labels: "1, -100, -100")]),
    RuledCase(
      rules: "tokens: {ignore_index: -1}", [record(ids: 3, labels: "-1, -1, -1")],
      ["0 labels-all-ignored labels"]),
    RuledCase(
      rules: "tokens: {ignore_index: -1}", [record(ids: 3, labels: "-100, 1, 2")],
      ["0 token-id-range labels[0]"]),
    // Range.
    RuledCase(rules: "tokens: {vocab_size: 3}", [record(3, first: 1)]),
    RuledCase(
      rules: "tokens: {vocab_size: 2}", [record(3, first: 1)],
      ["0 token-id-range input_ids[2]", "0 token-id-range labels[2]"]),
    RuledCase(rules: "", ["{\"input_ids\": [1, 2.5, -1]}"], ["0 token-id-range input_ids[1]"]),
    RuledCase(
      rules: "", ["{\"input_ids\": [1, 2], \"position_ids\": [0, -1], \"token_type_ids\": [0, 1]}"],
      ["0 token-id-range position_ids[1]"]),
    // What is told as an id out of range is not told again as a label that differs.
    RuledCase(
      rules: "", ["{\"input_ids\": [1, -1, 3], \"labels\": [-100, 2, 3]}"], ["0 token-id-range input_ids[1]"]),
    RuledCase(
      rules: "", ["{\"input_ids\": [1, 2, 3], \"labels\": [-100, 3, 3]}"], ["0 labels-misaligned labels[1]"]),
    // Lengths.
    RuledCase(rules: "", [record(ids: 3, labels: "-100, 1")], ["0 token-lengths-differ labels"]),
    RuledCase(
      rules: "", ["{\"input_ids\": [1, 2], \"attention_mask\": [1], \"token_type_ids\": [0, 0, 0]}"],
      ["0 token-lengths-differ attention_mask", "0 token-lengths-differ token_type_ids"]),
    RuledCase(rules: "", ["{\"input_ids\": [1, 2], \"position_ids\": [[0, 1], [0, 1], [0, 1]]}"]),
    RuledCase(rules: "", ["{\"input_ids\": [], \"labels\": []}"], ["0 tokens-empty input_ids"]),
    RuledCase(
      rules: "", ["{\"input_ids\": [], \"labels\": [1]}"],
      ["0 token-lengths-differ labels", "0 tokens-empty input_ids"]),
    // Masks.
    RuledCase(rules: "", ["{\"input_ids\": [1, 2, 3, 4], \"attention_mask\": [0, 1, 1, 0]}"]),
    RuledCase(
      rules: "", ["{\"input_ids\": [1, 2, 3, 4], \"attention_mask\": [0, 1, 0, 1]}"],
      ["0 mask-invalid attention_mask[2]"]),
    RuledCase(
      rules: "", ["{\"input_ids\": [1, 2, 3, 4], \"attention_mask\": [1, 1, 2, 2]}"],
      ["0 mask-invalid attention_mask[2]"]),
    RuledCase(
      rules: "tokens: {packed: true}", ["{\"input_ids\": [1, 2, 3, 4], \"attention_mask\": [1, 2, 2, 0]}"]),
    RuledCase(
      rules: "tokens: {packed: true}", ["{\"input_ids\": [1, 2, 3, 4], \"attention_mask\": [1, 3, 3, 0]}"],
      ["0 mask-invalid attention_mask[1]"]),
    RuledCase(
      rules: limit(2), ["{\"input_ids\": [1, 2, 0, 0], \"attention_mask\": [1, 1, 0, 0]}"]),
    // Names, nesting, and objects of one record side by side.
    RuledCase(
      rules: "tokens: {ids: tok, labels: target}", ["{\"tok\": [1, 2], \"target\": [-100, -100]}"],
      ["0 labels-all-ignored target"]),
    RuledCase(
      rules: "tokens: {ids: s.tok}", ["{\"s\": {\"tok\": []}, \"tok\": []}"], ["0 tokens-empty s.tok"]),
    RuledCase(
      rules: "",
      [
        "{\"s\": [{\"input_ids\": [1], \"labels\": [1]}, {\"labels\": [4]}, {\"input_ids\": [1, 2], \"labels\": [1, 3]}]}"
      ],
      ["0 labels-all-ignored s[0].labels", "0 labels-misaligned s[2].labels[1]"]),
    // Of two lists of one name the last counts.
    RuledCase(
      rules: "", ["{\"input_ids\": [1, 2], \"labels\": [-100, -100], \"labels\": [-100, 2]}"],
      ["0 field-duplicate labels"]),
    // Not token fields at all.
    RuledCase(rules: "", ["{\"input_ids\": \"1 2\", \"labels\": [1]}", "{\"labels\": [-100]}"]),
  ]

  @Test(arguments: cases)
  func found(_ example: RuledCase) throws { try example.run() }

  @Test("The limit that would keep a label is told")
  func message() throws {
    let text = Self.record(12, first: 9) + "\n"
    let outcome = try scan(text: text, settings: ruledSettings(Self.limit(8)))
    let finding = try #require(
      outcome.lines.first?.findings.findings.first { $0.check == "labels-truncated" })
    #expect(
      finding.message
        == "9 tokens stand before the first label, over the limit of 8; a limit of 10 would keep one label, 12 would keep them all"
    )
    #expect(finding.value == "12 tokens")
  }

  @Test("A table has no token fields, and a list with a null beside its ids is not compared")
  func other() throws {
    let table = try scan(text: "input_ids,labels\n1,2\n", name: "a.csv", settings: .withoutDuplicates)
    #expect(table.result.tokens == nil)
    let mixed = try scan(
      text: "{\"input_ids\": [1, null, 3], \"labels\": [-100, 2, 3]}\n", settings: .withoutDuplicates)
    #expect(mixed.brief.allSatisfy { !$0.contains("labels-misaligned") })
  }
}
