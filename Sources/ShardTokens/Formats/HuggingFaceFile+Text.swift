import ShardModel

extension HuggingFaceFile {
  /// What a pre-tokenizer becomes.
  struct Cuts {
    var steps: [PreTokenizerStep] = []
    /// Words are bytes; no step can follow.
    var isByteLevel = false
  }

  // MARK: Normalizer

  func normalizer(_ node: Int, _ part: String, _ steps: inout [Normalizer]) throws(TokenizerError) {
    guard steps.count < Self.maximumSteps else {
      throw .unsupported(part, "more than \(Self.maximumSteps) steps")
    }
    switch try type(of: node, part) {
    case "Sequence":
      for (index, child) in try elements("normalizers", of: node, part).enumerated() {
        try normalizer(child, "\(part).normalizers[\(index)]", &steps)
      }
    case "NFC": steps.append(.form(Decomposition(.nfc)))
    case "NFD": steps.append(.form(Decomposition(.nfd)))
    case "NFKC": steps.append(.form(Decomposition(.nfkc)))
    case "NFKD": steps.append(.form(Decomposition(.nfkd)))
    case "Lowercase": steps.append(.lowercase)
    case "StripAccents": steps.append(.stripAccents(onlyNonspacing: false))
    case "Nmt": steps.append(.nmt)
    case "Strip":
      steps.append(
        .strip(
          left: try flag("strip_left", of: node, part, default: true),
          right: try flag("strip_right", of: node, part, default: true)))
    case "Prepend": steps.append(.prepend(try bytes("prepend", of: node, part) ?? []))
    case "Replace":
      let content = try bytes("content", of: node, part) ?? []
      switch try pattern(of: node, part) {
      case .literal(let old): steps.append(.replaceLiteral(old, with: content))
      case .expression(let source):
        steps.append(
          .replace(
            try TokenPattern(source, part: "\(part).pattern", isTrusted: KnownPatterns.isTrusted(source)),
            with: content
          ))
      }
    case "Precompiled":
      guard let map = try bytes("precompiled_charsmap", of: node, part) else { return }
      guard let bytes = Base64.decoded(map) else {
        throw TokenizerError(part: "\(part).precompiled_charsmap", message: "not base64")
      }
      if !bytes.isEmpty {
        steps.append(.precompiled(try PrecompiledMap(bytes, part: "\(part).precompiled_charsmap")))
      }
    case "BertNormalizer": try bert(node, part, &steps)
    case let type: throw .unsupported("\(part).type", type)
    }
  }

  private func bert(_ node: Int, _ part: String, _ steps: inout [Normalizer]) throws(TokenizerError) {
    let lowercases = try flag("lowercase", of: node, part, default: true)
    if try flag("clean_text", of: node, part, default: true) { steps.append(.bertClean) }
    if try flag("handle_chinese_chars", of: node, part, default: true) { steps.append(.bertIdeographs) }
    if try flag("strip_accents", of: node, part, default: lowercases) {
      steps.append(.form(Decomposition(.nfd)))
      steps.append(.stripAccents(onlyNonspacing: true))
    }
    if lowercases { steps.append(.lowercase) }
  }

  private enum PatternSource {
    case literal([UInt8])
    case expression(String)
  }

  private func pattern(of node: Int, _ part: String) throws(TokenizerError) -> PatternSource {
    let part = "\(part).pattern"
    guard let pattern = value("pattern", of: node) else {
      throw TokenizerError(part: part, message: "missing")
    }
    if tree.isString(pattern) { return .literal(tree.string(pattern)) }
    if let text = try bytes("String", of: pattern, part) { return .literal(text) }
    if let text = try text("Regex", of: pattern, part) { return .expression(text) }
    throw TokenizerError(part: part, message: "neither String nor Regex")
  }

  // MARK: Pre-tokenizer

  func preTokenizer(_ node: Int, _ part: String, _ cuts: inout Cuts) throws(TokenizerError) {
    guard cuts.steps.count < Self.maximumSteps else {
      throw .unsupported(part, "more than \(Self.maximumSteps) steps")
    }
    let type = try type(of: node, part)
    guard !cuts.isByteLevel else { throw .unsupported("\(part).type", "\(type) behind ByteLevel") }
    func append(
      _ source: String, _ behavior: PreTokenizerStep.Behavior, inverted: Bool = false, isTrusted: Bool = true
    ) throws(TokenizerError) {
      cuts.steps.append(
        .split(
          try TokenPattern(source, part: part, isTrusted: isTrusted), behavior: behavior, inverted: inverted))
    }
    switch type {
    case "Sequence":
      for (index, child) in try elements("pretokenizers", of: node, part).enumerated() {
        try preTokenizer(child, "\(part).pretokenizers[\(index)]", &cuts)
      }
    case "ByteLevel":
      if try flag("add_prefix_space", of: node, part, default: true) { cuts.steps.append(.prefixSpace) }
      if try flag("use_regex", of: node, part, default: true) { try append(KnownPatterns.gpt2, .isolated) }
      cuts.isByteLevel = true
    case "Whitespace": try append(KnownPatterns.whitespace, .removed, inverted: true)
    case "WhitespaceSplit": try append(#"\s+"#, .removed)
    case "BertPreTokenizer": cuts.steps.append(.bert)
    case "Punctuation": try append(KnownPatterns.punctuation, try behavior(of: node, part) ?? .isolated)
    case "Digits":
      try append(try flag("individual_digits", of: node, part) ? #"\p{N}"# : #"\p{N}+"#, .isolated)
    case "CharDelimiterSplit":
      try append(PatternSyntax.literal(try bytes("delimiter", of: node, part) ?? []), .removed)
    case "Metaspace": cuts.steps.append(try metaspace(node, part))
    case "Split":
      let behavior = try behavior(of: node, part) ?? .isolated
      let inverted = try flag("invert", of: node, part)
      switch try pattern(of: node, part) {
      case .literal(let text): try append(PatternSyntax.literal(text), behavior, inverted: inverted)
      case .expression(let source):
        try append(source, behavior, inverted: inverted, isTrusted: KnownPatterns.isTrusted(source))
      }
    default: throw .unsupported("\(part).type", type)
    }
  }

  private func behavior(of node: Int, _ part: String) throws(TokenizerError) -> PreTokenizerStep.Behavior? {
    guard let name = try text("behavior", of: node, part) else { return nil }
    switch name {
    case "Removed": return .removed
    case "Isolated": return .isolated
    case "MergedWithPrevious": return .mergedWithPrevious
    case "MergedWithNext": return .mergedWithNext
    case "Contiguous": return .contiguous
    default: throw .unsupported("\(part).behavior", name)
    }
  }

  private func metaspace(_ node: Int, _ part: String) throws(TokenizerError) -> PreTokenizerStep {
    let mark = try bytes("replacement", of: node, part) ?? Array("▁".utf8)
    guard !mark.isEmpty else { throw TokenizerError(part: "\(part).replacement", message: "empty") }
    var prepend = PreTokenizerStep.Prepend.always
    switch try text("prepend_scheme", of: node, part) {
    case "always", nil: if try !flag("add_prefix_space", of: node, part, default: true) { prepend = .never }
    case "first": prepend = .first
    case "never": prepend = .never
    case let name?: throw .unsupported("\(part).prepend_scheme", name)
    }
    return .metaspace(mark: mark, prepend: prepend, splits: try flag("split", of: node, part, default: true))
  }
}
