/// The part of a decoder's input that is in memory: one workspace buffer, refilled when it is used up.
///
/// The last bytes before the window stay in memory, since a decoder that reads ahead into a register may give some
/// back after the window was refilled (ISA-L does at the end of a member).
struct InputWindow: ~Copyable {
  private let source: any ByteSource
  private let workspace: DecodingWorkspace
  private var buffer: UnsafeMutableRawBufferPointer
  static let margin = 16
  private var start = InputWindow.margin
  private var end = InputWindow.margin
  /// Bytes of the source before the end of the window.
  private var fetched: UInt64 = 0

  init(source: any ByteSource, workspace: DecodingWorkspace) {
    self.source = source
    self.workspace = workspace
    buffer = workspace.takeBuffer()
  }

  deinit { workspace.giveBack(buffer: buffer) }

  /// The bytes not yet consumed.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }
  var isEmpty: Bool { start == end }
  /// The offset in the source of the first byte not yet consumed.
  var position: UInt64 { fetched - UInt64(end - start) }

  /// - Parameter count: negative to give bytes back, at most `margin` of them.
  mutating func consume(_ count: Int) {
    precondition(count <= end - start && count >= -start, "consumed more than the window holds")
    start += count
  }

  /// Makes sure that the window holds a byte; false at the end of the source.
  mutating func fill() throws(IngestError) -> Bool {
    guard start == end else { return true }
    // Safe: end is never below margin.
    let last = buffer.loadUnaligned(fromByteOffset: end - Self.margin, as: SIMD16<UInt8>.self)
    let ready = source.exchange(&buffer)
    buffer.storeBytes(of: last, as: SIMD16<UInt8>.self)
    start = Self.margin
    end = Self.margin
    let got =
      if let ready { ready } else {
        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[Self.margin...]))
      }
    end += got
    fetched += UInt64(got)
    return got > 0
  }

  /// Hands out bytes of the window, or, where it is empty and the buffer no smaller, of the source directly.
  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if start == end, target.count >= buffer.count - Self.margin {
      let got = try source.read(into: target)
      fetched += UInt64(got)
      return got
    }
    guard try fill() else { return 0 }
    let taken = min(end - start, target.count)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + taken)]))
    start += taken
    return taken
  }
}
