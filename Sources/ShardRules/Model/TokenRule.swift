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

  package init() {}

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
