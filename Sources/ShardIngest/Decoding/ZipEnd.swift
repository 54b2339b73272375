/// The end record of a zip's central directory (APPNOTE 4.3.16): 22 bytes and a comment.
enum ZipEnd {
  private static let recordSize = 22
  static let maximumSize = recordSize + 0xFFFF

  /// Whether the last bytes of a zip hold the record, whole.
  static func isPresent(in tail: UnsafeRawBufferPointer) -> Bool {
    var start = tail.count - recordSize
    while start >= 0 {
      if tail[start] == 0x50, tail[start + 1] == 0x4B, tail[start + 2] == 0x05, tail[start + 3] == 0x06 {
        let comment = Int(tail[start + 20]) | Int(tail[start + 21]) << 8
        if start + recordSize + comment <= tail.count { return true }
      }
      start -= 1
    }
    return false
  }
}

/// Passes a source on and keeps its last bytes, at most twice `count` of them in memory.
final class TailSource: ByteSource {
  private let source: any ByteSource
  private let count: Int
  private var kept: [UInt8] = []
  private var length: UInt64 = 0

  init(_ source: any ByteSource, count: Int) {
    self.source = source
    self.count = count
  }

  var last: [UInt8] { Array(kept.suffix(count)) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    let got = try source.read(into: buffer)
    length += UInt64(got)
    kept.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<got]).suffix(count))
    if kept.count > 2 * count { kept.removeFirst(kept.count - count) }
    return got
  }

  /// Reads on to the end; returns the length of the whole.
  func drain() throws(IngestError) -> UInt64 {
    var buffer = [UInt8](repeating: 0, count: count)
    while try read(into: &buffer) > 0 {}
    return length
  }
}
