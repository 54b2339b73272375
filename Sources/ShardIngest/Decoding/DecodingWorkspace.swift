import CISAL
import CXXHash
import CZstd

/// Buffers and decoder states kept between shards, so that opening a small shard allocates nothing large.
///
/// One for each worker; not for use by two threads. Holds at most `maximumSpares` of each thing:
/// about 4.5 MiB, plus zstd contexts of at most `maximumZstdContext` each.
package final class DecodingWorkspace {
  /// ISA-L copies up to 96 KiB of its output whenever it is called again; with 256 KiB of input to a call that was a
  /// tenth of the time of a shard.
  static let bufferSize = 1 << 20
  /// File, archive and member decoder each use one, and one is for skipping.
  private static let maximumSpares = 4
  /// A context that served a frame with a large window is freed instead of kept.
  private static let maximumZstdContext = 16 << 20

  private var buffers: [UnsafeMutableRawBufferPointer] = []
  private var inflaters: [UnsafeMutablePointer<inflate_state>] = []
  private var zstdContexts: [OpaquePointer] = []
  private var digests: [OpaquePointer] = []

  package init() {}

  deinit {
    for buffer in buffers { buffer.deallocate() }
    for inflater in inflaters { inflater.deallocate() }
    for context in zstdContexts { ZSTD_freeDCtx(context) }
    for digest in digests { XXH3_freeState(digest) }
  }

  /// A buffer of `bufferSize` bytes with undefined content.
  func takeBuffer() -> UnsafeMutableRawBufferPointer {
    buffers.popLast() ?? Self.makeBuffer()
  }

  /// A new one, which any workspace takes back.
  static func makeBuffer() -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: bufferSize, alignment: 64)
  }

  func giveBack(buffer: UnsafeMutableRawBufferPointer) {
    if buffers.count < Self.maximumSpares { buffers.append(buffer) } else { buffer.deallocate() }
  }

  /// An inflate state ready for the first gzip member.
  func takeInflater() -> UnsafeMutablePointer<inflate_state> {
    let inflater = inflaters.popLast() ?? .allocate(capacity: 1)
    isal_inflate_init(inflater)
    return inflater
  }

  func giveBack(inflater: UnsafeMutablePointer<inflate_state>) {
    if inflaters.count < Self.maximumSpares { inflaters.append(inflater) } else { inflater.deallocate() }
  }

  /// A zstd context at the start of a frame, or nil where memory is exhausted.
  func takeZstdContext() -> OpaquePointer? {
    let context = zstdContexts.popLast() ?? ZSTD_createDCtx()
    if let context { ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters) }
    return context
  }

  func giveBack(zstdContext: OpaquePointer) {
    let isSmall = ZSTD_sizeof_DCtx(zstdContext) <= Self.maximumZstdContext
    if isSmall, zstdContexts.count < Self.maximumSpares {
      zstdContexts.append(zstdContext)
    } else {
      ZSTD_freeDCtx(zstdContext)
    }
  }

  /// An XXH3-128 state of no bytes, or nil where memory is exhausted.
  func takeDigest() -> OpaquePointer? {
    let digest = digests.popLast() ?? XXH3_createState()
    if let digest { XXH3_128bits_reset(digest) }
    return digest
  }

  func giveBack(digest: OpaquePointer) {
    if digests.count < Self.maximumSpares { digests.append(digest) } else { XXH3_freeState(digest) }
  }
}
