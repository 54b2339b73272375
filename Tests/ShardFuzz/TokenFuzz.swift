import ShardTokens

/// Any bytes as a tokenizer's file, and as a text: a file is refused or read, and what was read counts and lists any text
/// alike, the same each time.
///
/// The first byte chooses: a file, or a text for one of a few small tokenizers.
enum TokenFuzz {
  private static let texts = [
    "", "a photo of 猫 e\u{301} 👍🏽", "  <mask>\n\n[CLS]  12345678 ab ab ab",
    String(repeating: "ab", count: 100),
  ].map { Array($0.utf8) }

  private static let vocabulary =
    ###""a":0,"b":1,"ab":2,"▁":3,"▁a":4,"aba":5,"<unk>":6,"<0x41>":7,"##a":8,"##b":9,"é":10,"e":11,"<s>":12,"abab":13"###

  private static let tokenizers: [Tokenizer] = [
    #"{"added_tokens":[{"id":12,"content":"<s>","special":true,"lstrip":true,"rstrip":true}],"model":{"type":"BPE","vocab":{\#(vocabulary)},"merges":["a b","▁ a","ab a","ab ab"],"unk_token":"<unk>","fuse_unk":true,"byte_fallback":true},"normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}}"#,
    #"{"model":{"type":"BPE","vocab":{\#(vocabulary)},"merges":["a b","ab ab"],"unk_token":"<unk>"},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\s+(?!\\S)|\\p{L}{2}"},"behavior":"MergedWithPrevious"},{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}]}}"#,
    #"{"model":{"type":"WordPiece","vocab":{\#(vocabulary)},"unk_token":"<unk>","max_input_chars_per_word":20},"normalizer":{"type":"BertNormalizer"},"pre_tokenizer":{"type":"BertPreTokenizer"},"added_tokens":[{"id":2,"content":"AB","normalized":true,"single_word":true}]}"#,
    #"{"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-2.5],["b",-3],["ab",-3.5],["▁",-1],["▁ab",-4],["é",-6]]},"normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Strip"},{"type":"Lowercase"},{"type":"StripAccents"}]},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true}}"#,
  ].compactMap { try? Tokenizer.load(Array($0.utf8), name: "tokenizer.json") }

  static func run(_ input: [UInt8]) {
    expect(tokenizers.count == 4, "a tokenizer of the fuzzer's own is refused")
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    if choice % 2 == 0 {
      file(bytes, name: choice % 4 == 0 ? "cl100k_base.tiktoken" : "qwen.tiktoken")
    } else {
      let counter = TokenCounter(tokenizers[Int(choice / 2) % tokenizers.count])
      check(bytes, counter)
      // A second counter has met no word yet.
      expect(
        counter.encode(bytes) == TokenCounter(counter.tokenizer).encode(bytes),
        "a word's tokens depend on those before")
    }
  }

  private static func file(_ bytes: [UInt8], name: String) {
    guard let tokenizer = try? Tokenizer.load(bytes, name: name) else { return }
    expect(tokenizer.vocabularySize >= 0 && tokenizer.prefix.count >= 0, "no size")
    for special in tokenizer.specialTokens { _ = tokenizer.piece(special.id) }
    let counter = TokenCounter(tokenizer)
    for text in texts { check(text, counter) }
  }

  private static func check(_ text: [UInt8], _ counter: TokenCounter) {
    let ordinary = counter.encodeOrdinary(text)
    expect(counter.count(text) == ordinary.count, "counted otherwise than listed")
    let special = counter.encode(text)
    expect(counter.count(text, allowingSpecial: true) == special.count, "counted otherwise than listed")
    expect(counter.encodeOrdinary(text) == ordinary, "listed twice, with different results")
    _ = counter.pieces(text)
  }
}
