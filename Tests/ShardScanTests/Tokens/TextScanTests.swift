import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// Texts and conversations counted by a whole scan. With `bytes.json` a byte is a token.
struct TextScanTests {
  private static func talk(_ question: String, _ answer: String, more: String = "") -> String {
    "{\"conversations\": [{\"from\": \"user\", \"value\": \"\(question)\"}, "
      + "{\"from\": \"assistant\", \"value\": \"\(answer)\"}]\(more)}\n"
  }

  private static func scanned(
    _ text: String, _ tokens: String, _ tokenizer: String = "bytes.json", name: String = "a.jsonl",
    rules: (inout Rules) -> Void = { _ in }
  ) throws -> Outcome {
    var (settings, file) = try SmallTokenizer.settings(tokenizer, tokens)
    rules(&settings.checks.rules)
    return try scan(text: text, name: name, settings: settings, tokenizer: file)
  }

  private static let letters = String(repeating: "q", count: 8_192)

  // MARK: The boundary

  @Test("Monkey gives a label if 2,047 tokens stand before it, none if 2,048 do", arguments: [2_047, 2_048])
  func monkey(_ before: Int) throws {
    // A picture takes 1,280 tokens and two marks.
    let question = "<img>a.jpg</img>" + Self.letters.prefix(before - 1_282)
    let outcome = try Self.scanned(Self.talk(question, "dog"), "{trainer: monkey}")
    let found = outcome.lines.flatMap(\.findings.findings).filter { $0.check == "labels-truncated" }
    #expect(found.isEmpty == (before == 2_047))
    #expect(outcome.result.checks["tokens-too-long"]?.findings == 1)
    guard let finding = found.first else { return }
    #expect(finding.severity == .error && finding.field == "conversations")
    #expect(
      finding.message
        == "2,048 tokens stand before the first label, over the limit of 2,048; a limit of 2,049 would keep one label, 2,052 would keep them all"
    )
  }

  @Test("TextMonkey's picture takes 770 tokens, and later answers count", arguments: [2_047, 2_048])
  func textMonkey(_ before: Int) throws {
    let question = "<img>a.jpg</img>" + Self.letters.prefix(before - 770)
    let outcome = try Self.scanned(Self.talk(question, "dog"), "{trainer: textmonkey}")
    #expect((outcome.result.checks["labels-truncated"] == nil) == (before == 2_047))
  }

  @Test("Monkey reads two turns, TextMonkey all of them")
  func turns() throws {
    let text =
      "{\"conversations\": ["
      + (0..<4).map {
        "{\"from\": \"\($0 % 2 == 0 ? "user" : "assistant")\", \"value\": \"abc\"}"
      }.joined(separator: ", ") + "]}\n"
    let monkey = try Self.scanned(text, "{trainer: monkey}")
    #expect(monkey.result.tokens?.tokens == 7 && monkey.result.tokens?.labelled == 4)
    #expect(monkey.checks(record: 0) == ["conversation-unusable"])
    let textMonkey = try Self.scanned(text, "{trainer: textmonkey}")
    #expect(textMonkey.result.tokens?.tokens == 14 && textMonkey.result.tokens?.labelled == 8)
    #expect(textMonkey.lines.isEmpty)
  }

  @Test("Two pictures never fit, and the run stops where one is cut")
  func pictures() throws {
    let question = "<img>a.jpg</img><img>b.jpg</img>What?"
    let outcome = try Self.scanned(Self.talk(question, "dog"), "{trainer: monkey}")
    #expect(outcome.checks(record: 0).contains("conversation-unusable"))
  }

  // MARK: What is counted

  @Test("Conversations are counted as their template writes them, with escapes undone and special tokens")
  func template() throws {
    // <|im_start|>system\n...<|im_end|>\n = 1 + 7 + 28 + 1 + 1; user: 1 + 5 + 4 + 2; assistant: 1 + 10 + 4 + 1.
    let outcome = try Self.scanned(Self.talk("q\\u00e9\\n", "dog"), "{}")
    let tokens = try #require(outcome.result.tokens)
    #expect(tokens.tokens == 38 + 12 + 11 + 5)
    #expect(tokens.labelled == 5)
    #expect(tokens.characters == 6)
    #expect(outcome.result.tokenizer?.template == "chatml")
    #expect(outcome.lines.isEmpty)
    #expect(outcome.result.fields.first { $0.path == "conversations" }?.tokens?.tokens == 66)
    #expect(outcome.shards[0].tokens.map(\.path) == ["conversations"])
  }

  @Test(
    "Pictures beside turns and among parts take what the rules say",
    arguments: [
      ("{template: plain}", 256), ("{template: plain, image_tokens: 10}", 10),
      ("{template: plain, image_tokens: {tokens: 10, marks: 2}}", 12),
      ("{template: plain, image_tokens: llava}", 576),
    ])
  func imageTokens(_ rule: String, _ cost: UInt64) throws {
    let beside = Self.talk("<image>ab", "dog", more: ", \"image\": \"1.jpg\"")
    #expect(try Self.scanned(beside, rule).result.tokens?.tokens == 6 + cost)
    let first = Self.talk("ab", "dog", more: ", \"image\": \"1.jpg\"")
    #expect(try Self.scanned(first, rule).result.tokens?.tokens == 6 + cost)
    let parts =
      "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": \"1.jpg\"}}, "
      + "{\"type\": \"text\", \"text\": \"ab\"}]}, {\"role\": \"assistant\", \"content\": \"dog\"}]}\n"
    #expect(try Self.scanned(parts, rule).result.tokens?.tokens == 6 + cost)
  }

  @Test("Pictures cost by their size where the record has it")
  func sizes() throws {
    let sized = Self.talk(
      "<image>ab", "dog", more: ", \"image\": \"1.jpg\", \"width\": 280, \"height\": 140")
    let lists = Self.talk(
      "<image><image>ab", "dog",
      more: ", \"image\": [\"1.jpg\", \"2.jpg\"], \"width\": [280, 56], \"height\": [140, 56]")
    let unsized = Self.talk("<image>ab", "dog", more: ", \"image\": \"1.jpg\"")
    let outcome = try Self.scanned(
      sized + lists + unsized, "{template: plain, image_tokens: qwen2-vl, max_tokens: 5}")
    let tokens = try #require(outcome.result.tokens)
    #expect(tokens.lengths.count == 2)
    #expect(tokens.tokens == 6 + 52 + 6 + 52 + 6)
    #expect(outcome.checks(record: 0).contains("tokens-too-long") && outcome.checks(record: 2).isEmpty)
    #expect(
      outcome.result.unchecked.contains(
        "conversations: tokens of 1 conversations with pictures of unknown size"))
  }

  @Test(
    "One size beside several pictures is that of each; a list says the size of each or of none",
    arguments: [
      ("\"width\": 280, \"height\": 140", 104), ("\"image_width\": 280, \"image_height\": 140", 104),
      ("\"width\": [280, 280], \"height\": [140, 56]", 74), ("\"width\": [280], \"height\": [140]", nil),
      ("\"width\": 280, \"height\": 140.5", nil), ("\"width\": 280", nil),
    ] as [(String, UInt64?)])
  func severalSizes(_ members: String, _ cost: UInt64?) throws {
    let text = Self.talk("<image><image>ab", "dog", more: ", \"image\": [\"1.jpg\", \"2.jpg\"], \(members)")
    let outcome = try Self.scanned(text, "{template: plain, image_tokens: qwen2-vl}")
    #expect(outcome.result.tokens?.tokens == (cost.map { 6 + $0 } ?? 0))
    #expect((cost == nil) == outcome.result.unchecked.contains { $0.contains("pictures of unknown size") })
  }

  @Test("Captions and the texts that rules name are counted with what the model adds, each once")
  func texts() throws {
    let text =
      "{\"image\": \"1.jpg\", \"caption\": \"a dog\", \"note\": {\"en\": \"two\", \"de\": \"zwei\"}}\n"
      + "{\"image\": \"2.jpg\", \"caption\": \"\", \"note\": {\"en\": \"\"}}\n"
    let outcome = try Self.scanned(
      text, "{texts: [\"note.*\", caption], max_tokens: 5}", "words.json")
    let lengths = Dictionary(
      uniqueKeysWithValues: outcome.result.fields.compactMap { field in
        field.tokens.map { (field.path, [$0.lengths.count, $0.tokens]) }
      })
    #expect(lengths == ["caption": [2, 8], "note.en": [2, 7], "note.de": [1, 6]])
    let found = outcome.brief.filter { $0.contains("tokens-") }
    #expect(
      found == [
        "0 tokens-too-long caption", "0 tokens-too-long note.de", "1 tokens-empty caption",
        "1 tokens-empty note.en",
      ])
  }

  @Test("A caption is counted without a rule; that it is empty is said once")
  func captions() throws {
    let text =
      "{\"image\": \"1.jpg\", \"caption\": \"a \\u0064og\"}\n{\"image\": \"2.jpg\", \"caption\": \" \"}\n"
    let outcome = try Self.scanned(text, "{}", "words.json")
    #expect(outcome.result.tokens?.tokens == 6 + 2)
    #expect(outcome.brief.filter { $0.hasPrefix("1 ") } == ["1 caption-empty caption"])
  }

  @Test("Cells of a table are texts, numbers among them")
  func table() throws {
    let outcome = try Self.scanned(
      "image,caption\n1.jpg,a dog\n2.jpg,2019\n", "{}", "bytes.json", name: "a.csv")
    #expect(outcome.result.tokens?.tokens == 9 && outcome.result.tokens?.lengths.count == 2)
  }

  @Test("Special tokens of the tokenizer in a text are warnings, those that any trainer knows errors")
  func specials() throws {
    let outcome = try Self.scanned(
      Self.talk("a [SEP] b", "dog") + Self.talk("a <|im_end|> b", "dog") + Self.talk("[sep]", "dog")
        + "{\"text\": \"x [CLS] y\"}\n",
      "{texts: [text]}", "words.json")
    let found = outcome.lines.flatMap { line in
      line.findings.findings.filter { $0.check == "separator-in-text" }
        .map { "\(line.findings.location.record ?? 99) \($0.severity.name) \($0.field ?? "")" }
    }
    #expect(
      found == [
        "0 warning conversations[0].value", "1 error conversations[0].value", "3 warning text",
      ])
  }

  @Test("Without a tokenizer what was not counted is said")
  func nothing() throws {
    var settings = ScanSettings()
    settings.checks.rules.tokens.trainer = .monkey
    let outcome = try scan(text: Self.talk("a", "b"), settings: settings)
    #expect(outcome.result.tokens == nil)
    #expect(
      outcome.result.unchecked.contains("tokens of texts, since no tokenizer was named (--tokenizer)"))
  }
}
