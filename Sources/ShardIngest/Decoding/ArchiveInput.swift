import CArchive

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Feeds libarchive from a byte source, or from a file at any offset where the format needs to seek.
///
/// Memory: one workspace buffer, which libarchive reads in place.
final class ArchiveInput {
  private let source: any ByteSource
  /// Set where seeking is possible; then `source` is not read.
  private let file: PlainSource?
  private let workspace: DecodingWorkspace
  private let buffer: UnsafeMutableRawBufferPointer
  private var lastCount = 0
  /// The end of what the buffer held before, for a filter that looked across the border.
  private var carried: [UInt8] = []
  /// The longest look ahead of a filter at what follows a stream (14 bytes, bzip2), and more.
  private static let maximumCarried = 64
  /// The offset after the bytes handed over last.
  private(set) var position: UInt64 = 0
  /// What the source threw; libarchive only learns that there is no more.
  private(set) var failure: IngestError?

  init(source: any ByteSource, seekable file: PlainSource?, workspace: DecodingWorkspace) {
    self.source = source
    self.file = file
    self.workspace = workspace
    buffer = workspace.takeBuffer()
  }

  deinit { workspace.giveBack(buffer: buffer) }

  var canSeek: Bool { file != nil }

  fileprivate func next() -> UnsafeRawBufferPointer? {
    guard failure == nil else { return nil }
    let end = Array(buffer[..<lastCount].suffix(Self.maximumCarried))
    let got: Int
    do throws(IngestError) {
      if let file {
        got = try file.read(at: position, into: buffer)
      } else {
        got = try source.read(into: buffer)
      }
    } catch {
      failure = error
      return nil
    }
    guard got > 0 else { return UnsafeRawBufferPointer(rebasing: buffer[..<0]) }
    carried = end
    lastCount = got
    position += UInt64(got)
    return UnsafeRawBufferPointer(rebasing: buffer[..<got])
  }

  fileprivate func seek(to offset: Int64, from origin: Int32) -> Int64 {
    guard let size = file?.regularSize else { return Int64(ARCHIVE_FATAL) }
    let base: Int64
    switch origin {
    case SEEK_SET: base = 0
    case SEEK_CUR: base = Int64(clamping: position)
    case SEEK_END: base = Int64(clamping: size)
    default: return Int64(ARCHIVE_FATAL)
    }
    let (target, overflow) = base.addingReportingOverflow(offset)
    guard !overflow, target >= 0, target <= Int64(clamping: size) else { return Int64(ARCHIVE_FATAL) }
    position = UInt64(target)
    lastCount = 0
    return target
  }

  fileprivate func skip(_ count: Int64) -> Int64 {
    guard let size = file?.regularSize, count > 0, position < size else { return 0 }
    let skipped = min(UInt64(count), size - position)
    position += skipped
    lastCount = 0
    return Int64(skipped)
  }

  /// The offset of the first byte after `consumed` that is not zero, nil if there is none.
  ///
  /// Reads the rest of the source.
  func firstNonzero(after consumed: UInt64) throws(IngestError) -> UInt64? {
    var start = position - UInt64(lastCount)
    if consumed < start {
      let unread = carried.suffix(Int(clamping: start - consumed))
      if let index = unread.firstIndex(where: { $0 != 0 }) { return start - UInt64(carried.count - index) }
    }
    var skipped = Int(clamping: consumed > start ? consumed - start : 0)
    while true {
      let bytes = buffer[min(skipped, lastCount)..<lastCount]
      if let index = bytes.firstIndex(where: { $0 != 0 }) { return start + UInt64(index) }
      skipped = 0
      start = position
      guard let next = next() else { throw failure ?? .unsupported(reason: "the input ended early") }
      if next.isEmpty { return nil }
    }
  }

  /// The callbacks' client data is the input itself; `archive` must not outlive it.
  func attach(to archive: OpaquePointer) {
    let client = Unmanaged.passUnretained(self).toOpaque()
    archive_read_set_callback_data(archive, client)
    archive_read_set_read_callback(archive) { _, client, block in
      guard let client, let block else { return Int(ARCHIVE_FATAL) }
      let input = Unmanaged<ArchiveInput>.fromOpaque(client).takeUnretainedValue()
      guard let bytes = input.next() else { return Int(ARCHIVE_FATAL) }
      block.pointee = bytes.baseAddress
      return bytes.count
    }
    guard canSeek else { return }
    archive_read_set_seek_callback(archive) { _, client, offset, origin in
      guard let client else { return Int64(ARCHIVE_FATAL) }
      return Unmanaged<ArchiveInput>.fromOpaque(client).takeUnretainedValue().seek(to: offset, from: origin)
    }
    archive_read_set_skip_callback(archive) { _, client, count in
      guard let client else { return 0 }
      return Unmanaged<ArchiveInput>.fromOpaque(client).takeUnretainedValue().skip(count)
    }
  }
}
