import ShardRules
import Testing

@testable import ShardChecks

struct ChatTemplateTests {
  /// The segments as text, what carries labels in brackets.
  private static func shown(_ template: ChatTemplate, _ turns: [Turn]) -> String {
    template.segments(turns).map { segment in
      let text: String
      switch segment.kind {
      case .special(let name): text = name
      case .text(let bytes): text = String(decoding: bytes, as: UTF8.self)
      case .picture: text = "{picture}"
      }
      return segment.isLabelled ? "⟦\(text)⟧" : text
    }.joined()
  }

  private static let turns = [
    Turn(.user, "<image>Hi", images: 1), Turn(.assistant, "Yo"), Turn(.user, "And?"), Turn(.assistant, "Bye"),
  ]

  static let vicuna =
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and "
    + "polite answers to the user's questions."

  @Test(arguments: [
    (
      ChatTemplate.chatML,
      "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n{picture}Hi<|im_end|>\n"
        + "<|im_start|>assistant\n⟦Yo⟧⟦<|im_end|>⟧⟦\n⟧<|im_start|>user\nAnd?<|im_end|>\n<|im_start|>assistant\n"
        + "⟦Bye⟧⟦<|im_end|>⟧⟦\n⟧"
    ),
    (
      .llama3,
      "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{picture}Hi<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n⟦Yo⟧⟦<|eot_id|>⟧"
        + "<|start_header_id|>user<|end_header_id|>\n\nAnd?<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n⟦Bye⟧⟦<|eot_id|>⟧"
    ),
    (.llama2, "<s>[INST] {picture}Hi [/INST]⟦Yo⟧⟦</s>⟧<s>[INST] And? [/INST]⟦Bye⟧⟦</s>⟧"),
    (.mistral, "<s>[INST] {picture}Hi[/INST]⟦ Yo⟧⟦</s>⟧[INST] And?[/INST]⟦ Bye⟧⟦</s>⟧"),
    (.vicuna, "<s>\(vicuna) USER: {picture}Hi ASSISTANT:⟦Yo⟧⟦</s>⟧USER: And? ASSISTANT:⟦Bye⟧⟦</s>⟧"),
    (.plain, "{picture}Hi⟦Yo⟧⟦<|endoftext|>⟧And?⟦Bye⟧⟦<|endoftext|>⟧"),
  ])
  func whole(_ template: ChatTemplate, _ expected: String) {
    #expect(Self.shown(template, Self.turns) == expected)
  }

  @Test(arguments: [
    (
      ChatTemplate.chatML,
      "<|im_start|>system\nBe.<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n"
    ),
    (
      .llama3,
      "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe.<|eot_id|>"
        + "<|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    (.llama2, "<s>[INST] <<SYS>>\nBe.\n<</SYS>>\n\nQ [/INST]"), (.mistral, "<s>[INST] Be.\n\nQ[/INST]"),
    (.vicuna, "<s>Be. USER: Q ASSISTANT:"), (.plain, "Be.Q"),
  ])
  func system(_ template: ChatTemplate, _ expected: String) {
    #expect(Self.shown(template, [Turn(.system, "Be."), Turn(.user, "Q")]) == expected)
  }

  @Test(
    "What a tool returns stands where each template has it",
    arguments: [
      (
        ChatTemplate.chatML,
        "<|im_start|>user\n<tool_response>\n7\n</tool_response><|im_end|>\n<|im_start|>assistant\n"
      ),
      (.llama3, "<|start_header_id|>ipython<|end_header_id|>\n\n7<|eot_id|>"),
    ])
  func tool(_ template: ChatTemplate, _ expected: String) {
    #expect(
      Self.shown(template, [Turn(.user, "Q"), Turn(.assistant, "A"), Turn(.tool, "7")]).contains(expected))
  }

  @Test("Pictures without a placeholder stand before the text, placeholders without a picture are text")
  func pictures() {
    #expect(Self.shown(.plain, [Turn(.user, "a<image>b<image>c", images: 1)]) == "a{picture}b<image>c")
    #expect(Self.shown(.plain, [Turn(.user, "a<image>b", images: 3)]) == "{picture}{picture}a{picture}b")
    #expect(Self.shown(.plain, [Turn(.user, "", images: 1)]) == "{picture}")
  }

  @Test("A text between special tokens is one text to the tokenizer")
  func joined() {
    let texts = ChatTemplate.chatML.segments([Turn(.user, "a"), Turn(.assistant, "b")]).compactMap {
      segment in
      if case .text(let bytes) = segment.kind { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
    #expect(
      texts == [
        "system\nYou are a helpful assistant.", "\n", "user\na", "\n", "assistant\n", "b", "\n",
      ])
  }

  @Test("A cost is a number, with or without marks, or a model's name")
  func typed() {
    let typed = ["256", "256+2", "qwen2-vl", "textmonkey"].map { ImageTokens($0).map { PictureCost($0) } }
    #expect(typed == [.fixed(256, marks: 0), .qwenVL, .qwen2VL, .textMonkey])
    for text in ["", "+", "256+", "-1", "1+-1", "1+1+1", "qwen", "99999999999999999999"] {
      #expect(ImageTokens(text) == nil, "\(text)")
    }
  }

  @Test("A picture costs what its size says, with its marks")
  func cost() {
    let trainer = Trainer.template(.chatML, limit: 10_000, pictures: .qwen2VL)
    var turns = [Turn(.user, "x"), Turn(.assistant, "y")]
    let without = trainer.train(on: turns, ByteTokenizer()).tokens
    turns[0].pictures = [TurnPicture(width: 640, height: 480)]
    // 23 by 17 cells of 28 pixels.
    #expect(trainer.train(on: turns, ByteTokenizer()).tokens == without + 391 + 2)
    turns[0].pictures = [TurnPicture()]
    #expect(trainer.train(on: turns, ByteTokenizer()).failure == .pictureSize)
    #expect(
      PictureCost.monkey.tokens(TurnPicture()) == 1_282 && PictureCost.qwenVL.tokens(TurnPicture()) == 258)
    #expect(
      PictureCost.textMonkey.tokens(TurnPicture()) == 770 && PictureCost.llava.tokens(TurnPicture()) == 576)
  }
}
