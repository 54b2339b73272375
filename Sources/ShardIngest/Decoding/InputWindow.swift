/// The part of a decoder's input that is in memory: one workspace buffer, refilled when it is used up.
struct InputWindow: ~Copyable {
  private let source: any ByteSource
  private let workspace: DecodingWorkspace
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
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

  mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= end - start, "consumed more than the window holds")
    start += count
  }

  /// Makes sure that the window holds a byte; false at the end of the source.
  mutating func fill() throws(IngestError) -> Bool {
    guard start == end else { return true }
    start = 0
    end = 0
    end = try source.read(into: buffer)
    fetched += UInt64(end)
    return end > 0
  }

  /// Hands out bytes of the window, or, where it is empty and the buffer no smaller, of the source directly.
  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if start == end, target.count >= buffer.count {
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
