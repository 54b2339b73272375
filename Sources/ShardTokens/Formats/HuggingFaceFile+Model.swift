import ShardModel

extension HuggingFaceFile {
  func model(_ node: Int, isByteLevel: Bool) throws(TokenizerError) -> Tokenizer {
    let name = try text("type", of: node, "model") ?? guessedType(node)
    if isByteLevel, name != "BPE" { throw .unsupported("model.type", "\(name) with ByteLevel") }
    let tokenizer: Tokenizer
    switch name {
    case "BPE": tokenizer = try bytePair(node, isByteLevel)
    case "WordPiece": tokenizer = try wordPiece(node)
    case "Unigram": tokenizer = try unigram(node)
    case "WordLevel":
      let vocabulary = try vocabulary(node)
      let unknown = try text("unk_token", of: node, "model").flatMap { vocabulary.id(of: $0) }
      tokenizer = Tokenizer(
        model: .wordLevel(WordLevelModel(vocabulary: vocabulary, unknown: unknown)), vocabulary: vocabulary)
    case let name: throw .unsupported("model.type", name)
    }
    tokenizer.kind = name
    return tokenizer
  }

  /// Old files do not say what they are; the members do.
  private func guessedType(_ node: Int) -> String {
    if value("merges", of: node) != nil { return "BPE" }
    if let vocabulary = value("vocab", of: node), tree.kind(vocabulary) == .array { return "Unigram" }
    return value("max_input_chars_per_word", of: node) == nil ? "WordLevel" : "WordPiece"
  }

  /// `{"token": id}`.
  private func vocabulary(_ node: Int) throws(TokenizerError) -> Vocabulary {
    guard let table = value("vocab", of: node), tree.kind(table) == .object else {
      throw TokenizerError(part: "model.vocab", message: "no object")
    }
    let vocabulary = Vocabulary()
    vocabulary.reserve((tree.next(table) - table) / 2)
    var token = Buffer<UInt8>()
    defer { token.deallocate() }
    var at = table + 1
    while at < tree.next(table) {
      tree.string(at, into: &token)
      guard let id = tree.integer(at + 1) else {
        let name = String(decoding: token.view.prefix(64), as: UTF8.self)
        throw TokenizerError(part: "model.vocab.\(name)", message: "no id")
      }
      try vocabulary.insert(token.view, id: id, part: "model.vocab")
      at = tree.next(at + 1)
    }
    return vocabulary
  }

