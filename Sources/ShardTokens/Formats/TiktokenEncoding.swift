/// What a rank file leaves out: the pattern and the special tokens of an encoding.
struct TiktokenEncoding {
  var name: String
  /// Found in the file's name.
  var marks: [String]
  var rankCount: Int
  var pattern: String
  var specials: [(text: String, id: UInt32)]
  /// Whether the texts are brought into NFC first, as Qwen's `tokenization_qwen.py` does.
  var normalizes = false

  /// By the name of the file or of the encoding.
  static func named(_ name: String) -> TiktokenEncoding? {
    let lowercased = name.lowercased()
    return all.first { $0.marks.contains { contains(lowercased, $0) } }
  }

  private static func contains(_ text: String, _ mark: String) -> Bool {
    let text = Array(text.utf8)
    let mark = Array(mark.utf8)
    guard mark.count <= text.count else { return false }
    return (0...text.count - mark.count).contains { text[$0...].starts(with: mark) }
  }

  /// By the number of its ranks, where the name says nothing.
  static func holding(_ ranks: Int) -> TiktokenEncoding? { all.first { $0.rankCount == ranks } }

  /// From tiktoken's `openai_public.py`, Qwen's and Qwen-VL's `tokenization_qwen.py` and the `tokenizer.py` of Llama 3 (3.1
  /// and later, whose special tokens are those of 3.0 by other names) and Llama 4.
  static let all: [TiktokenEncoding] = [
    TiktokenEncoding(
      name: "cl100k_base", marks: ["cl100k"], rankCount: 100_256, pattern: KnownPatterns.cl100k,
      specials: [
        ("<|endoftext|>", 100_257), ("<|fim_prefix|>", 100_258), ("<|fim_middle|>", 100_259),
        ("<|fim_suffix|>", 100_260), ("<|endofprompt|>", 100_276),
      ]),
    TiktokenEncoding(
      name: "o200k_base", marks: ["o200k"], rankCount: 199_998, pattern: KnownPatterns.o200k,
      specials: [("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)]),
    TiktokenEncoding(
      name: "qwen", marks: ["qwen"], rankCount: 151_643, pattern: KnownPatterns.qwen, specials: qwenSpecials,
      normalizes: true),
    TiktokenEncoding(
      name: "llama3", marks: ["llama3", "llama-3"], rankCount: 128_000, pattern: KnownPatterns.cl100k,
      specials: llama3Specials),
    TiktokenEncoding(
      name: "llama4", marks: ["llama4", "llama-4"], rankCount: 200_000, pattern: KnownPatterns.o200k,
      specials: llama4Specials),
    TiktokenEncoding(
      name: "p50k_base", marks: ["p50k"], rankCount: 50_280, pattern: KnownPatterns.r50k,
      specials: [("<|endoftext|>", 50_256)]),
    TiktokenEncoding(
      name: "r50k_base", marks: ["r50k", "gpt2"], rankCount: 50_256, pattern: KnownPatterns.r50k,
      specials: [("<|endoftext|>", 50_256)]),
  ]

  private static let qwenSpecials: [(text: String, id: UInt32)] = {
    let names =
      ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + (0..<205).map { "<|extra_\($0)|>" }
      + ["<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>", "<img>", "</img>", "<imgpad>"]
    return names.enumerated().map { ($0.element, 151_643 + UInt32($0.offset)) }
  }()

  private static let llama3Specials: [(text: String, id: UInt32)] = {
    var names = [
      "begin_of_text", "end_of_text", "reserved_special_token_0", "reserved_special_token_1",
      "finetune_right_pad_id", "step_id", "start_header_id", "end_header_id", "eom_id", "eot_id",
      "python_tag", "image",
    ]
    names += (2..<246).map { "reserved_special_token_\($0)" }
    return numbered(names, from: 128_000)
  }()

  private static let llama4Specials: [(text: String, id: UInt32)] = {
    var names = ["begin_of_text", "end_of_text", "fim_prefix", "fim_middle", "fim_suffix"]
    func reserve(_ kind: String, _ numbers: Range<Int>) {
      names += numbers.map { "\(kind)reserved_special_token_\($0)" }
    }
    names += ["header_start", "header_end", "eom", "eot", "step"]
    reserve("text_post_train_", 0..<6)
    names += ["python_start", "python_end", "finetune_right_pad"]
    reserve("text_post_train_", 8..<69)
    names += ["image_start", "image_end"]
    reserve("vision_", 0..<2)
    names += ["tile_x_separator", "tile_y_separator"]
    reserve("vision_", 2..<6)
    names.append("image")
    reserve("vision_", 6..<7)
    names.append("patch")
    reserve("vision_", 7..<1_048)
    reserve("reasoning_", 0..<8)
    names += ["reasoning_thinking_start", "reasoning_thinking_end"]
    reserve("", 0..<2_048 - names.count)
    return numbered(names, from: 200_000)
  }()

  private static func numbered(_ names: [String], from first: UInt32) -> [(text: String, id: UInt32)] {
    names.enumerated().map { ("<|\($0.element)|>", first + UInt32($0.offset)) }
  }
}
