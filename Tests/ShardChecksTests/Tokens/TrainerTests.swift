import ShardTestSupport
import Testing

@testable import ShardChecks

/// The conditions under which trainers learn nothing from a record, at each boundary.
struct TrainerTests {
  private static func words(_ count: Int) -> String {
    (0..<count).map { "w\($0)" }.joined(separator: " ")
  }

  private static func monkey(question: String, answer: String = "yes") -> TrainedRecord {
    Trainer.monkey.train(on: [Turn(.user, question), Turn(.assistant, answer)], WordTokenizer())
  }

  // MARK: Monkey

  @Test(
    "2,047 tokens before the answer leave one label, 2,048 none",
    arguments: [1, 766, 2_046, 2_047, 2_048, 2_049])
  func monkeyLimit(_ count: Int) {
    let record = Self.monkey(question: Self.words(count), answer: Self.words(30))
    #expect(record.beforeFirstLabel == count && record.limitForOne == count + 1)
    #expect(record.tokens == count + 31 && record.labelled == 31 && record.limitForAll == count + 31)
    #expect(record.left == max(0, min(31, 2_048 - count)))
    #expect(record.failure == nil)
  }

  @Test("A picture leaves 766 tokens of text, and a label if the text stands behind it")
  func monkeyPicture() {
    #expect(Self.monkey(question: "<img>a.jpg</img>" + Self.words(765)).left == 1)
    #expect(Self.monkey(question: "<img>a.jpg</img>" + Self.words(766)).left == 0)
    #expect(Self.monkey(question: "<img>a.jpg</img>" + Self.words(766)).beforeFirstLabel == 2_048)
    // Before it: the end of the picture is cut off, and the run ends.
    #expect(Self.monkey(question: Self.words(765) + "<img>a.jpg</img>").failure == nil)
    #expect(Self.monkey(question: Self.words(766) + "<img>a.jpg</img>").failure == nil)
    #expect(Self.monkey(question: Self.words(767) + "<img>a.jpg</img>").failure == .pictureCut(end: 2_048))
    // Wholly behind the cut it is not seen.
    #expect(Self.monkey(question: Self.words(2_047) + "<img>a.jpg</img>").failure == .pictureCut(end: 3_328))
    #expect(Self.monkey(question: Self.words(2_048) + "<img>a.jpg</img>").failure == nil)
  }

  @Test("Two pictures never fit", arguments: 0..<800)
  func twoPictures(_ between: Int) {
    let record = Self.monkey(question: "<img>a</img>\(Self.words(between))<img>b</img>")
    #expect(record.left == 0 || record.failure?.isCrash == true)
    #expect(record.failure?.isCrash == (between < 766 ? true : nil))
  }

  @Test("Only the first two turns are read, by their places")
  func monkeyTurns() {
    let turns = [Turn(.assistant, "a b c"), Turn(.user, "d"), Turn(.user, Self.words(3_000))]
    let record = Trainer.monkey.train(on: turns, WordTokenizer())
    #expect(record.tokens == 5 && record.beforeFirstLabel == 3 && record.areRolesSwapped)
    #expect(Trainer.monkey.train(on: [turns[0]], WordTokenizer()).failure == .tooFewTurns)
    #expect(Trainer.monkey.train(on: [], WordTokenizer()).failure == .tooFewTurns)
  }

  @Test("An empty answer leaves the end of text alone; both texts refused leave nothing")
  func monkeyRefusals() {
    let empty = Self.monkey(question: "q", answer: "")
    #expect(empty.failure == nil && empty.labelled == 1 && empty.left == 1)
    let both = Self.monkey(question: "<img>a", answer: "<img>b")
    #expect(both.failure == .allTextsDropped(.unclosedPicture) && both.left == 0)
    let question = Self.monkey(question: "<img>a", answer: "b c")
    #expect(question.failure == nil && question.droppedQuestion == .unclosedPicture && question.left == 2)
    let answer = Self.monkey(question: "a b", answer: "<img>")
    #expect(answer.failure == nil && answer.droppedAnswer == .unclosedPicture && answer.left == 1)
  }

  @Test("A path of 1,278 bytes fits, 1,279 and 1,280 end the run, more are refused", arguments: 1_277...1_282)
  func monkeyPath(_ bytes: Int) {
    let record = Self.monkey(question: "<img>" + String(repeating: "p", count: bytes) + "</img>")
    switch bytes {
    case ...1_278: #expect(record.failure == nil && record.droppedQuestion == nil)
    case ...1_280: #expect(record.failure == .picturePathUnpadded(bytes: bytes, most: 1_278))
    default: #expect(record.droppedQuestion == .picturePathTooLong(bytes: bytes, most: 1_280))
    }
  }

  @Test("A picture's end without a start ends the run beside a picture, and is a token alone")
  func strayEnd() {
    #expect(Self.monkey(question: "</img>").failure == nil)
    #expect(Self.monkey(question: "</img>").beforeFirstLabel == 1)
    #expect(Self.monkey(question: "<img>a</img></img>").failure == .strayPictureEnd)
    #expect(Self.monkey(question: "<img>a<box></img>").droppedQuestion == .specialTokenInPath("<box>"))
  }

  // MARK: TextMonkey

