import ShardModel
import ShardTestSupport
import Testing

@testable import ShardChecks

struct ConversationCheckerTests {
  private static func checker(
    _ trainer: Trainer, limit: Int? = nil, _ tokenizer: any TextTokenizer = WordTokenizer()
  ) -> ConversationChecker {
    var settings = CheckSettings(enabled: [])
    settings.rules.tokens.maxTokens = limit
    return ConversationChecker(trainer, tokenizer, settings)
  }

  private static func words(_ count: Int) -> String { (0..<count).map { "w\($0)" }.joined(separator: " ") }

  private static func found(_ trainer: Trainer, limit: Int? = nil, _ turns: [Turn]) -> [String] {
    checker(trainer, limit: limit).check(turns).map(\.check)
  }

  @Test("What stands before the first label is told with the limits that would save it")
  func message() throws {
    let turns = [Turn(.user, "<img>a.jpg</img>" + Self.words(821)), Turn(.assistant, Self.words(30))]
    let findings = Self.checker(.monkey).check(turns)
    #expect(findings.map(\.check) == ["tokens-too-long", "labels-truncated"])
    #expect(
      findings[1].message
        == "2,103 tokens stand before the first label, over the limit of 2,048; a limit of 2,104 would keep one label, 2,134 would keep them all"
    )
    #expect(findings.allSatisfy { $0.severity == .error && $0.field == "conversations" })
  }

  /// Conversations in which the first label stands at, before and behind the limit, for every trainer and template.
  @Test("Every answer that is cut off is found, and none that is not", arguments: Trainer.all.map(\.name))
  func planted(_ name: String) throws {
    let trainer = try #require(Trainer.named(name))
    var random = RepeatableRandom(seed: 3)
    var cut = 0
    for _ in 0..<300 {
      var turns: [Turn] = []
      if case .template = trainer.recipe, Int.random(in: 0..<3, using: &random) == 0 {
        turns.append(Turn(.system, Self.words(Int.random(in: 1..<30, using: &random))))
      }
      let usesTags = [.monkey, .textMonkey, .qwenVL].contains(trainer.recipe)
      for index in 0..<Int.random(in: 1...3, using: &random) {
        let hasPicture = index == 0 && Bool.random(using: &random)
        var question = Self.words(Int.random(in: 1..<300, using: &random))
        if hasPicture { question = (usesTags ? "<img>a.jpg</img>" : "<image>") + question }
        turns.append(Turn(.user, question, images: hasPicture && !usesTags ? 1 : 0))
        turns.append(Turn(.assistant, Self.words(Int.random(in: 1..<50, using: &random))))
      }
      let whole = trainer.train(on: turns, ByteTokenizer())
      let before = try #require(trainer.recipe == .qwenVL ? whole.beforeFirstAnswer : whole.beforeFirstLabel)
      // A picture that is cut ends the run: then nothing is said of labels.
      let limit = max(before + Int.random(in: -3...3, using: &random), 1)
      let checks = Self.checker(trainer, limit: limit, ByteTokenizer()).check(turns)
        .map(\.check)
      #expect(
        checks.contains("labels-truncated") == (before >= limit), "\(name) \(before) \(limit) \(checks)")
      #expect(checks.contains("tokens-too-long") == (whole.tokens > limit))
      #expect(Set(checks).isSubset(of: ["labels-truncated", "tokens-too-long", "conversation-unusable"]))
      cut += before >= limit ? 1 : 0
      // Without the cut nothing is wrong.
      let roomy = Self.checker(trainer, limit: 1 << 20, ByteTokenizer()).check(turns)
      #expect(roomy.allSatisfy { $0.severity == .warning })
    }
    #expect(cut > 80 && cut < 250)
  }

  @Test("Qwen-VL's loss stays finite where its answer is cut: a warning")
  func frame() throws {
    let turns = [Turn(.user, Self.words(50)), Turn(.assistant, "x")]
    let finding = try #require(
      Self.checker(.qwenVL, limit: 40).check(turns).first {
        $0.check == "labels-truncated"
      })
    #expect(finding.severity == .warning)
  }

  @Test("Failures have their checks")
  func failures() {
    let long = Self.words(3_000)
    #expect(Self.found(.monkey, [Turn(.user, "q")]) == ["conversation-unusable"])
    #expect(
      Self.found(.monkey, [Turn(.user, "<img>a"), Turn(.assistant, "<img>b")]).first == "labels-all-ignored")
    #expect(
      Self.found(.monkey, [Turn(.user, "<img>a"), Turn(.assistant, "b")]).first == "conversation-unusable")
    #expect(
      Self.found(.monkey, [Turn(.user, long + "<img>a</img>"), Turn(.assistant, "b")]).contains(
        "labels-truncated"))
    #expect(Self.found(.llava, [Turn(.user, "q"), Turn(.assistant, "")]) == ["labels-all-ignored"])
    #expect(Self.found(.template(.chatML, limit: 99), [Turn(.user, "q")]) == ["labels-all-ignored"])
    let turns = [Turn(.user, "q"), Turn(.assistant, "a"), Turn(.user, "q"), Turn(.assistant, "a")]
    #expect(Self.found(.monkey, turns) == ["conversation-unusable"])
    #expect(Self.found(.textMonkey, turns).isEmpty)
  }

  @Test("Unknown tokens are counted where the vocabulary has one")
  func unknown() {
    let checker = Self.checker(.template(.plain, limit: 99), ByteTokenizer(unknown: 0x78))
    let accumulator = TokenAccumulator()
    let bad = checker.check(
      [Turn(.user, "xxaaaaaaaaaaaaaaaaaa"), Turn(.assistant, "a")], into: accumulator)
    #expect(bad.map(\.check) == ["tokens-unknown"])
    let good = checker.check(
      [Turn(.user, "xaaaaaaaaaaaaaaaaaaa"), Turn(.assistant, "é")], into: accumulator)
    #expect(good.isEmpty)
    accumulator.finishBatch(.none) { _, _ in
      Extreme(value: 0, text: "", field: "", memberOrdinal: 0, location: Location())
    }
    let profile = accumulator.drain()
    #expect(profile.unknown == 3 && profile.characters == 42 && profile.sequences == 2)
    #expect(profile.tokens == 45 && profile.labelled == 5)
    #expect(accumulator.drain().isEmpty)
  }

  @Test("A text has its own limit, what the model adds included", arguments: [74, 75, 76])
  func captions(_ words: Int) {
    let checker = Self.checker(.template(.plain, limit: 77), WordTokenizer(added: 2))
    let accumulator = TokenAccumulator()
    let found = checker.check(text: Self.words(words), into: accumulator)
    #expect(found.map(\.check) == (words > 75 ? ["tokens-too-long"] : []))
    #expect(checker.check(text: "", into: accumulator).map(\.check) == ["tokens-empty"])
    #expect(checker.check(text: "", isEmptyTold: true, into: accumulator).isEmpty)
    let profile = accumulator.drain()
    #expect(profile.tokens == UInt64(words) + 6 && profile.labelledSequences == 0)
  }

  @Test("Unknown tokens of a text are counted with the others")
  func unknownInTexts() {
    let checker = Self.checker(.template(.plain, limit: 99), ByteTokenizer(unknown: 0x78))
    let accumulator = TokenAccumulator()
    #expect(
      checker.check(text: "xx" + String(repeating: "a", count: 18), into: accumulator).map(\.check) == [
        "tokens-unknown"
      ])
    #expect(checker.check(text: "x" + String(repeating: "a", count: 19), into: accumulator).isEmpty)
    #expect(accumulator.drain().unknown == 3)
  }

  @Test("A picture of unknown size leaves its conversation uncounted; one that the model refuses stops it")
  func sizes() {
    var trainer = Trainer.template(.plain, limit: 9_999)
    trainer.pictures = .qwen2VL
    let checker = Self.checker(trainer)
    func found(_ width: Int?, _ height: Int?) -> (checks: [String], uncounted: UInt64, tokens: UInt64) {
      let accumulator = TokenAccumulator()
      let turn = Turn(.user, Array("a".utf8), pictures: [TurnPicture(width: width, height: height)])
      let checks = checker.check([turn, Turn(.assistant, "b")], into: accumulator).map(\.check)
      let profile = accumulator.drain()
      return (checks, profile.uncounted, profile.tokens)
    }
    #expect(found(nil, 280) == ([], 1, 0))
    #expect(found(280, 280) == ([], 0, 105))
    #expect(found(28 * 201, 28) == (["conversation-unusable"], 0, 0))
  }

  @Test("Special tokens are found at any place, the longest first")
  func scanner() {
    let specials = SpecialTokens(["<a>", "<a>b", "[X]", "<"])
    let bytes = Array("<a<a>b[X]<a>c<".utf8)
    #expect(specials.all(in: bytes).map { specials.names[$0.index] } == ["<a>b", "[X]", "<a>"])
    var random = RepeatableRandom(seed: 8)
    let alphabet = Array("<>|a_im".utf8)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      let names = ["<a>", "<|im", "<|im|>", "a|"]
      let found = SpecialTokens(names).all(in: bytes)
      var (place, plain) = (0, [SpecialTokens.Match]())
      while place < bytes.count {
        let here = names.indices.filter { bytes[place...].starts(with: Array(names[$0].utf8)) }
          .max { names[$0].utf8.count < names[$1].utf8.count }
        guard let here else {
          place += 1
          continue
        }
        plain.append(SpecialTokens.Match(range: place..<(place + names[here].utf8.count), index: here))
        place += names[here].utf8.count
      }
      #expect(found == plain)
      #expect(bytes.withUnsafeBufferPointer { SpecialTokens(names).next(in: $0) } == plain.first?.index)
    }
  }

  @Test("Any bytes can be a text", arguments: Trainer.all.map(\.name))
  func hostile(_ name: String) throws {
    let trainer = try #require(Trainer.named(name))
    var random = RepeatableRandom(seed: 6)
    let pieces = [
      "<img>", "</img>", "<image>", "</s>", " ASSISTANT: ", "<|im_end|>", "\u{3000}", "a b", "\n",
    ].map {
      Array($0.utf8)
    }
    for _ in 0..<400 {
      let turns = (0..<Int.random(in: 0..<5, using: &random)).map { _ in
        var content: [UInt8] = []
        for _ in 0..<Int.random(in: 0..<6, using: &random) {
          content += pieces[Int.random(in: 0..<pieces.count, using: &random)]
          content.append(UInt8.random(in: 0...255, using: &random))
        }
        let roles = [Turn.Role.system, .user, .assistant, .tool, .other]
        let images = Int.random(in: 0..<3, using: &random)
        return Turn(
          roles[Int.random(in: 0..<5, using: &random)], content,
          pictures: Array(repeating: TurnPicture(), count: images))
      }
      let limit = Int.random(in: 1..<600, using: &random)
      let record = trainer.limited(to: limit).train(on: turns, ByteTokenizer())
      #expect(
        record.left <= record.labelled && record.labelled <= record.tokens
          && record.answersLeft <= record.left)
      #expect((record.left > 0) == (record.beforeFirstLabel.map { $0 < limit } ?? false))
      _ = Self.checker(trainer, limit: limit, ByteTokenizer()).check(turns)
    }
  }
}
