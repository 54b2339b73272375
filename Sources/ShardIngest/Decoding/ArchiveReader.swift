import CArchive

/// Reads zip and 7z through libarchive.
///
/// A zip in a plain file is read by its central directory; a zip as a stream by its local headers. 7z needs a plain
/// file, its directory is at the end. Memory: one workspace buffer and what the archive's coders ask for: libarchive
/// bounds none of it for 7z (an LZMA dictionary is up to 4 GiB of address space, touched only as far as
/// it is filled by decoded bytes).
final class ArchiveReader: MemberReader {
  private let container: Container
  private let handle: ArchiveHandle
  private let file: PlainSource?
  private let tail: TailSource
  private var isOpen = false
  private var isFinished = false
  private var entryFailure: IngestError?
  private var failure: IngestError?
  private var block = UnsafeRawBufferPointer(start: nil, count: 0)
  private var decoded: UInt64 = 0
  private var current: Member?

  let memberOffset: UInt64? = nil

  /// - Parameter file: the file behind `source` where nothing lies between them, else nil.
  init(
    _ source: any ByteSource, container: Container, file: PlainSource?, workspace: DecodingWorkspace
  ) throws(IngestError) {
    let seekable = file?.regularSize == nil ? nil : file
    guard container == .zip || seekable != nil else {
      throw .unsupported(reason: "7z can only be read from an uncompressed regular file")
    }
    tail = TailSource(source, count: ZipEnd.maximumSize)
    self.file = seekable
    self.container = container
    let input = ArchiveInput(source: tail, seekable: seekable, workspace: workspace)
    handle = try ArchiveHandle(format: container.rawValue, input: input) { archive in
      if container == .zip {
        archive_read_support_format_zip(archive)
      } else {
        archive_read_support_format_7zip(archive)
      }
    }
  }

  func nextMember() throws(IngestError) -> Member? {
    if let failure { throw failure }
    do throws(IngestError) {
      return isFinished ? nil : try advance()
    } catch {
      failure = error
      throw error
    }
  }

  private func advance() throws(IngestError) -> Member? {
    block = UnsafeRawBufferPointer(start: nil, count: 0)
    entryFailure = nil
    decoded = 0
    current = nil
    if !isOpen { try handle.open() }
    isOpen = true
    guard let entry = try handle.nextEntry(decoded: 0) else {
      isFinished = true
      try checkEnd()
      return nil
    }
    let type = UInt32(archive_entry_filetype(entry))
    let kind: Member.Kind
    switch type {
    case 0o100000: kind = archive_entry_hardlink(entry) == nil ? .regular : .link
    case 0o040000: kind = .directory
    case 0o120000: kind = .link
    default: kind = .other
    }
    let size = archive_entry_size_is_set(entry) != 0 ? UInt64(max(0, archive_entry_size(entry))) : nil
    let member = Member(
      name: Self.name(of: entry), size: size, kind: kind,
      isEncrypted: archive_entry_is_data_encrypted(entry) != 0)
    current = member
    return member
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let error = failure ?? entryFailure { throw error }
    guard let current, !buffer.isEmpty else { return 0 }
    do throws(IngestError) {
      if current.isEncrypted { throw .encrypted(member: current.name) }
      while block.isEmpty {
        guard let next = try handle.nextBlock(decoded: decoded) else { return 0 }
        block = next
      }
    } catch {
      entryFailure = error
      throw error
    }
    let taken = min(block.count, buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<taken]))
    block = UnsafeRawBufferPointer(rebasing: block[taken...])
    decoded += UInt64(taken)
    return taken
  }

  /// A zip cut within its directory has lost no member when read as a stream, but Python refuses it.
  private func checkEnd() throws(IngestError) {
    guard container == .zip else { return }
    let length: UInt64
    let end: [UInt8]
    if let file, let size = file.regularSize {
      length = size
      end = try file.last(ZipEnd.maximumSize)
    } else {
      length = try tail.drain()
      end = tail.last
    }
    guard end.withUnsafeBytes({ ZipEnd.isPresent(in: $0) }) else {
      throw .damaged(reason: "zip ends without its directory", storedOffset: length, decodedOffset: length)
    }
  }

  private static func name(of entry: OpaquePointer) -> String {
    if let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) {
      return String(cString: name)
    }
    return ""
  }
}
