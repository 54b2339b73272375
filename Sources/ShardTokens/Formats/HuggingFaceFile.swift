import ShardModel

/// Reads `tokenizer.json` of Hugging Face's `tokenizers`. What is not known is refused, and named by where it stands.
///
/// `truncation` and `padding` are passed over: what is counted is the text, not what a trainer makes of it.
struct HuggingFaceFile: ~Copyable {
  let tree: JSONTree

  static func load(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Tokenizer {
    let file = HuggingFaceFile(tree: try JSONTree(bytes))
    return try file.tokenizer()
  }

  /// Steps of a normalizer or a pre-tokenizer, in all.
  static let maximumSteps = 64

  private func tokenizer() throws(TokenizerError) -> Tokenizer {
    guard tree.kind(0) == .object, let model = tree.member("model", of: 0) else {
      throw TokenizerError(part: "model", message: "missing")
    }
    var normalizers: [Normalizer] = []
    if let node = value("normalizer", of: 0) { try normalizer(node, "normalizer", &normalizers) }
    var cuts = Cuts()
    if let node = value("pre_tokenizer", of: 0) { try preTokenizer(node, "pre_tokenizer", &cuts) }
    let added = try addedTokens()
    let tokenizer = try self.model(model, isByteLevel: cuts.isByteLevel)
    tokenizer.normalizers = normalizers
    tokenizer.steps = cuts.steps
    tokenizer.isByteLevel = cuts.isByteLevel
    let mark = Array("▁".utf8)
    if case .bytePair(let model) = tokenizer.model, cuts.steps.isEmpty, model.neverMerges(across: mark) {
      tokenizer.steps.append(.cutBefore(mark: mark))
    }
    try tokenizer.setAdded(added)
    if let node = value("post_processor", of: 0) { try postProcessor(node, "post_processor", tokenizer) }
    return tokenizer
  }

  // MARK: Values

  /// A member that is there and not null.
  func value(_ name: StaticString, of object: Int) -> Int? {
    guard let node = tree.member(name, of: object), tree.kind(node) != .null else { return nil }
    return node
  }

  func bytes(_ name: StaticString, of object: Int, _ part: String) throws(TokenizerError) -> [UInt8]? {
    guard let node = value(name, of: object) else { return nil }
    guard tree.isString(node) else { throw TokenizerError(part: "\(part).\(name)", message: "not a string") }
    return tree.string(node)
  }

  func text(_ name: StaticString, of object: Int, _ part: String) throws(TokenizerError) -> String? {
    try bytes(name, of: object, part).map { String(decoding: $0, as: UTF8.self) }
  }

  func flag(
    _ name: StaticString, of object: Int, _ part: String, default missing: Bool = false
  ) throws(TokenizerError) -> Bool {
    guard let node = value(name, of: object) else { return missing }
    guard tree.kind(node) == .boolean else {
      throw TokenizerError(part: "\(part).\(name)", message: "neither true nor false")
    }
    return tree.raw(node).first == UInt8(ascii: "t")
  }

  func number(_ name: StaticString, of object: Int, _ part: String) throws(TokenizerError) -> UInt32? {
    guard let node = value(name, of: object) else { return nil }
    guard let number = tree.integer(node) else {
      throw TokenizerError(part: "\(part).\(name)", message: "not a whole number below a thousand million")
    }
    return number
  }

  /// The values of a list.
  func elements(_ name: StaticString, of object: Int, _ part: String) throws(TokenizerError) -> [Int] {
    guard let node = value(name, of: object), tree.kind(node) == .array else {
      throw TokenizerError(part: "\(part).\(name)", message: "no list")
    }
    var result: [Int] = []
    var at = node + 1
    while at < tree.next(node) {
      result.append(at)
      at = tree.next(at)
    }
    return result
  }

  func type(of node: Int, _ part: String) throws(TokenizerError) -> String {
    guard let type = try text("type", of: node, part) else {
      throw TokenizerError(part: "\(part).type", message: "missing")
    }
    return type
  }

  // MARK: Added tokens

  private func addedTokens() throws(TokenizerError) -> AddedTokenList {
    guard value("added_tokens", of: 0) != nil else { return [] }
    var tokens: AddedTokenList = []
    for (index, node) in try elements("added_tokens", of: 0, "").enumerated() {
      let part = "added_tokens[\(index)]"
      guard let content = try bytes("content", of: node, part), let id = try number("id", of: node, part)
      else {
        throw TokenizerError(part: part, message: "no content or id")
      }
      guard id <= Vocabulary.maximumIdentifier else {
        throw TokenizerError(
          part: part, message: "the id \(id) is larger than \(Vocabulary.maximumIdentifier)")
      }
      tokens.append(
        AddedToken(
          content: content, id: id,
          isSpecial: try flag("special", of: node, part),
          isSingleWord: try flag("single_word", of: node, part),
          stripsLeft: try flag("lstrip", of: node, part),
          stripsRight: try flag("rstrip", of: node, part),
          isNormalized: try flag("normalized", of: node, part)))
    }
    return tokens
  }

  // MARK: Post-processor

  /// The tokens put before and behind one text; what moves offsets alone counts nothing.
  private func postProcessor(_ node: Int, _ part: String, _ tokenizer: Tokenizer) throws(TokenizerError) {
    switch try type(of: node, part) {
    case "ByteLevel": return
    case "BertProcessing", "RobertaProcessing":
      tokenizer.prefix.append(try pairedID("cls", of: node, part))
      tokenizer.suffix.append(try pairedID("sep", of: node, part))
    case "TemplateProcessing": try template(node, part, tokenizer)
    case "Sequence":
      for (index, child) in try elements("processors", of: node, part).prefix(Self.maximumSteps).enumerated()
      {
        let part = "\(part).processors[\(index)]"
        guard try type(of: child, part) != "Sequence" else {
          throw .unsupported(part, "a sequence in a sequence")
        }
        try postProcessor(child, part, tokenizer)
      }
    case let type: throw .unsupported("\(part).type", type)
    }
  }

  /// The id of `["[SEP]", 102]`.
  private func pairedID(_ name: StaticString, of node: Int, _ part: String) throws(TokenizerError) -> UInt32 {
    let values = try elements(name, of: node, part)
    guard values.count == 2, let id = tree.integer(values[1]) else {
      throw TokenizerError(part: "\(part).\(name)", message: "not a token and its id")
    }
    return id
  }

  private func template(_ node: Int, _ part: String, _ tokenizer: Tokenizer) throws(TokenizerError) {
    var isBehind = false
    for item in try elements("single", of: node, part) {
      if value("Sequence", of: item) != nil {
        guard !isBehind else { throw .unsupported("\(part).single", "a text that comes twice") }
        isBehind = true
        continue
      }
      guard let special = value("SpecialToken", of: item), let name = try bytes("id", of: special, part)
      else {
        throw .unsupported("\(part).single", "an item that is neither text nor special token")
      }
      let ids = try specialIDs(name, of: node, part)
      if isBehind { tokenizer.suffix += ids } else { tokenizer.prefix += ids }
    }
  }

  private func specialIDs(_ name: [UInt8], of node: Int, _ part: String) throws(TokenizerError) -> [UInt32] {
    guard let table = value("special_tokens", of: node), tree.kind(table) == .object else {
      throw TokenizerError(part: "\(part).special_tokens", message: "missing")
    }
    var at = table + 1
    while at < tree.next(table) {
      if tree.string(at) == name {
        var ids: [UInt32] = []
        for id in try elements("ids", of: at + 1, "\(part).special_tokens") {
          guard let id = tree.integer(id) else {
            throw TokenizerError(part: "\(part).special_tokens", message: "an id that is no whole number")
          }
          ids.append(id)
        }
        return ids
      }
      at = tree.next(at + 1)
    }
    throw TokenizerError(
      part: "\(part).special_tokens", message: "no \(String(decoding: name, as: UTF8.self))")
  }
}
