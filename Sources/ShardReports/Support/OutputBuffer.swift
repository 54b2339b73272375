import ShardModel

/// Bytes on their way to a file, of which it is the only owner: an append is a compare and a store, without the count
/// of references that an array has to look at.
package struct OutputBuffer: ~Copyable {
  private var storage = Buffer<UInt8>()

  package init() {}

  deinit {
    var storage = storage
    storage.deallocate()
  }

  package var count: Int { storage.count }

  /// A copy.
  package var bytes: [UInt8] { Array(storage.values) }

  /// The bytes as text; what is not UTF-8 becomes U+FFFD.
  package var text: String { String(decoding: storage.values, as: UTF8.self) }

  /// - Parameter body: must not let the pointer out.
  package borrowing func withBytes<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.values)
  }

  /// Forgets the bytes and keeps the room.
  package mutating func removeAll() { storage.removeAll() }

  @inline(__always)
  package mutating func append(_ byte: UInt8) { storage.append(byte) }

  @inline(__always)
  mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    storage.reserve(bytes.count)
    // Safe: there is room for that many bytes, and nobody else knows the memory.
    (storage.base + storage.count).update(from: source, count: bytes.count)
    storage.count &+= bytes.count
  }

  /// Appends what `body` writes: at most `capacity` bytes from the pointer on, of which it returns the number.
  @inline(__always)
  mutating func append(capacity: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    storage.reserve(capacity)
    storage.count &+= body(storage.base + storage.count)
  }

  static func += (buffer: inout OutputBuffer, bytes: some Sequence<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer.append(contentsOf: $0) }
    if isDone == nil { for byte in bytes { buffer.append(byte) } }
  }

  static func += (buffer: inout OutputBuffer, text: String) {
    text.withBytes { buffer.append(contentsOf: $0) }
  }

  static func += (buffer: inout OutputBuffer, other: borrowing OutputBuffer) {
    buffer.append(contentsOf: other.storage.values)
  }
}

extension String {
  /// Gives the UTF-8 without a copy of the text that would count as a reference.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }
}