  private func fallback(_ vocabulary: Vocabulary) -> [UInt32?] {
    let digits = Array("0123456789ABCDEF".utf8)
    return (0...255).map { byte in
      vocabulary.id(
        of: Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15]] + Array(">".utf8))
    }
  }

  // MARK: BPE

  private func bytePair(_ node: Int, _ isByteLevel: Bool) throws(TokenizerError) -> Tokenizer {
    if let dropout = value("dropout", of: node), tree.double(dropout) != 0 {
      throw .unsupported("model.dropout", "dropout, by which a text has other tokens each time,")
    }
    let vocabulary = try vocabulary(node)
    let prefix = try bytes("continuing_subword_prefix", of: node, "model") ?? []
    let suffix = try bytes("end_of_word_suffix", of: node, "model") ?? []
    guard !isByteLevel || prefix.isEmpty else {
      throw .unsupported("model.continuing_subword_prefix", "a prefix with ByteLevel")
    }
    var symbols: ByteSymbols?
    if isByteLevel {
      var table = ByteSymbols()
      for byte in 0...255 {
        let mapped = ByteLevel.mapped(UInt8(byte))
        table.ids[byte] = vocabulary.id(of: mapped) ?? ByteSymbols.none
        table.lastIDs[byte] = vocabulary.id(of: mapped + suffix) ?? ByteSymbols.none
      }
      symbols = table
    }
    let model = BytePairModel(
      vocabulary: vocabulary, pairs: try merges(node, vocabulary, prefixLength: prefix.count),
      symbols: symbols)
    if let name = try text("unk_token", of: node, "model") {
      // The reference fails at the first unknown character instead; a text is not to blame for that.
      model.unknown = vocabulary.id(of: name)
    }
    model.fusesUnknown = try flag("fuse_unk", of: node, "model")
    model.prefix = prefix
    model.suffix = suffix
    if try flag("byte_fallback", of: node, "model"), !isByteLevel {
      model.byteFallback = fallback(vocabulary)
    }
    if try flag("ignore_merges", of: node, "model") {
      model.wholeWords = isByteLevel ? try unmapped(vocabulary) : vocabulary
    }
    if isByteLevel { model.setBoundaries { add in Self.eachUnmapped(vocabulary) { add($1) } } }
    return Tokenizer(model: .bytePair(model), vocabulary: vocabulary)
  }

  /// The tokens as the bytes that they stand for.
  private func unmapped(_ vocabulary: Vocabulary) throws(TokenizerError) -> Vocabulary {
    let result = Vocabulary()
    result.reserve(vocabulary.count)
    var failure: TokenizerError?
    Self.eachUnmapped(vocabulary) { id, bytes in
      do throws(TokenizerError) { try result.insert(bytes, id: id, part: "model.vocab") } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }

  private static func eachUnmapped(
    _ vocabulary: Vocabulary, _ body: (UInt32, UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var bytes = Buffer<UInt8>()
    defer { bytes.deallocate() }
    var table = [UInt8?](repeating: nil, count: 512)
    for (byte, scalar) in ByteLevel.scalars.enumerated() { table[Int(scalar)] = UInt8(byte) }
    tokens: for id in 0..<UInt32(vocabulary.size) {
      guard let token = vocabulary[id], let base = token.baseAddress, vocabulary.id(of: token) == id else {
        continue
      }
      bytes.removeAll()
      var at = 0
      while at < token.count {
        let (scalar, length) = UTF8Text.scalar(at: base + at)
        guard scalar < 512, let byte = table[Int(scalar)] else { continue tokens }
        bytes.append(byte)
        at += length
      }
      body(id, bytes.view)
    }
  }

  /// `["a b", ...]` or `[["a", "b"], ...]`, the first the lowest rank.
  private func merges(
    _ node: Int, _ vocabulary: Vocabulary, prefixLength: Int
  ) throws(TokenizerError) -> PairTable {
    guard let list = value("merges", of: node), tree.kind(list) == .array else {
      throw TokenizerError(part: "model.merges", message: "no list")
    }
    let table = PairTable(capacity: min(tree.next(list) - list, PairTable.maximumCount))
    var text = Buffer<UInt8>()
    var whole = Buffer<UInt8>()
    defer {
      text.deallocate()
      whole.deallocate()
    }
    var rank: UInt32 = 0
    var at = list + 1
    while at < tree.next(list) {
      func fail(_ message: String) -> TokenizerError {
        TokenizerError(part: "model.merges[\(rank)]", message: message)
      }
      guard table.count < PairTable.maximumCount, rank < PairTable.maximumCount else {
        throw fail("more than \(PairTable.maximumCount) merges")
      }
      let cut = try pair(at, into: &text, fail)
      let left = UnsafeBufferPointer(rebasing: text.view[..<cut])
      let right = UnsafeBufferPointer(rebasing: text.view[(cut + 1)...])
      guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right) else {
        throw fail("a part that is no token")
      }
      guard right.count >= prefixLength else { throw fail("a part shorter than the prefix") }
      whole.removeAll()
      whole.append(bytes: left)
      whole.append(bytes: UnsafeBufferPointer(rebasing: right[prefixLength...]))
      guard let id = vocabulary.id(of: whole.view) else { throw fail("makes no token") }
      table.insert(leftID, rightID, rank: rank, into: id)
      rank += 1
      at = tree.next(at)
    }
    return table
  }

  /// Both parts of a merge with one byte between; where that is.
  private func pair(
    _ node: Int, into text: inout Buffer<UInt8>, _ fail: (String) -> TokenizerError
  ) throws(TokenizerError) -> Int {
    if tree.isString(node) {
      tree.string(node, into: &text)
      guard let cut = text.view.firstIndex(of: 0x20), text.view[(cut + 1)...].firstIndex(of: 0x20) == nil
      else {
        throw fail("not two parts")
      }
      return cut
    }
    guard tree.kind(node) == .array, tree.next(node) == node + 3, tree.isString(node + 1),
      tree.isString(node + 2)
    else { throw fail("not two parts") }
    text.removeAll()
    let left = tree.string(node + 1)
    text.append(contentsOf: left)
    text.append(0x20)
    text.append(contentsOf: tree.string(node + 2))
    return left.count
  }

  // MARK: WordPiece and Unigram

  private func wordPiece(_ node: Int) throws(TokenizerError) -> Tokenizer {
    let vocabulary = try vocabulary(node)
    guard let unknown = vocabulary.id(of: try text("unk_token", of: node, "model") ?? "[UNK]") else {
      throw TokenizerError(part: "model.unk_token", message: "not in the vocabulary")
    }
    let model = try WordPieceModel(
      vocabulary: vocabulary,
      prefix: try bytes("continuing_subword_prefix", of: node, "model") ?? Array("##".utf8),
      unknown: unknown,
      maximumCharacters: Int(try number("max_input_chars_per_word", of: node, "model") ?? 100))
    return Tokenizer(model: .wordPiece(model), vocabulary: vocabulary)
  }

  /// `[["token", score], ...]`; an id is a place in the list.
  private func unigram(_ node: Int) throws(TokenizerError) -> Tokenizer {
    let vocabulary = Vocabulary()
    var scores: [Double] = []
    var token = Buffer<UInt8>()
    defer { token.deallocate() }
    for item in try elements("vocab", of: node, "model") {
      let part = "model.vocab[\(scores.count)]"
      guard tree.kind(item) == .array, tree.next(item) == item + 3, tree.isString(item + 1),
        let score = tree.double(item + 2), score.isFinite
      else { throw TokenizerError(part: part, message: "not a token and its score") }
      guard scores.count <= Vocabulary.maximumIdentifier else {
        throw TokenizerError(part: part, message: "more than \(Vocabulary.maximumIdentifier) tokens")
      }
      tree.string(item + 1, into: &token)
      try vocabulary.insert(token.view, id: UInt32(scores.count), part: part)
      scores.append(score)
    }
    let unknown = try number("unk_id", of: node, "model")
    if let unknown, unknown >= scores.count {
      throw TokenizerError(part: "model.unk_id", message: "beyond the vocabulary")
    }
    let bytes = try flag("byte_fallback", of: node, "model") ? fallback(vocabulary) : nil
    let model = try UnigramModel(
      vocabulary: vocabulary, scores: scores, unknown: unknown, byteFallback: bytes)
    return Tokenizer(model: .unigram(model), vocabulary: vocabulary)
  }
}
