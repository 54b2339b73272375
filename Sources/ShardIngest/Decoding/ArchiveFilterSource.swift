import CArchive

/// Decodes bzip2, xz and lz4, each with any number of streams, through libarchive's filters.
///
/// Checksums are verified. Where a stream is damaged, up to one output block of libarchive (64 KiB, for lz4 the
/// block of the frame, at most 4 MiB) before the damage is lost. Memory: one workspace buffer and the decoder: bzip2
/// 4 MiB, lz4 8 MiB, xz the dictionary, which is refused above 128 MiB where the first block's header says
/// so and above 1 GiB by libarchive elsewhere. Output is copied once from libarchive's buffer.
package final class ArchiveFilterSource: SteppingSource {
  /// Twice what `xz -9` asks for is still accepted.
  private static let maximumDictionary: UInt64 = 128 << 20

  private let compression: Compression
  private let source: any ByteSource
  private let workspace: DecodingWorkspace
  private var handle: ArchiveHandle?
  private var block = UnsafeRawBufferPointer(start: nil, count: 0)
  private var decoded: UInt64 = 0
  var failure: IngestError?
  private(set) var isFinished = false

  /// `compression` is one of bzip2, xz and lz4.
  package init(_ source: any ByteSource, compression: Compression, workspace: DecodingWorkspace) {
    self.compression = compression
    self.source = source
    self.workspace = workspace
  }

  func step(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    let handle = try openedHandle()
    if isFinished { return 0 }
    if block.isEmpty {
      guard let next = try handle.nextBlock(decoded: decoded) else {
        try finish(handle)
        return 0
      }
      block = next
    }
    let taken = min(block.count, buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<taken]))
    block = UnsafeRawBufferPointer(rebasing: block[taken...])
    decoded += UInt64(taken)
    return taken
  }

  private func openedHandle() throws(IngestError) -> ArchiveHandle {
    if let handle { return handle }
    let compression = compression
    let input = ArchiveInput(source: try checkedSource(), seekable: nil, workspace: workspace)
    let handle = try ArchiveHandle(format: compression.rawValue, input: input) { archive in
      switch compression {
      case .bzip2: archive_read_support_filter_bzip2(archive)
      case .xz: archive_read_support_filter_xz(archive)
      default: archive_read_support_filter_lz4(archive)
      }
      archive_read_support_format_raw(archive)
      archive_read_support_format_empty(archive)
    }
    self.handle = handle
    try handle.open()
    // Without the filter the raw format would hand out the compressed bytes as if they were the content.
    let filter = archive_filter_code(handle.archive, 0)
    guard filter != ARCHIVE_FILTER_NONE else {
      if let failure = input.failure { throw failure }
      throw .damaged(reason: "corrupt or cut short \(compression) header", storedOffset: 0, decodedOffset: 0)
    }
    if try handle.nextEntry(decoded: 0) == nil { try finish(handle) }
    return handle
  }

  /// libarchive lets an xz header ask for up to 1 GiB.
  private func checkedSource() throws(IngestError) -> any ByteSource {
    guard compression == .xz else { return source }
    let prefixed = PrefixedSource(source, count: XzHeader.maximumSize)
    if let size = XzHeader.dictionarySize(prefixed.first), size > Self.maximumDictionary {
      throw .unsupported(reason: "xz dictionary is larger than \(Self.maximumDictionary >> 20) MiB")
    }
    return prefixed
  }

  /// libarchive takes whatever follows the last stream as the end; only zero bytes are.
  private func finish(_ handle: ArchiveHandle) throws(IngestError) {
    isFinished = true
    if let offset = try handle.input.firstNonzero(after: handle.consumed) {
      isFinished = false
      throw .damaged(
        reason: "data after the end of the \(compression) stream", storedOffset: offset,
        decodedOffset: decoded)
    }
  }
}
