import CZstd

/// Decodes zstd (RFC 8878): any number of frames, skippable frames left out, checksums verified.
///
/// A window above `maximumWindow` is `unsupported`, so a header cannot ask for more memory than that.
/// Memory: one workspace buffer, the frame's window (at most 128 MiB) and a context of about 100 KiB.
package final class ZstdSource: SteppingSource {
  /// Base-2 logarithm of the largest window: 128 MiB, what `zstd --long` writes and `zstd -d` accepts.
  private static let maximumWindowLog: Int32 = 27
  /// The shortest input from which zstd learns how much more it needs.
  private static let frameStart = 5
  private static let blockHeaderSize = 3

  private let workspace: DecodingWorkspace
  private let context: OpaquePointer?
  private var input: InputWindow
  /// How much input completes one block. Feeding no more makes every call decode at most one block: the library
  /// does not tell what it wrote in a call that fails, so a call must not write and then fail.
  private var wanted = ZstdSource.frameStart
  private var isInFrame = false
  private var hasPendingOutput = false
  private var decoded: UInt64 = 0
  var failure: IngestError?
  private(set) var isFinished = false

  package init(_ source: any ByteSource, workspace: DecodingWorkspace) {
    self.workspace = workspace
    context = workspace.takeZstdContext()
    input = InputWindow(source: source, workspace: workspace)
    if let context { ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.maximumWindowLog) }
  }

  deinit {
    if let context { workspace.giveBack(zstdContext: context) }
  }

  func step(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    guard let context else { throw .unsupported(reason: "not enough memory for a zstd context") }
    let hasInput = hasPendingOutput ? true : try input.fill()
    guard hasInput else {
      guard !isInFrame else { throw damage("zstd frame cut short") }
      isFinished = true
      return 0
    }
    let bytes = input.bytes
    var source = ZSTD_inBuffer(
      src: bytes.baseAddress, size: hasPendingOutput ? 0 : min(wanted, bytes.count), pos: 0)
    var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    let result = ZSTD_decompressStream(context, &target, &source)
    guard ZSTD_isError(result) == 0 else { throw error(for: result) }
    input.consume(source.pos)
    decoded += UInt64(target.pos)
    isInFrame = result != 0
    wanted = isInFrame ? Self.withoutNextHeader(result) : Self.frameStart
    hasPendingOutput = isInFrame && target.pos == target.size
    return target.pos
  }

  /// What zstd asks for after a block header is the block and the header of the next one, which could fail right after
  /// the block was written. Asked for less it asks again.
  private static func withoutNextHeader(_ asked: Int) -> Int {
    asked > blockHeaderSize ? asked - blockHeaderSize : max(1, asked)
  }

  private func error(for result: Int) -> IngestError {
    // Error codes are pinned by zstd_errors.h, which the module does not export.
    switch 0 &- result {
    case 10: return damage(decoded > 0 ? "data after the end of the zstd stream" : "corrupt zstd header")
    case 16:
      return .unsupported(reason: "zstd window is larger than \(1 << (Self.maximumWindowLog - 20)) MiB")
    case 22: return damage("zstd checksum mismatch")
    case 32: return .unsupported(reason: "zstd data needs a dictionary")
    case 64: return .unsupported(reason: "not enough memory for the zstd window")
    default: return damage("corrupt zstd data")
    }
  }

  private func damage(_ reason: String) -> IngestError {
    .damaged(reason: reason, storedOffset: input.position, decodedOffset: decoded)
  }
}
