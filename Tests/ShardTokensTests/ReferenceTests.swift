import ShardTestSupport
import ShardTokens
import Testing

/// Tokens equal those of the programs that the files are made for.
@Suite struct ReferenceTests {
  @Test func `all fixtures are compared`() {
    #expect(ReferenceCases.all.expected.keys.sorted() == ReferenceCases.names)
    #expect(ReferenceCases.all.texts.count > 50)
  }

  @Test(arguments: ReferenceCases.names)
  func `ids equal the reference's`(name: String) throws {
    let tokenizer = try ReferenceCases.tokenizer(name)
    let cases = ReferenceCases.all
    let expected = try #require(cases.expected[name])
    let counter = TokenCounter(tokenizer)
    #expect(tokenizer.vocabularySize == expected.size)
    #expect(expected.ordinary.count == cases.texts.count)
    // Twice, as the second time words come from the cache.
    for _ in 0..<2 {
      for (text, ids) in zip(cases.texts, expected.ordinary) {
        #expect(
          counter.encodeOrdinary(text) == ids, "\(String(decoding: text, as: UTF8.self).debugDescription)")
        #expect(counter.count(text) == ids.count)
      }
    }
    for (text, ids) in zip(cases.texts, expected.special) {
      #expect(counter.encode(text) == ids, "\(String(decoding: text, as: UTF8.self).debugDescription)")
      #expect(counter.count(text, allowingSpecial: true) == ids.count)
    }
    #expect(counter.inexactTexts == 0)
    if !expected.template.isEmpty { #expect(tokenizer.prefix + tokenizer.suffix == expected.template) }
  }

  /// Where no character is unknown or changed, the tokens are the text.
  @Test(arguments: ["gpt2.json", "llama3.json", "small-cl100k.tiktoken"])
  func `the pieces of a byte-level tokenizer are the text`(name: String) throws {
    let counter = TokenCounter(try ReferenceCases.tokenizer(name))
    var random = RepeatableRandom(seed: 5)
    for _ in 0..<500 {
      let length = Int.random(in: 0...200, using: &random)
      let text = (0..<length).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
      let pieces = Array(counter.pieces(text, allowingSpecial: false).joined())
      let begins = name == "gpt2.json" && !text.isEmpty && text.first != 0x20
      #expect(pieces == (begins ? [0x20] : []) + text)
    }
  }

  /// The queue by rank and the look at all pairs agree: a long word cut by nothing equals itself among short ones.
  @Test(arguments: ["gpt2.json", "llama2.json", "small-cl100k.tiktoken"])
  func `long words merge as short ones do`(name: String) throws {
    let tokenizer = try ReferenceCases.tokenizer(name)
    let counter = TokenCounter(tokenizer)
    var random = RepeatableRandom(seed: 9)
    let letters = Array("abcdefgho".utf8)
    for _ in 0..<300 {
      let length = Int.random(in: 40...120, using: &random)
      let word = (0..<length).map { _ in letters.randomElement(using: &random) ?? 0 }
      #expect(counter.encodeOrdinary(word) == Self.merged(word, tokenizer, counter))
    }
  }

  /// Byte-pair encoding by its definition: the pieces of single letters, the pair of the lowest id each time.
  ///
  /// Ids of these fixtures are in the order of their merges.
  private static func merged(_ word: [UInt8], _ tokenizer: Tokenizer, _ counter: TokenCounter) -> [UInt32] {
    var symbols = word.map { [$0] }
    if case let first = counter.pieces([word[0]]).flatMap({ $0 }), first.count > 1 {
      symbols.insert(Array(first.dropLast()), at: 0)
    }
    func id(_ bytes: [UInt8]) -> UInt32? { tokenizer.id(of: String(decoding: bytes, as: UTF8.self)) }
    while symbols.count > 1 {
      let candidates = (0..<symbols.count - 1).compactMap { at in
        id(symbols[at] + symbols[at + 1]).map { ($0, at) }
      }
      guard let (_, at) = candidates.min(by: { $0 < $1 }) else { break }
      symbols[at] += symbols.remove(at: at + 1)
    }
    return symbols.compactMap(id)
  }

  @Test func `what is not UTF-8 counts as Python replaces it`() throws {
    let counter = TokenCounter(try ReferenceCases.tokenizer("gpt2.json"))
    let replacement = Array("\u{FFFD}".utf8)
    let table: [([UInt8], Int)] = [
      ([0x80], 1), ([0xC3], 1), ([0xE2, 0x82], 1), ([0xF0, 0x9F, 0x98], 1), ([0xED, 0xA0, 0x80], 3),
      ([0xC0, 0xAF], 2),
      ([0xF4, 0x90, 0x80, 0x80], 4), ([0xE2, 0x82, 0x41], 1), ([0xFF, 0xFE], 2), ([0xF0, 0x80, 0x80], 3),
    ]
    for (bytes, count) in table {
      let rest = bytes.filter { $0 == 0x41 }
      let repaired = Array("x".utf8) + Array(repeatElement(replacement, count: count).joined()) + rest
      #expect(counter.encodeOrdinary(Array("x".utf8) + bytes) == counter.encodeOrdinary(repaired), "\(bytes)")
    }
  }

  @Test func `counters share a tokenizer`() async throws {
    let tokenizer = try ReferenceCases.tokenizer("llama3.json")
    let cases = ReferenceCases.all
    let expected = try #require(cases.expected["llama3.json"]).ordinary
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let counter = TokenCounter(tokenizer)
          return cases.texts.map { counter.encodeOrdinary($0) } == expected
        }
      }
      for await isEqual in group { #expect(isEqual) }
    }
  }
}
