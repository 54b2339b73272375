import ShardModel

/// Reads a SentencePiece `.model`: a message of Protocol Buffers (`sentencepiece_model.proto`).
///
/// The library trusts the double-array trie of the normalizer, so that is looked through first: a damaged file must not
/// make it read beyond its memory.
enum SentencePieceFile {
  /// Whether the bytes begin with a piece, the first field of the message.
  static func isLikely(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count > 4, bytes.first == 0x0A else { return false }
    var reader = ProtobufReader(bytes)
    guard let field = reader.next(), case .bytes(let piece) = field.value else { return false }
    var inner = ProtobufReader(piece)
    return inner.next()?.number == 1
  }

  static func load(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Tokenizer {
    try check(bytes)
    let model = try SentencePieceModel(bytes)
    guard model.size > 0, model.size <= Int(Vocabulary.maximumIdentifier) else {
      throw TokenizerError(part: "pieces", message: "\(model.size) of them")
    }
    let vocabulary = Vocabulary()
    let tokenizer = Tokenizer(
      model: .wordLevel(WordLevelModel(vocabulary: vocabulary, unknown: nil)), vocabulary: vocabulary,
      sentencePiece: model)
    tokenizer.kind = "SentencePiece"
    try tokenizer.setAdded(
      model.controls.map { AddedToken(content: model.piece($0) ?? [], id: $0, isSpecial: true) })
    return tokenizer
  }

  private static func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(bytes)
    var end = 0
    while let field = reader.next() {
      end = reader.position
      // `normalizer_spec` and `denormalizer_spec`.
      guard field.number == 3 || field.number == 5, case .bytes(let spec) = field.value else { continue }
      var inner = ProtobufReader(spec)
      while let part = inner.next() {
        guard part.number == 2, case .bytes(let map) = part.value, !map.isEmpty else { continue }
        guard isSound(map) else {
          throw TokenizerError(part: "normalizer_spec.precompiled_charsmap", message: "damaged")
        }
      }
    }
    guard end == bytes.count else {
      throw TokenizerError(part: "byte \(end)", message: "not a SentencePiece model")
    }
  }

  /// Whether no step from any unit of the trie leaves it, and no value leaves the replacements.
  private static func isSound(_ map: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(map)
    guard raw.count > 4 else { return false }
    let size = Int(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
    guard size >= 1024, size % 1024 == 0, size < raw.count - 4 else { return false }
    let replacements = raw.count - 4 - size
    for index in 0..<size / 4 {
      let unit = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 + index * 4, as: UInt32.self))
      if unit >> 31 == 1 {
        guard Int(unit & (1 << 31 - 1)) < replacements else { return false }
      } else {
        let place = index ^ Int((unit >> 10) << ((unit & 1 << 9) >> 6))
        guard place | 0xFF < size / 4 else { return false }
      }
    }
    return true
  }
}

/// Steps through the fields of a message (Protocol Buffers, "Encoding"); stops at the first that is not whole.
struct ProtobufReader {
  enum Value {
    case varint(UInt64)
    case bytes(UnsafeBufferPointer<UInt8>)
    case fixed
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> (number: UInt64, value: Value)? {
    guard let key = varint() else { return nil }
    switch key & 7 {
    case 0: return varint().map { (key >> 3, .varint($0)) }
    case 1: return skip(8) ? (key >> 3, .fixed) : nil
    case 5: return skip(4) ? (key >> 3, .fixed) : nil
    case 2:
      guard let length = varint(), length <= UInt64(bytes.count - position) else { return nil }
      let start = position
      position += Int(length)
      return (key >> 3, .bytes(UnsafeBufferPointer(rebasing: bytes[start..<position])))
    default: return nil
    }
  }

  private mutating func skip(_ count: Int) -> Bool {
    guard count <= bytes.count - position else { return false }
    position += count
    return true
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
