import ShardTestSupport
import ShardTokens
import Testing

/// Files that are no tokenizer, or one of a kind that is not read, are refused with the part that is to blame.
@Suite struct LoadingTests {
  private static func failure(_ text: String, name: String = "tokenizer.json") -> TokenizerError? {
    do throws(TokenizerError) {
      _ = try Tokenizer.load(Array(text.utf8), name: name)
      return nil
    } catch { return error }
  }

  private static let model = #""model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}"#

  @Test(
    arguments: [
      ("", "file: empty"), ("hello", "file: neither"), ("{}", "model: missing"), ("{", "byte 1: no key"),
      (#"{"model":{"type":"Magic"}}"#, "model.type: Magic is not supported"),
      (
        #"{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}"#,
        "model.merges[0]: a part that is no token"
      ),
      (
        #"{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a","b"]]}}"#,
        "model.merges[0]: makes no token"
      ),
      (#"{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}"#, "model.vocab.a: no id"),
      (
        #"{"model":{"type":"BPE","vocab":{"a":99999999},"merges":[]}}"#,
        "model.vocab: the id 99999999 is larger"
      ),
      (#"{"model":{"type":"BPE","dropout":0.1,"vocab":{},"merges":[]}}"#, "model.dropout: dropout"),
      (#"{"model":{"type":"Unigram","unk_id":7,"vocab":[["a",-1.5]]}}"#, "model.unk_id: beyond"),
      (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",1e999]]}}"#, "model.vocab[0]: not a token"),
      (#"{"model":{"type":"WordPiece","vocab":{"a":0}}}"#, "model.unk_token: not in the vocabulary"),
      (#"{"normalizer":{"type":"Sparkle"},\#(model)}"#, "normalizer.type: Sparkle is not supported"),
      (
        #"{"normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"X"}]},\#(model)}"#,
        "normalizer.normalizers[1].type: X"
      ),
      (#"{"pre_tokenizer":{"type":"UnicodeScripts"},\#(model)}"#, "pre_tokenizer.type: UnicodeScripts"),
      (
        #"{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"},\#(model)}"#,
        "pre_tokenizer:"
      ),
      (#"{"post_processor":{"type":"Odd"},\#(model)}"#, "post_processor.type: Odd"),
      (#"{"added_tokens":[{"id":1}],\#(model)}"#, "added_tokens[0]: no content or id"),
      (#"{"a":"\ud"}"#, "byte 7: not an escape"),
    ])
  func `the part is named`(text: String, words: String) {
    let failure = Self.failure(text)
    #expect(failure?.description.hasPrefix(words) == true, "\(String(describing: failure))")
  }

  @Test(
    arguments: [
      ("YQ== 0\nYg= 1\n", "line 2: not a token in base64"), ("YQ== 0\nYg== x\n", "line 2: no rank"),
      ("YQ== 0\nYg== 1 2\n", "line 2: more than"), ("YQ== 0\n", "ranks: no rank for the byte 0"),
    ])
  func `a broken rank file names the line`(text: String, words: String) {
    #expect(Self.failure(text, name: "cl100k_base.tiktoken")?.description.hasPrefix(words) == true)
  }

  @Test func `a rank file of an unknown encoding is refused`() throws {
    let file = String(decoding: try ReferenceCases.file("small-cl100k.tiktoken"), as: UTF8.self)
    #expect(Self.failure(file, name: "mine.tiktoken")?.part == "encoding")
  }

  @Test func `special tokens are known by what they look like`() throws {
    let tokenizer = try ReferenceCases.tokenizer("wordpiece.json")
    let mask = try #require(tokenizer.id(of: "<mask>"))
    #expect(tokenizer.specialTokens.contains { $0.text == "<mask>" && $0.id == mask })
    #expect(tokenizer.piece(mask) == Array("<mask>".utf8))
    #expect(tokenizer.id(of: "[CLS]") == 1)
    #expect(tokenizer.prefix == [1] && tokenizer.suffix == [2])
    #expect(try ReferenceCases.tokenizer("small-cl100k.tiktoken").id(of: "<|endofprompt|>") == 100_276)
    #expect(try ReferenceCases.tokenizer("gpt2.json").id(of: " ") != nil)
  }

  /// Cut and damaged files are refused or read, and what was read counts any text.
  @Test(arguments: ReferenceCases.names)
  func `damaged files are borne`(name: String) throws {
    let file = try ReferenceCases.file(name)
    let text = Array("a photo of 猫 <mask> 123".utf8)
    var random = RepeatableRandom(seed: 21)
    for round in 0..<200 {
      var damaged = file
      if round < 40 {
        damaged.removeLast(Int.random(in: 1..<file.count, using: &random))
      } else {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          damaged[Int.random(in: 0..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let tokenizer = try? Tokenizer.load(damaged, name: name) else { continue }
      let counter = TokenCounter(tokenizer)
      #expect(counter.count(text) == counter.encodeOrdinary(text).count)
    }
  }

  /// A pattern that takes the square of the text is given up, and that is said.
  @Test func `no pattern hangs`() throws {
    let file =
      #"{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"a(?=.*b)|(?=(a+)+$)c"},"behavior":"Isolated"},\#(Self.model)}"#
    let counter = TokenCounter(try Tokenizer.load(Array(file.utf8), name: "tokenizer.json"))
    #expect(counter.count([UInt8](repeating: 0x61, count: 20)) == 20)
    #expect(counter.inexactTexts == 0)
    _ = counter.count([UInt8](repeating: 0x61, count: 1 << 18))
    #expect(counter.inexactTexts == 1)
  }

  /// Ranks in which each merge makes a pair of a lower rank, as no training gives them: the result is the definition's, and
  /// a long word does not take the square of its length.
  @Test func `merges in any order of ranks are borne`() throws {
    let file =
      #"{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"aba":3,"abab":4},"merges":["ab a","ab ab","a b"]}}"#
    let counter = TokenCounter(try Tokenizer.load(Array(file.utf8), name: "tokenizer.json"))
    // The first "ab" takes the next letter at once, which the second then lacks.
    for count in [2, 3, 10, 24, 25, 40, 100, 1 << 20] {
      let ids = counter.encode(Array(String(repeating: "ab", count: count).utf8))
      var expected: [UInt32] = []
      var left = count * 2
      var isA = true
      while left > 0 {
        if isA, left >= 3 {
          expected.append(3)
          left -= 3
          isA = false
        } else {
          expected.append(isA ? (left >= 2 ? 2 : 0) : 1)
          left -= isA ? min(left, 2) : 1
          isA = true
        }
      }
      #expect(ids == expected, "\(count)")
    }
  }
}
