import CZlib

/// Counts what a zlib stream would give, in 32 KB of memory.
final class Inflater {
  private var stream = z_stream()
  private var output = [UInt8](repeating: 0, count: 1 << 15)
  private let isReady: Bool

  init() { isReady = inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK }

  deinit { if isReady { inflateEnd(&stream) } }

  /// Whether `view` decompresses to more than `limit` bytes; damaged data end where the damage is.
  func exceeds(_ limit: Int, _ view: ByteView) -> Bool {
    guard isReady, inflateReset(&stream) == Z_OK, let base = view.bytes.baseAddress else { return false }
    stream.next_in = UnsafeMutablePointer(mutating: base)
    stream.avail_in = UInt32(clamping: view.count)
    var total = 0
    while total <= limit {
      let (result, produced) = output.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let result = inflate(&stream, Z_NO_FLUSH)
        return (result, buffer.count - Int(stream.avail_out))
      }
      total += produced
      guard result == Z_OK, produced > 0 else { break }
    }
    return total > limit
  }
}
