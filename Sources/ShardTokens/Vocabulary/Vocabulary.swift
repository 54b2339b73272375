import CXXHash
import ShardModel

/// The tokens of a model: bytes by id, and id by bytes. Immutable once built, and shared between threads.
///
/// It takes the tokens' bytes and about 20 bytes more for each.
package final class Vocabulary: @unchecked Sendable {
  /// Larger ids are refused: the largest vocabulary known has 262,144.
  package static let maximumIdentifier: UInt32 = (1 << 22) - 1
  /// Bytes of all tokens together.
  static let maximumBytes = 1 << 28

  private struct Entry {
    var start: UInt32
    var length: UInt32
  }

  private static let absent = Entry(start: 0, length: .max)

  private var bytes = Buffer<UInt8>()
  private var entries = Buffer<Entry>()
  /// An id plus one by the hash of its bytes; open addressing, at most half full.
  private var slots = Buffer<UInt32>()
  private var mask = 0
  /// Distinct tokens.
  private(set) var count = 0

  init() {}

  deinit {
    bytes.deallocate()
    entries.deallocate()
    slots.deallocate()
  }

  /// One more than the largest id.
  package var size: Int { entries.count }

  /// Adds a token before the vocabulary is shared. An id, or a text, that is given again takes its last meaning.
  func insert(_ token: UnsafeBufferPointer<UInt8>, id: UInt32, part: String) throws(TokenizerError) {
    guard id <= Self.maximumIdentifier else {
      throw TokenizerError(part: part, message: "the id \(id) is larger than \(Self.maximumIdentifier)")
    }
    guard bytes.count + token.count <= Self.maximumBytes else {
      throw TokenizerError(part: part, message: "more than \(Self.maximumBytes) bytes of tokens")
    }
    while entries.count <= Int(id) { entries.append(Self.absent) }
    if (count &+ 1) * 2 > slots.count { rehash() }
    let slot = self.slot(of: token)
    if slots.base[slot] == 0 { count &+= 1 }
    slots.base[slot] = id + 1
    entries.base[Int(id)] = Entry(start: UInt32(bytes.count), length: UInt32(token.count))
    bytes.append(bytes: token)
  }

  /// Room for so many tokens, in one piece.
  func reserve(_ tokens: Int) {
    let wanted = min(max(tokens, 8), Int(Self.maximumIdentifier)) * 2
    if slots.count < wanted { rehash(to: wanted) }
  }

  private func rehash(to wanted: Int = 0) {
    var size = max(16, slots.count * 2)
    while size < wanted { size *= 2 }
    let old = slots
    slots = Buffer()
    slots.reserve(size)
    slots.base.initialize(repeating: 0, count: size)
    slots.count = size
    mask = size - 1
    for index in 0..<old.count where old.base[index] != 0 {
      let id = old.base[index]
      guard let token = self[id - 1] else { continue }
      slots.base[slot(of: token)] = id
    }
    var freed = old
    freed.deallocate()
  }

  @inline(__always)
  private func slot(of token: UnsafeBufferPointer<UInt8>) -> Int {
    var slot = Int(truncatingIfNeeded: xxh64_short(token.baseAddress, token.count)) & mask
    while true {
      let value = slots.base[slot]
      if value == 0 { return slot }
      // Safe: a slot holds only ids that were inserted.
      let entry = entries.base[Int(value &- 1)]
      if Int(entry.length) == token.count, equal(bytes.base + Int(entry.start), token) { return slot }
      slot = (slot &+ 1) & mask
    }
  }

  @inline(__always)
  private func equal(_ left: UnsafePointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in 0..<right.count where left[index] != right[index] { return false }
    return true
  }

  /// The id of a token.
  @inline(__always)
  func id(of token: UnsafeBufferPointer<UInt8>) -> UInt32? {
    guard count > 0 else { return nil }
    let value = slots.base[slot(of: token)]
    return value == 0 ? nil : value &- 1
  }

  func id(of token: [UInt8]) -> UInt32? { token.withUnsafeBufferPointer { id(of: $0) } }

  package func id(of token: String) -> UInt32? { id(of: Array(token.utf8)) }

  /// The bytes of a token, valid as long as the vocabulary.
  subscript(id: UInt32) -> UnsafeBufferPointer<UInt8>? {
    guard id < entries.count else { return nil }
    let entry = entries.base[Int(id)]
    guard entry.length != .max else { return nil }
    return UnsafeBufferPointer(start: bytes.base + Int(entry.start), count: Int(entry.length))
  }
}
