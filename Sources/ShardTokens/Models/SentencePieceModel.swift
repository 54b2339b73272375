import CSentencePiece
import ShardModel

/// A model of SentencePiece, run by its own library. Immutable, and shared between threads.
final class SentencePieceModel: @unchecked Sendable {
  private let handle: OpaquePointer
  let size: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    var message = [CChar](repeating: 0, count: 256)
    guard let handle = csp_load(bytes.baseAddress, bytes.count, &message, message.count) else {
      let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw TokenizerError(part: "model", message: "not read: \(String(decoding: words, as: UTF8.self))")
    }
    self.handle = handle
    size = Int(csp_size(handle))
  }

  deinit { csp_free(handle) }

  /// The number of tokens of a text, and where they are wanted, the tokens.
  func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout Buffer<UInt32>, keeps: Bool) -> Int {
    guard let base = text.baseAddress else { return 0 }
    return base.withMemoryRebound(to: CChar.self, capacity: text.count) { start in
      // A text has rarely more tokens than this; where it has, it is encoded again.
      if keeps { ids.reserve(text.count &+ 16) }
      let room = keeps ? ids.capacity &- ids.count : 0
      var count = csp_encode(handle, start, text.count, ids.base + ids.count, room)
      guard count >= 0 else { return 0 }
      if keeps, count > room {
        ids.reserve(count)
        count = csp_encode(handle, start, text.count, ids.base + ids.count, count)
        guard count >= 0 else { return 0 }
      }
      if keeps { ids.count &+= count }
      return count
    }
  }

  func piece(_ id: UInt32) -> [UInt8]? {
    var length = 0
    guard id < UInt32(size), let start = csp_piece(handle, Int32(id), &length) else { return nil }
    return UnsafeRawBufferPointer(start: start, count: length).map { $0 }
  }

  func id(of token: String) -> UInt32? {
    var token = token
    let id = token.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { csp_id(handle, $0.baseAddress, $0.count) }
    }
    return id < 0 ? nil : UInt32(id)
  }

  /// The piece that stands for what no other does; nil where bytes do.
  var unknown: UInt32? {
    if id(of: "<0x00>") != nil, id(of: "<0xFF>") != nil { return nil }
    return (0..<Int32(size)).first { csp_kind(handle, $0) == 2 }.map(UInt32.init)
  }

  /// The pieces that control the model, which no text is.
  var controls: [UInt32] { (0..<Int32(size)).filter { csp_kind(handle, $0) == 1 }.map(UInt32.init) }
}
