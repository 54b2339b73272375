import CXXHash
import ShardModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pictures of a folder, and what lies beside them, as the bytes of a tar that holds them: sorted by name, with headers of
/// nothing but names and sizes. So folders are read by what reads tars, and their digest is one of names and contents.
///
/// Memory: the names of the files. Opens one file at a time; links are not followed. Throws only `unreadable`.
final class FolderSource: StoredSource {
  private let path: String
  private let folder: Int32
  private let files: [String]
  private let workspace: DecodingWorkspace
  private let digest: OpaquePointer?
  private var next = 0
  /// Header bytes or zeros that were not delivered.
  private var pending: [UInt8] = []
  private var pendingStart = 0
  private var file: Int32 = -1
  /// Bytes of the current file that were not delivered.
  private var remaining = 0
  private var padding = 0
  private var isEnded = false
  private var failure: IngestError?

  let regularSize: UInt64? = nil
  private(set) var furthest: UInt64 = 0

  init(path: String, workspace: DecodingWorkspace) throws(IngestError) {
    self.path = path
    self.workspace = workspace
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .unreadable(path: path, reason: errorText(errno)) }
    do throws(FileSystem.Failure) {
      let entries = try FileSystem.entries(path).entries
      files = PictureFolder(entries.filter { $0.isVisibleFile(in: path) }.map(\.name)).files
    } catch {
      close(folder)
      throw .unreadable(path: path, reason: error.reason)
    }
    digest = workspace.takeDigest()
  }

  deinit {
    close(folder)
    if file >= 0 { close(file) }
    if let digest { workspace.giveBack(digest: digest) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let failure { throw failure }
    var written = 0
    while written < buffer.count {
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[written...])
      do throws(IngestError) {
        let got = try step(into: target)
        if got == 0 { break }
        written += got
      } catch {
        failure = error
        if written == 0 { throw error }
        break
      }
    }
    if let digest, written > 0 { xxh128_long_update(digest, buffer.baseAddress, written) }
    furthest += UInt64(written)
    return written
  }

  /// The next bytes of header, content or filling; 0 at the end.
  private func step(into target: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    while true {
      if pendingStart < pending.count {
        let count = min(target.count, pending.count - pendingStart)
        target.copyBytes(from: pending[pendingStart..<(pendingStart + count)])
        pendingStart += count
        return count
      }
      if remaining > 0 { return try readFile(into: target) }
      if padding > 0 {
        setPending([UInt8](repeating: 0, count: padding))
        padding = 0
        continue
      }
      if file >= 0 {
        close(file)
        file = -1
      }
      if next < files.count {
        try begin(files[next])
        next += 1
      } else {
        guard !isEnded else { return 0 }
        isEnded = true
        setPending(SampleArchive.endMarker)
      }
    }
  }

  private func setPending(_ bytes: [UInt8]) {
    pending = bytes
    pendingStart = 0
  }

  private func begin(_ name: String) throws(IngestError) {
    file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { throw unreadable(name, errorText(errno)) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 33 else {
      throw unreadable(name, "not a file that can be read as a picture")
    }
    remaining = Int(status.st_size)
    padding = (SampleArchive.blockSize - remaining % SampleArchive.blockSize) % SampleArchive.blockSize
    let bytes = Array(name.utf8)
    var header: [UInt8] = []
    if bytes.count > 100 {
      // As GNU tar writes long names.
      header = SampleArchive.header(
        named: Array("././@LongLink".utf8), size: bytes.count + 1, flag: UInt8(ascii: "L"))
      header += bytes
      header += [UInt8](repeating: 0, count: SampleArchive.blockSize - bytes.count % SampleArchive.blockSize)
    }
    setPending(header + SampleArchive.header(named: bytes, size: remaining))
  }

  private func readFile(into target: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    while true {
      let got = readBytes(file, target.baseAddress, min(target.count, remaining))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        throw unreadable(
          files[next - 1], got == 0 ? "the file changed while it was read" : errorText(errno))
      }
      remaining -= got
      return got
    }
  }

  private func unreadable(_ name: String, _ reason: String) -> IngestError {
    .unreadable(path: PathName.join(path, name), reason: reason)
  }

  func readAhead() -> Bool { false }

  func drain() throws(IngestError) {
    let buffer = workspace.takeBuffer()
    defer { workspace.giveBack(buffer: buffer) }
    while try read(into: buffer) > 0 {}
  }

  var digestText: String { digest.map { digestHexadecimal(XXH3_128bits_digest($0)) } ?? "" }
}

extension FileSystem.Entry {
  /// Whether it is a regular file that is not hidden.
  func isVisibleFile(in folder: String) -> Bool {
    guard name.utf8.first != UInt8(ascii: ".") else { return false }
    if let kind { return kind == .regular }
    return (try? FileSystem.status(PathName.join(folder, name), followsLinks: false))?.kind == .regular
  }
}
