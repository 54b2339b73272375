/// Passes a source on until a limit, then throws `limit`: the first `maximum` bytes are always delivered.
final class LimitedSource: ByteSource {
  private let source: any ByteSource
  private let maximum: UInt64
  private var count: UInt64 = 0

  init(_ source: any ByteSource, maximum: UInt64) {
    self.source = source
    self.maximum = maximum
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    let left = maximum - count
    if left > 0 {
      let room = Int(clamping: min(left, UInt64(buffer.count)))
      let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
      count += UInt64(got)
      return got
    }
    // One byte more tells the end from an excess.
    var probe: [UInt8] = [0]
    let more = try source.read(into: &probe)
    guard more == 0 || buffer.isEmpty else { throw Self.excess(maximum) }
    return 0
  }

  static func excess(_ maximum: UInt64) -> IngestError {
    .limit(reason: "decodes to more than \(maximum) bytes", decodedOffset: maximum)
  }
}
