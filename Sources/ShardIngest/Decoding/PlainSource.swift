import CXXHash
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file or of standard input as stored, read once in order, and their XXH3-128 digest.
///
/// Reads straight into the caller's buffer. Throws only `unreadable`. One thread reads; another one may read ahead of it
/// (`readAhead`), where decoding is what the others wait for: then there is a buffer of its own to exchange for the
/// caller's.
package final class PlainSource: ByteSource {
  /// Reads and hashes in pieces that stay in the cache between the two.
  private static let pieceSize = 256 << 10

  let path: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private let workspace: DecodingWorkspace
  /// Size when opened, for a regular file; nil for pipes and devices.
  let regularSize: UInt64?
  /// Bytes handed out so far.
  package private(set) var count: UInt64 = 0
  /// The end of what was handed out, in order or not.
  private(set) var furthest: UInt64 = 0

  /// Held while bytes are read in order, which changes what follows.
  private let lock = Mutex(())
  private let digest: OpaquePointer?
  private var failure: IngestError?
  /// What was read ahead, if anything was: `ahead[aheadStart..<aheadEnd]`.
  private var ahead: UnsafeMutableRawBufferPointer?
  private var aheadStart = 0
  private var aheadEnd = 0
  private var isAtEnd = false

  /// Opens a file for reading; a directory is `unreadable`.
  package convenience init(path: String, workspace: DecodingWorkspace) throws(IngestError) {
    var descriptor: Int32
    repeat { descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: errorText(errno)) }
    try self.init(descriptor: descriptor, path: path, closes: true, workspace: workspace)
  }

  /// Reads standard input, which stays open.
  package static func standardInput(workspace: DecodingWorkspace) throws(IngestError) -> PlainSource {
    try PlainSource(descriptor: 0, path: "-", closes: false, workspace: workspace)
  }

  private init(
    descriptor: Int32, path: String, closes: Bool, workspace: DecodingWorkspace
  ) throws(IngestError) {
    self.path = path
    self.descriptor = descriptor
    closesDescriptor = closes
    self.workspace = workspace
    digest = workspace.takeDigest()
    var status = stat()
    let known = fstat(descriptor, &status) == 0
    let reason = errorText(known ? EISDIR : errno)
    regularSize = known && status.st_mode & S_IFMT == S_IFREG ? UInt64(max(0, status.st_size)) : nil
    guard known, status.st_mode & S_IFMT != S_IFDIR else { throw .unreadable(path: path, reason: reason) }
    #if !canImport(Darwin)
      if let regularSize, regularSize > UInt64(Self.pieceSize) {
        posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL))
      }
    #endif
  }

  deinit {
    if closesDescriptor { close(descriptor) }
    ahead?.deallocate()
    if let digest { workspace.giveBack(digest: digest) }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    let (written, error) = lock.withLock { _ -> (Int, IngestError?) in
      var written = min(buffer.count, aheadEnd - aheadStart)
      if let ahead, written > 0 {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: ahead[aheadStart..<(aheadStart + written)]))
        aheadStart += written
      }
      written += readOn(into: UnsafeMutableRawBufferPointer(rebasing: buffer[written...]))
      return (written, failure)
    }
    if written == 0, !buffer.isEmpty, let error { throw error }
    hand(out: written)
    return written
  }

  private func hand(out bytes: Int) {
    count += UInt64(bytes)
    furthest = max(furthest, count)
  }

  /// Fills the buffer with the next bytes of the file and takes them into the digest, up to the end or a failure.
  private func readOn(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var written = 0
    while written < buffer.count, failure == nil {
      let wanted = min(Self.pieceSize, buffer.count - written)
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[written..<(written + wanted)])
      let got = readPiece(piece)
      if got < 0 { failure = IngestError.unreadable(path: path, reason: errorText(errno)) }
      isAtEnd = got == 0
      if got <= 0 { break }
      if let digest { xxh128_long_update(digest, piece.baseAddress, got) }
      written += got
    }
    return written
  }

  private func readPiece(_ piece: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
      let call = Glibc.read
    #elseif canImport(Musl)
      let call = Musl.read
    #else
      let call = Darwin.read
    #endif
    while true {
      let got = call(descriptor, piece.baseAddress, piece.count)
      if got >= 0 || errno != EINTR { return got }
    }
  }

  /// Reads at an offset without moving the stream or its digest; only for regular files.
  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    while true {
      let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(clamping: offset))
      if got >= 0 {
        furthest = max(furthest, offset + UInt64(got))
        return got
      }
      if errno != EINTR { throw .unreadable(path: path, reason: errorText(errno)) }
    }
  }

  /// The last bytes of a regular file, at most `count`.
  func last(_ count: Int) throws(IngestError) -> [UInt8] {
    let size = regularSize ?? 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(clamping: min(size, UInt64(count))), alignment: 1)
    defer { buffer.deallocate() }
    let got = try read(at: size - UInt64(buffer.count), into: buffer)
    return Array(buffer[..<got])
  }

  // MARK: Reading ahead

  /// Reads and hashes the bytes that will be wanted next, on any thread; false where they are there already or another
  /// thread is at it. Only for regular files, whose bytes do not come late.
  func readAhead() -> Bool {
    guard regularSize != nil else { return false }
    return lock.withLockIfAvailable { _ in
      guard aheadStart == aheadEnd, !isAtEnd, failure == nil else { return false }
      let buffer = ahead ?? DecodingWorkspace.makeBuffer()
      ahead = buffer
      aheadStart = InputWindow.margin
      aheadEnd =
        aheadStart + readOn(into: UnsafeMutableRawBufferPointer(rebasing: buffer[InputWindow.margin...]))
      return true
    } ?? false
  }

  /// Exchanges the caller's buffer for one that holds what was read ahead, from `InputWindow.margin` on.
  /// - Returns: how many bytes; nil where there is nothing and the caller must read.
  package func exchange(_ buffer: inout UnsafeMutableRawBufferPointer) -> Int? {
    let got = lock.withLock { _ -> Int? in
      guard let ready = ahead, aheadStart == InputWindow.margin, aheadEnd > aheadStart,
        ready.count == buffer.count
      else { return nil }
      ahead = buffer
      buffer = ready
      defer { aheadStart = aheadEnd }
      return aheadEnd - aheadStart
    }
    if let got { hand(out: got) }
    return got
  }

  /// Reads on to the end of the file, so that the digest covers all of it.
  package func drain() throws(IngestError) {
    let buffer = workspace.takeBuffer()
    defer { workspace.giveBack(buffer: buffer) }
    while try read(into: buffer) > 0 {}
  }

  /// XXH3-128 of the bytes read so far, those read ahead included, 32 hexadecimal digits in the canonical order of `xxhsum -H128`.
  package var digestText: String {
    guard let digest else { return "" }
    return digestHexadecimal(XXH3_128bits_digest(digest))
  }
}

/// 32 hexadecimal digits in the canonical order of `xxhsum -H128`.
func digestHexadecimal(_ hash: XXH128_hash_t) -> String {
  hexadecimal(hash.high64) + hexadecimal(hash.low64)
}

private func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

/// The operating system's words for an error number, first letter in lower case.
func errorText(_ code: Int32) -> String {
  lowercasedFirst(String(cString: strerror(code)))
}

/// Fits a sentence of a library into ours: first word in lower case unless it is an abbreviation.
func lowercasedFirst(_ text: String) -> String {
  let isWord = text.utf8.dropFirst().first.map { !(0x41...0x5A).contains($0) } ?? true
  return isWord ? text.prefix(1).lowercased() + text.dropFirst() : text
}
