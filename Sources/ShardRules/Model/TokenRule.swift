import ShardModel

/// What is said about fields of token ids and what a trainer does with them. Nil: the default of the field's name, or
/// nothing is demanded.
package struct TokenRule: Sendable, Equatable {
  /// What the labels beside token ids are.
  package enum Labels: String, Sendable, CaseIterable {
    /// What nearly all records say.
    case auto
    /// The ids themselves, or the ignored value: next-token prediction.
    case ids
    /// A class for each token.
    case classes
    /// A sequence of its own, as of an encoder and decoder.
    case targets
  }

  /// How a conversation is written for a model; see `ChatTemplate` of the checks.
  package enum Template: String, Sendable, CaseIterable {
    case chatML = "chatml"
    case llama2, llama3, vicuna, mistral, plain
  }

  /// A trainer whose code decides which tokens carry labels.
  package enum TrainerName: String, Sendable, CaseIterable {
    case monkey
    case textMonkey = "textmonkey"
    case qwenVL = "qwen-vl"
    case llava
  }

  /// A field by its name (`input_ids`) or its path (`sample.input_ids`).
  package var ids: String?
  package var labels: String?
  package var attentionMask: String?
  package var tokenTypes: String?
  package var positions: String?
  package var labelsAre: Labels?
  /// The label that carries no loss, -100.
  package var ignored: Int?
  /// Whether the model predicts the label at i + 1 from the ids up to i, so that the first label is never used.
  package var isShifted: Bool?
  /// Whether a mask may number the documents of a packed sequence (1, 1, 2, 2, 2, 0).
  package var isPacked: Bool?
  /// Tokens of a sequence that training keeps, at least 1.
  package var maxTokens: Int?
  /// Rows of the embedding, at least 1: ids are below it.
  package var vocabularySize: Int?

  /// The tokenizer's file, or `auto`: the one beside the data.
  package var tokenizer: String?
  package var template: Template?
  /// Counts for more than `template`.
  package var trainer: TrainerName?
  package var imageTokens: ImageTokens?
  /// Globs of the paths of texts that are trained on, beside captions and conversations.
  package var texts: [String] = []

  package init() {}

  /// Takes what the other rule says over what this one says, key by key.
  package mutating func refine(with later: TokenRule) {
    ids = later.ids ?? ids
    labels = later.labels ?? labels
    attentionMask = later.attentionMask ?? attentionMask
    tokenTypes = later.tokenTypes ?? tokenTypes
    positions = later.positions ?? positions
    labelsAre = later.labelsAre ?? labelsAre
    ignored = later.ignored ?? ignored
    isShifted = later.isShifted ?? isShifted
    isPacked = later.isPacked ?? isPacked
    maxTokens = later.maxTokens ?? maxTokens
    vocabularySize = later.vocabularySize ?? vocabularySize
    tokenizer = later.tokenizer ?? tokenizer
    // The trainer's own template and pictures give way to those that are named after it.
    if later.template != nil, later.trainer == nil { trainer = nil }
    template = later.template ?? template
    trainer = later.trainer ?? trainer
    imageTokens = later.imageTokens ?? imageTokens
    if !later.texts.isEmpty { texts = later.texts }
  }

  /// The most tokens or ids that can be demanded: counts stay exact as doubles.
  package static let largest = 1 << 48

  package func encode(into writer: inout ByteWriter) {
    for name in [ids, labels, attentionMask, tokenTypes, positions] {
      writer.write(optional: name) { $0.write($1) }
    }
    writer.write(optional: labelsAre) { $0.write($1.rawValue) }
    for number in [ignored, maxTokens, vocabularySize] {
      writer.write(optional: number) { $0.write($1) }
    }
    for isOn in [isShifted, isPacked] { writer.write(optional: isOn) { $0.write($1) } }
    for text in [tokenizer, template?.rawValue, trainer?.rawValue, imageTokens?.text] {
      writer.write(optional: text) { $0.write($1) }
    }
    writer.write(list: texts) { $0.write($1) }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    ids = try reader.optionalString()
    labels = try reader.optionalString()
    attentionMask = try reader.optionalString()
    tokenTypes = try reader.optionalString()
    positions = try reader.optionalString()
    labelsAre = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    ignored = try reader.optionalInt()
    maxTokens = try reader.optionalInt()
    vocabularySize = try reader.optionalInt()
    isShifted = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    isPacked = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    tokenizer = try reader.optionalString()
    template = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    trainer = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    imageTokens = try reader.optional { reader throws(DecodingFailure) in
      guard let tokens = ImageTokens(try reader.readString()) else {
        throw DecodingFailure("unknown cost of pictures")
      }
      return tokens
    }
    texts = try reader.list { reader throws(DecodingFailure) in try reader.readString() }
    for limit in [maxTokens, vocabularySize] {
      guard limit.map({ (1...Self.largest).contains($0) }) ?? true else {
        throw DecodingFailure("limit of tokens out of range")
      }
    }
    guard ignored.map({ (-Self.largest...Self.largest).contains($0) }) ?? true else {
      throw DecodingFailure("ignored label out of range")
    }
  }
}

extension ByteReader {
  fileprivate mutating func optionalString() throws(DecodingFailure) -> String? {
    try optional { reader throws(DecodingFailure) in try reader.readString() }
  }

  fileprivate mutating func optionalInt() throws(DecodingFailure) -> Int? {
    try optional { reader throws(DecodingFailure) in try reader.readInt() }
  }
}
