import ShardModel

/// A tokenizer as its file gives it: the same tokens as the program that the file was made for.
///
/// Immutable once loaded, and shared between threads; each thread counts through a `TokenCounter` of its own.
package final class Tokenizer: @unchecked Sendable {
  /// Larger files are refused.
  package static let maximumBytes = 1 << 28

  /// What the file is, in a few words: `tiktoken cl100k_base`, `BPE`.
  package internal(set) var kind = ""
  /// Tokens that the model's own template puts before and behind one text, such as `[CLS]` and `[SEP]`.
  package internal(set) var prefix: [UInt32] = []
  package internal(set) var suffix: [UInt32] = []

  let model: TokenModel
  let vocabulary: Vocabulary
  /// Where the model is a SentencePiece file, which does everything itself.
  let sentencePiece: SentencePieceModel?
  var normalizers: [Normalizer] = []
  var steps: [PreTokenizerStep] = []
  /// Bytes were mapped to characters in the vocabulary (GPT-2).
  var isByteLevel = false
  private(set) var added: AddedTokenList = []
  /// Looked for in the text as it is, and in the normalized text.
  private(set) var rawMatcher: AddedTokenMatcher?
  private(set) var normalizedMatcher: AddedTokenMatcher?
  private var addedByID: [UInt32: Int] = [:]
  private var addedByContent: [[UInt8]: UInt32] = [:]

  init(model: TokenModel, vocabulary: Vocabulary, sentencePiece: SentencePieceModel? = nil) {
    self.model = model
    self.vocabulary = vocabulary
    self.sentencePiece = sentencePiece
  }

  /// - Precondition: the normalizers are set, as some tokens are looked for in the normalized text.
  func setAdded(_ tokens: AddedTokenList) throws(TokenizerError) {
    added = tokens
    for (index, token) in tokens.enumerated() {
      addedByID[token.id] = index
      addedByContent[token.content] = token.id
    }
    rawMatcher = try AddedTokenMatcher(tokens.filter { !$0.isNormalized })
    let later = tokens.filter(\.isNormalized)
    guard !later.isEmpty else { return }
    let counter = TokenCounter(self)
    normalizedMatcher = try AddedTokenMatcher(
      later.map { token in
        var token = token
        token.content = counter.normalized(token.content)
        return token
      })
  }

  /// Reads a tokenizer's file: `tokenizer.json`, a `.tiktoken` rank file, a SentencePiece `.model` or CLIP's merges
  /// (unpacked), told apart by what they hold.
  ///
  /// - Parameter name: of the file; by it, or by the number of its ranks, the encoding of a rank file is known.
  /// - Complexity: O(bytes), and O(n log n) in tokens for WordPiece and Unigram.
  package static func load(_ bytes: UnsafeRawBufferPointer, name: String) throws(TokenizerError) -> Tokenizer
  {
    let bytes = bytes.assumingMemoryBound(to: UInt8.self)
    guard bytes.count <= maximumBytes else {
      throw TokenizerError(part: "file", message: "more than \(maximumBytes) bytes")
    }
    guard let first = bytes.first(where: { !ScalarClass.isSpace(UInt32($0)) }) else {
      throw TokenizerError(part: "file", message: "empty")
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw TokenizerError(part: "file", message: "packed with gzip; unpack it first")
    }
    if first == UInt8(ascii: "{") { return try HuggingFaceFile.load(bytes) }
    if ClipFile.isLikely(bytes) { return try ClipFile.load(bytes) }
    if TiktokenFile.isLikely(bytes) { return try TiktokenFile.load(bytes, name: name) }
    if SentencePieceFile.isLikely(bytes) { return try SentencePieceFile.load(bytes) }
    throw TokenizerError(
      part: "file",
      message: "neither tokenizer.json nor a tiktoken rank file, SentencePiece model or CLIP's merges")
  }

  package static func load(_ bytes: [UInt8], name: String) throws(TokenizerError) -> Tokenizer {
    let result = bytes.withUnsafeBytes { buffer -> Result<Tokenizer, TokenizerError> in
      do throws(TokenizerError) { return .success(try load(buffer, name: name)) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// One more than the largest id: the least number of rows that the model's embedding has.
  package var vocabularySize: Int {
    max(
      vocabulary.size, Int((added.map(\.id).max() ?? 0) + (added.isEmpty ? 0 : 1)), sentencePiece?.size ?? 0)
  }

  /// The token that stands for what the vocabulary does not have; nil where every text can be written.
  package var unknown: UInt32? { sentencePiece.map(\.unknown) ?? model.unknown }

  /// The special tokens and what they look like, by id.
  package var specialTokens: [(text: String, id: UInt32)] {
    added.filter(\.isSpecial).sorted { $0.id < $1.id }.map {
      (String(decoding: $0.content, as: UTF8.self), $0.id)
    }
  }

  /// The id of a token by what it looks like, special ones first: `id(of: "<|im_end|>")`.
  package func id(of token: String) -> UInt32? {
    if let id = addedByContent[Array(token.utf8)] { return id }
    if let sentencePiece { return sentencePiece.id(of: token) }
    return isByteLevel ? vocabulary.id(of: ByteLevel.mapped(Array(token.utf8))) : vocabulary.id(of: token)
  }

  /// The bytes that a token stands for, as far as it stands for bytes; nil for no id of the vocabulary.
  package func piece(_ id: UInt32) -> [UInt8]? {
    if let index = addedByID[id] { return added[index].content }
    if let sentencePiece { return sentencePiece.piece(id) }
    guard let token = vocabulary[id] else { return nil }
    return isByteLevel ? ByteLevel.unmapped(Array(token)) ?? Array(token) : Array(token)
  }
}
