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
/// Reads straight into the caller's buffer; holds no buffer of its own. Throws only `unreadable`. One thread reads;
/// another one may hash behind it (`hashBehind`), where decoding is what the others wait for.
package final class PlainSource: ByteSource {
  /// Reads and hashes in pieces that stay in the cache between the two.
  private static let pieceSize = 256 << 10

  let path: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private let workspace: DecodingWorkspace
  private let digest: OpaquePointer?
  /// Bytes that the digest covers; held while it is updated.
  private let hashed = Mutex<UInt64>(0)
  private let isHashedBehind = Atomic<Bool>(false)
  /// Where bytes are read again; used while `hashed` is held. One for all pieces: allocating each fragments the heap.
  private var hashBuffer: UnsafeMutableRawBufferPointer?
  /// `count`, for the thread that hashes behind.
  private let readable = Atomic<UInt64>(0)
  private var failure: IngestError?
  /// Size when opened, for a regular file; nil for pipes and devices.
  let regularSize: UInt64?
  /// Bytes read so far.
  package private(set) var count: UInt64 = 0
  /// The end of what was read, in order or not.
  private(set) var furthest: UInt64 = 0

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
    hashBuffer?.deallocate()
    if let digest { workspace.giveBack(digest: digest) }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let failure { throw failure }
    var written = 0
    while written < buffer.count {
      let wanted = min(Self.pieceSize, buffer.count - written)
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[written..<(written + wanted)])
      let got = readPiece(piece)
      if got == 0 { break }
      guard got > 0 else {
        let error = IngestError.unreadable(path: path, reason: errorText(errno))
        failure = error
        if written == 0 { throw error }
        break
      }
      if let digest, !isHashedBehind.load(ordering: .relaxed) {
        hashed.withLock { hashed in
          guard hashed == count else { return }
          xxh128_long_update(digest, piece.baseAddress, got)
          hashed += UInt64(got)
        }
      }
      count += UInt64(got)
      readable.store(count, ordering: .relaxed)
      furthest = max(furthest, count)
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

  /// Stops hashing while reading: from now on `catchUp` does it. Only for regular files, which can be read twice.
  func hashBehind() {
    if regularSize != nil { isHashedBehind.store(true, ordering: .relaxed) }
  }

  /// Hashes a piece of what has been read but not hashed, on any thread; false where there is little to do or
  /// another thread is at it.
  func catchUp() -> Bool {
    guard isHashedBehind.load(ordering: .relaxed) else { return false }
    return hashed.withLockIfAvailable { hashed in
      let available = readable.load(ordering: .relaxed) - hashed
      return available >= UInt64(Self.pieceSize) && hashPieces(&hashed, upTo: hashed + UInt64(Self.pieceSize))
    } ?? false
  }

  /// Reads again what is not hashed, up to `end`; false where it is no longer there.
  private func hashPieces(_ hashed: inout UInt64, upTo end: UInt64) -> Bool {
    guard let digest else { return false }
    let buffer =
      hashBuffer ?? UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 64)
    hashBuffer = buffer
    while hashed < end {
      let wanted = Int(min(end - hashed, UInt64(buffer.count)))
      let got = pread(descriptor, buffer.baseAddress, wanted, off_t(clamping: hashed))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return false }
      xxh128_long_update(digest, buffer.baseAddress, got)
      hashed += UInt64(got)
    }
    return true
  }

  /// Reads on to the end of the file, so that the digest covers all of it.
  package func drain() throws(IngestError) {
    let buffer = workspace.takeBuffer()
    defer { workspace.giveBack(buffer: buffer) }
    while try read(into: buffer) > 0 {}
    let isWhole = hashed.withLock { $0 == count || hashPieces(&$0, upTo: count) }
    if !isWhole { throw .unreadable(path: path, reason: "the file changed while it was read") }
  }

  /// XXH3-128 of the bytes read so far, 32 hexadecimal digits in the canonical order of `xxhsum -H128`.
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