  @Test("TextMonkey's picture costs 770, and all turns count")
  func textMonkey() {
    let trainer = Trainer.textMonkey
    let question = "<img>a</img>" + Self.words(1_277)
    let turns = [Turn(.user, question), Turn(.assistant, "x")]
    #expect(trainer.train(on: turns, WordTokenizer()).left == 1)
    let more = [Turn(.user, question + " y"), Turn(.assistant, "x")]
    #expect(trainer.train(on: more, WordTokenizer()).left == 0)
    let later = turns + [Turn(.user, "q"), Turn(.assistant, "a b")]
    #expect(trainer.train(on: later, WordTokenizer()).labelled == 5)
    #expect(trainer.train(on: [turns[0]], WordTokenizer()).failure == .noAnswer)
    // The answer that is refused loses its end of text.
    let refused = trainer.train(on: [Turn(.user, "q"), Turn(.assistant, "<img>")], WordTokenizer())
    #expect(refused.failure == .allTextsDropped(.unclosedPicture))
    for (bytes, fits) in [(766, true), (767, false)] {
      let path = "<img>" + String(repeating: "p", count: bytes) + "</img>"
      let record = trainer.train(on: [Turn(.user, path), Turn(.assistant, "x")], WordTokenizer())
      #expect((record.failure == nil) == fits)
    }
  }

  // MARK: Qwen-VL

  @Test("Qwen-VL never leaves a record without a label, but without an answer", arguments: [90, 8_300])
  func qwenVL(_ count: Int) {
    let turns = [Turn(.user, "<img>a</img>" + Self.words(count)), Turn(.assistant, "yes")]
    let record = Trainer.qwenVL.train(on: turns, WordTokenizer())
    #expect(record.failure == nil && record.left > 0)
    #expect((record.answersLeft > 0) == (count < 8_000))
  }

  @Test("Qwen-VL's answer is kept up to the limit")
  func qwenVLBoundary() throws {
    let turns = [Turn(.user, "<img>a</img>" + Self.words(20)), Turn(.assistant, "yes")]
    let before = try #require(Trainer.qwenVL.train(on: turns, ByteTokenizer()).beforeFirstAnswer)
    #expect(Trainer.qwenVL.limited(to: before).train(on: turns, ByteTokenizer()).answersLeft == 0)
    #expect(Trainer.qwenVL.limited(to: before + 1).train(on: turns, ByteTokenizer()).answersLeft == 1)
    let roles = [Turn(.user, "a"), Turn(.system, "b")]
    #expect(Trainer.qwenVL.train(on: roles, ByteTokenizer()).failure == .unknownRole(turn: 1))
    let open = [Turn(.user, "<img>"), Turn(.assistant, "b")]
    #expect(Trainer.qwenVL.train(on: open, ByteTokenizer()).failure == .rejected(turn: 0, .unclosedPicture))
    for (bytes, fits) in [(254, true), (255, false)] {
      let path = "<img>" + String(repeating: "p", count: bytes) + "</img>"
      let record = Trainer.qwenVL.train(on: [Turn(.user, path), Turn(.assistant, "x")], ByteTokenizer())
      #expect((record.failure == nil) == fits)
    }
  }

  // MARK: LLaVA

  @Test("LLaVA masks everything where a turn is empty or has the separator in its text")
  func llavaMismatch() {
    func failure(_ question: String, _ answer: String) -> TrainingFailure? {
      Trainer.llava.train(on: [Turn(.user, question), Turn(.assistant, answer)], ByteTokenizer()).failure
    }
    #expect(failure("q", "a") == nil)
    for (question, answer, reason) in [
      ("q", "", TemplateMismatch.emptyTurn(1)), ("", "a", .emptyTurn(0)),
      ("q", "a</s>b", .separatorInText(turn: 1, "</s>")),
      ("q ASSISTANT: x", "a", .separatorInText(turn: 0, " ASSISTANT: ")),
      // LLaVA pads with it, and does not count it.
      ("q", "a<unk>b", .separatorInText(turn: 1, "<unk>")),
    ] {
      guard case .templateMismatch(_, _, let found) = failure(question, answer) else {
        Issue.record("\(question), \(answer)")
        continue
      }
      #expect(found == reason)
    }
    // Blank is not empty.
    #expect(failure("q", " ") == nil)
  }

  @Test("LLaVA's picture costs 576 where its features are put, and its answer is lost at the limit")
  func llavaPicture() throws {
    let turns = [Turn(.user, "What is it?\n<image>", images: 1), Turn(.assistant, "A cat.")]
    let plain = [Turn(.user, "<image>\nWhat is it?"), Turn(.assistant, "A cat.")]
    let record = Trainer.llava.train(on: turns, ByteTokenizer())
    #expect(record.tokens == Trainer.llava.train(on: plain, ByteTokenizer()).tokens - 7 + 576)
    let before = try #require(record.beforeFirstLabel)
    #expect(Trainer.llava.limited(to: before).train(on: turns, ByteTokenizer()).left == 0)
    #expect(Trainer.llava.limited(to: before + 1).train(on: turns, ByteTokenizer()).left == 1)
    // The answer with the space before it, and its end.
    #expect(record.labelled == " A cat.".utf8.count + 1)
  }

  @Test("LLaVA drops a first turn that is no question, and stops at other roles and orders")
  func llavaRoles() {
    let answerFirst = [Turn(.assistant, "x"), Turn(.user, "q"), Turn(.assistant, "a")]
    #expect(Trainer.llava.train(on: answerFirst, ByteTokenizer()).labelled == 3)
    #expect(
      Trainer.llava.train(on: [Turn(.user, "q"), Turn(.user, "q")], ByteTokenizer()).failure
        == .turnOrder(turn: 1))
    #expect(Trainer.llava.train(on: [Turn(.tool, "q")], ByteTokenizer()).failure == .unknownRole(turn: 0))
    #expect(Trainer.llava.train(on: [], ByteTokenizer()).failure == .tooFewTurns)
  }

  @Test("Presets are found by name, each once")
  func names() {
    #expect(Set(Trainer.all.map(\.name)).count == Trainer.all.count)
    for trainer in Trainer.all { #expect(Trainer.named(trainer.name)?.recipe == trainer.recipe) }
    #expect(Trainer.named("monky") == nil)
  }
}
