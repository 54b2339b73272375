import ShardModel

/// Reads CLIP's `bpe_simple_vocab_16e6.txt`, unpacked: a heading and then merges, of which the first 48,894 count.
///
/// The text is prepared as the fast tokenizer of `transformers` does it: NFC, runs of space to one, lower case. (The
/// script of OpenAI repairs the text with ftfy before, which leaves sound text as it is.)
enum ClipFile {
  private static let heading = Array("\"bpe_simple_vocab".utf8)
  private static let mergeCount = 49_152 - 256 - 2
  private static let ending = Array("</w>".utf8)

  static func isLikely(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { bytes.starts(with: heading) }

  static func load(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Tokenizer {
    let vocabulary = Vocabulary()
    var symbols = ByteSymbols()
    // The bytes that stand for themselves come first, as in `bytes_to_unicode`.
    let order =
      (0...255).filter { ByteLevel.scalars[$0] < 256 } + (0...255).filter { ByteLevel.scalars[$0] >= 256 }
    var id: UInt32 = 0
    func add(_ token: [UInt8]) throws(TokenizerError) -> UInt32 {
      var failure: TokenizerError?
      token.withUnsafeBufferPointer { token in
        do throws(TokenizerError) {
          try vocabulary.insert(token, id: id, part: "merges")
        } catch { failure = error }
      }
      if let failure { throw failure }
      id += 1
      return id - 1
    }
    for byte in order { symbols.ids[byte] = try add(ByteLevel.mapped(UInt8(byte))) }
    for byte in order { symbols.lastIDs[byte] = try add(ByteLevel.mapped(UInt8(byte)) + ending) }
    let pairs = PairTable(capacity: mergeCount)
    var number = 1
    for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
      guard pairs.count < mergeCount, number <= mergeCount else { break }
      number += 1
      let parts = line.split(separator: 0x20)
      guard parts.count == 2, let left = vocabulary.id(of: Array(parts[0])),
        let right = vocabulary.id(of: Array(parts[1]))
      else { throw TokenizerError(part: "line \(number)", message: "not two tokens known by then") }
      let rank = id
      pairs.insert(left, right, rank: rank, into: try add(Array(parts[0]) + Array(parts[1])))
    }
    guard number == mergeCount + 1 else {
      throw TokenizerError(part: "merges", message: "fewer than \(mergeCount)")
    }
    let start = try add(Array("<|startoftext|>".utf8))
    let end = try add(Array("<|endoftext|>".utf8))
    return try tokenizer(vocabulary, pairs, symbols, start: start, end: end)
  }

  private static func tokenizer(
    _ vocabulary: Vocabulary, _ pairs: PairTable, _ symbols: ByteSymbols, start: UInt32, end: UInt32
  ) throws(TokenizerError) -> Tokenizer {
    let model = BytePairModel(vocabulary: vocabulary, pairs: pairs, symbols: symbols)
    model.suffix = ending
    model.unknown = end
    let tokenizer = Tokenizer(model: .bytePair(model), vocabulary: vocabulary)
    tokenizer.kind = "CLIP"
    tokenizer.isByteLevel = true
    tokenizer.normalizers = [
      .form(Decomposition(.nfc)),
      .replace(try TokenPattern(#"\s+"#, part: "pattern", isTrusted: true), with: [0x20]), .lowercase,
    ]
    tokenizer.steps = [
      .split(
        try TokenPattern(KnownPatterns.clip, part: "pattern", isTrusted: true), behavior: .removed,
        inverted: true)
    ]
    try tokenizer.setAdded([
      AddedToken(content: Array("<|startoftext|>".utf8), id: start, isSpecial: true),
      AddedToken(content: Array("<|endoftext|>".utf8), id: end, isSpecial: true),
    ])
    tokenizer.prefix = [start]
    tokenizer.suffix = [end]
    return tokenizer
  }
}
