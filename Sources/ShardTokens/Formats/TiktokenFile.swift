import ShardModel

/// Reads a rank file of tiktoken: lines of a token in base64, a space, and its rank. The pattern and the special tokens
/// are not in the file; they follow from the encoding.
enum TiktokenFile {
  static let maximumTokenLength = 1 << 12

  /// Whether the bytes begin like one.
  static func isLikely(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    return (try? line(bytes, &at, 1) { _, _ in true }) ?? false
  }

  static func load(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws(TokenizerError) -> Tokenizer {
    let vocabulary = Vocabulary()
    // Fewer bytes than "AA== 1" a line are rare.
    vocabulary.reserve(min(bytes.count / 12, 1 << 18))
    var at = 0
    var number = 0
    var ranks = 0
    while at < bytes.count {
      number += 1
      if bytes[at] == UInt8(ascii: "\n") {
        at += 1
        continue
      }
      try line(bytes, &at, number) { token, rank throws(TokenizerError) in
        try vocabulary.insert(token, id: rank, part: "line \(number)")
      }
      ranks += 1
    }
    guard let encoding = TiktokenEncoding.named(name) ?? TiktokenEncoding.holding(ranks) else {
      throw .unsupported(
        "encoding",
        "\(name) with \(ranks) ranks; its pattern is not known, so name the file by its encoding, which")
    }
    return try tokenizer(vocabulary, encoding)
  }

  private static func tokenizer(
    _ vocabulary: Vocabulary, _ encoding: TiktokenEncoding
  ) throws(TokenizerError) -> Tokenizer {
    var symbols = ByteSymbols()
    for byte in 0...255 {
      guard let id = vocabulary.id(of: [UInt8(byte)]) else {
        throw TokenizerError(part: "ranks", message: "no rank for the byte \(byte)")
      }
      symbols.ids[byte] = id
    }
    symbols.lastIDs = symbols.ids
    let model = BytePairModel(vocabulary: vocabulary, pairs: splits(of: vocabulary), symbols: symbols)
    model.wholeWords = vocabulary
    model.setBoundaries { add in
      for id in 0..<UInt32(vocabulary.size) {
        if let token = vocabulary[id] { add(token) }
      }
    }
    var added = AddedTokenList()
    for (text, id) in encoding.specials {
      // Safe in meaning: a special token is met only where it is asked for.
      added.append(
        AddedToken(
          content: Array(text.utf8), id: id, isSpecial: true, isNormalized: encoding.normalizes))
    }
    let tokenizer = Tokenizer(model: .bytePair(model), vocabulary: vocabulary)
    tokenizer.kind = "tiktoken \(encoding.name)"
    if encoding.normalizes { tokenizer.normalizers = [.form(Decomposition(.nfc, isPythons: true))] }
    tokenizer.steps = [
      .split(
        try TokenPattern(encoding.pattern, part: "encoding", isTrusted: true), behavior: .isolated,
        inverted: false)
    ]
    try tokenizer.setAdded(added)
    return tokenizer
  }

  /// Each token made of two others, whatever their ranks: tiktoken merges two neighbours wherever what they are together
  /// has a rank.
  /// - Complexity: O(bytes of all tokens), in look-ups.
  private static func splits(of vocabulary: Vocabulary) -> PairTable {
    let table = PairTable(capacity: min(vocabulary.count * 3, PairTable.maximumCount))
    for id in 0..<UInt32(vocabulary.size) {
      guard let token = vocabulary[id], token.count > 1, vocabulary.id(of: token) == id else { continue }
      for cut in 1..<token.count {
        guard table.count < PairTable.maximumCount,
          let left = vocabulary.id(of: UnsafeBufferPointer(rebasing: token[..<cut])),
          let right = vocabulary.id(of: UnsafeBufferPointer(rebasing: token[cut...]))
        else { continue }
        table.insert(left, right, rank: id, into: id)
      }
    }
    return table
  }

  /// One line: its token and rank, and the position behind it.
  private static func line<Result>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ number: Int,
    _ body: (UnsafeBufferPointer<UInt8>, UInt32) throws(TokenizerError) -> Result
  ) throws(TokenizerError) -> Result {
    func fail(_ message: String) -> TokenizerError {
      TokenizerError(part: "line \(number)", message: message)
    }
    var token = Buffer<UInt8>()
    defer { token.deallocate() }
    var bits: UInt32 = 0
    var count = 0
    while at < bytes.count, let value = Base64.digit(bytes[at]) {
      bits = bits << 6 | value
      count += 1
      at += 1
      if count % 4 == 0 {
        token.append(UInt8(truncatingIfNeeded: bits >> 16))
        token.append(UInt8(truncatingIfNeeded: bits >> 8))
        token.append(UInt8(truncatingIfNeeded: bits))
      }
      guard token.count <= maximumTokenLength else {
        throw fail("a token of more than \(maximumTokenLength) bytes")
      }
    }
    let rest = count % 4
    var padding = 0
    while padding < 2, at < bytes.count, bytes[at] == UInt8(ascii: "=") {
      padding += 1
      at += 1
    }
    guard count > 0, rest != 1, padding == (4 - rest) % 4 else { throw fail("not a token in base64") }
    if rest == 2 { token.append(UInt8(truncatingIfNeeded: bits >> 4)) }
    if rest == 3 {
      token.append(UInt8(truncatingIfNeeded: bits >> 10))
      token.append(UInt8(truncatingIfNeeded: bits >> 2))
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: " ") else { throw fail("no space behind the token") }
    at += 1
    var rank: UInt32 = 0
    let start = at
    while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9"), at - start < 9 {
      rank = rank * 10 + UInt32(bytes[at] - UInt8(ascii: "0"))
      at += 1
    }
    guard at > start else { throw fail("no rank") }
    if at < bytes.count, bytes[at] == UInt8(ascii: "\r") { at += 1 }
    guard at == bytes.count || bytes[at] == UInt8(ascii: "\n") else {
      throw fail("more than a token and a rank")
    }
    if at < bytes.count { at += 1 }
    return try body(token.view, rank)
  }
}
