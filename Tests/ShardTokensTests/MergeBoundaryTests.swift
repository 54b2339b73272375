import Foundation
import ShardTestSupport
import ShardTokens
import Testing

/// Long words that are cut where no merge crosses, and those that are merged whole, have the tokens of the definition.
@Suite struct MergeBoundaryTests {
  /// Letters of one to four bytes, some of which share their first or last bytes.
  private static let letters: [[UInt8]] = "aé你好世界人大あいかが가각𠀀𠀁".map { Array(String($0).utf8) }

  /// A rank file of 256 bytes and merges learnt from random words, to which tokens are added that no merges make.
  private static func ranks(
    _ merges: Int, _ odd: Int, _ random: inout RepeatableRandom
  ) -> [[UInt8]] {
    var tokens = (0...255).map { [UInt8($0)] }
    var ranks = Dictionary(uniqueKeysWithValues: zip(tokens, 0...))
    while tokens.count < 256 + merges {
      let parts = merged(word(Int.random(in: 2...9, using: &random), &random), ranks)
      guard parts.count > 1 else { continue }
      let place = Int.random(in: 0..<parts.count - 1, using: &random)
      let token = parts[place] + parts[place + 1]
      ranks[token] = tokens.count
      tokens.append(token)
    }
    for _ in 0..<odd {
      var token = word(Int.random(in: 2...4, using: &random), &random)
      if Bool.random(using: &random) { token.removeFirst() }
      if Bool.random(using: &random) { token.removeLast() }
      if token.count > 1, ranks.updateValue(0, forKey: token) == nil {
        tokens.insert(token, at: Int.random(in: 256...tokens.count, using: &random))
      }
    }
    return tokens
  }

  private static func word(_ length: Int, _ random: inout RepeatableRandom) -> [UInt8] {
    (0..<length).flatMap { _ in letters.randomElement(using: &random) ?? [] }
  }

  /// Byte-pair encoding by its definition, in the square of the length.
  private static func merged(_ word: [UInt8], _ ranks: [[UInt8]: Int]) -> [[UInt8]] {
    var parts = word.map { [$0] }
    while let (_, place) = (0..<max(0, parts.count - 1)).compactMap({ place in
      ranks[parts[place] + parts[place + 1]].map { ($0, place) }
    }).min(by: { $0 < $1 }) {
      parts[place] += parts.remove(at: place + 1)
    }
    return parts
  }

  @Test(arguments: 0..<6)
  func `cut words have the tokens of the definition`(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let tokens = Self.ranks(Int(seed) * 24, Int(seed) % 3 * 12, &random)
    let file = tokens.enumerated().map { "\(Data($0.element).base64EncodedString()) \($0.offset)\n" }.joined()
    let counter = TokenCounter(try Tokenizer.load(Array(file.utf8), name: "cl100k.tiktoken"))
    let ranks = Dictionary(uniqueKeysWithValues: zip(tokens, 0...))
    for _ in 0..<30 {
      let word = Self.word(Int.random(in: 1...45, using: &random), &random)
      // What is a token whole stays whole.
      let expected = ranks[word].map { [$0] } ?? Self.merged(word, ranks).compactMap { ranks[$0] }
      #expect(
        counter.encodeOrdinary(word).map { Int($0) } == expected, "\(String(decoding: word, as: UTF8.self))")
      #expect(counter.count(word) == expected.count)
    }
    // Tokens by themselves, and in a word that is long enough to be cut.
    for token in tokens.dropFirst(256) where String(validating: token, as: UTF8.self) != nil {
      #expect(counter.encodeOrdinary(token).map { Int($0) } == ranks[token].map { [$0] })
      let word = token + Self.word(6, &random)
      #expect(
        counter.encodeOrdinary(word).map { Int($0) }
          == ranks[word].map { [$0] } ?? Self.merged(word, ranks).compactMap { ranks[$0] })
    }
  }

  @Test func `Qwen's texts are brought into NFC, special tokens found after that`() throws {
    let file = try ReferenceCases.file("small-cl100k.tiktoken")
    let qwen = TokenCounter(try Tokenizer.load(file, name: "qwen.tiktoken"))
    let other = TokenCounter(try Tokenizer.load(file, name: "cl100k.tiktoken"))
    for (text, normal) in [
      ("cafe\u{301}", "café"), ("\u{1100}\u{1161}\u{11A8}", "각"), ("e\u{301}\u{323}", "\u{1EB9}\u{301}"),
      // A mark of Unicode 10, which goes before what stands above.
      ("a\u{315}\u{1DF9}", "a\u{1DF9}\u{315}"),
      ("x", "x"),
    ] {
      #expect(qwen.encodeOrdinary(Array(text.utf8)) == other.encodeOrdinary(Array(normal.utf8)), "\(text)")
      #expect(qwen.normalized(Array(text.utf8)) == Array(normal.utf8))
      #expect(other.normalized(Array(text.utf8)) == Array(text.utf8))
    }
    #expect(qwen.encode(Array("<|im_end|>".utf8)) == [151_645])
    #expect(
      qwen.encode(Array("<|im_end|>\u{338}".utf8)) == other.encodeOrdinary(Array("<|im_end|\u{226F}".utf8)))
  }
}
