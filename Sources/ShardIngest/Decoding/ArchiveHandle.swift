import CArchive

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open libarchive reader and the input that it reads: owns both, turns status codes into typed errors.
///
/// Names are converted in a UTF-8 locale of the calling thread, whatever locale the process runs in: in the C
/// locale libarchive would replace every letter outside ASCII by a question mark.
final class ArchiveHandle {
  /// Calls that say "try again" before it is taken as damage.
  private static let maximumRetries = 16

  let archive: OpaquePointer
  let input: ArchiveInput
  private let format: String
  /// A checksum or size that was wrong at the end of an entry, thrown after the bytes that came with it.
  private var pendingDamage: IngestError?

  /// - Parameters:
  ///   - format: what messages call the data, as "zip".
  ///   - setUp: turns on the filters and formats wanted, nothing else is.
  init(format: String, input: ArchiveInput, setUp: (OpaquePointer) -> Void) throws(IngestError) {
    guard let archive = archive_read_new() else {
      throw .unsupported(reason: "not enough memory for a \(format) reader")
    }
    self.archive = archive
    self.input = input
    self.format = format
    setUp(archive)
    input.attach(to: archive)
  }

  deinit { archive_read_free(archive) }

  /// Reads enough to recognize the format.
  func open() throws(IngestError) {
    let result = withUTF8Locale { archive_read_open1(archive) }
    guard result == ARCHIVE_OK || result == ARCHIVE_WARN else { throw error(decoded: 0) }
  }

  /// The next entry, nil at the end.
  func nextEntry(decoded: UInt64) throws(IngestError) -> OpaquePointer? {
    var entry: OpaquePointer?
    pendingDamage = nil
    for _ in 0..<Self.maximumRetries {
      switch withUTF8Locale({ archive_read_next_header(archive, &entry) }) {
      case ARCHIVE_OK, ARCHIVE_WARN: return entry
      case ARCHIVE_EOF:
        if let failure = input.failure { throw failure }
        return nil
      case ARCHIVE_RETRY: continue
      default: throw error(decoded: decoded)
      }
    }
    throw error(decoded: decoded)
  }

  /// The next bytes of the entry, valid until the next call; nil at its end. Never counts on a claimed size.
  func nextBlock(decoded: UInt64) throws(IngestError) -> UnsafeRawBufferPointer? {
    if let pendingDamage { throw pendingDamage }
    for _ in 0..<Self.maximumRetries {
      var bytes: UnsafeRawPointer?
      var count = 0
      var offset: la_int64_t = 0
      switch archive_read_data_block(archive, &bytes, &count, &offset) {
      case ARCHIVE_OK: return UnsafeRawBufferPointer(start: bytes, count: count)
      case ARCHIVE_WARN:
        // A checksum mismatch is only a warning there.
        pendingDamage = error(decoded: decoded + UInt64(count))
        return UnsafeRawBufferPointer(start: bytes, count: count)
      case ARCHIVE_EOF:
        if let failure = input.failure { throw failure }
        return nil
      case ARCHIVE_RETRY: continue
      default: throw error(decoded: decoded)
      }
    }
    throw error(decoded: decoded)
  }

  /// Bytes of the input that were used, as opposed to read ahead.
  var consumed: UInt64 { UInt64(max(0, archive_filter_bytes(archive, -1))) }

  private func error(decoded: UInt64) -> IngestError {
    if let failure = input.failure { return failure }
    let words = archive_error_string(archive).map { lowercasedFirst(String(cString: $0)) } ?? "corrupt data"
    let lower = words.lowercased()
    if lower.contains("encrypt") || lower.contains("passphrase") || lower.contains("password") {
      return .encrypted(member: nil)
    }
    if lower.contains("unsupported") || lower.contains("not supported") || lower.contains("can't allocate") {
      return .unsupported(reason: "\(format): \(words)")
    }
    return .damaged(reason: "\(format): \(words)", storedOffset: consumed, decodedOffset: decoded)
  }
}

/// The locale is made once and never freed or changed.
private nonisolated(unsafe) let utf8Locale: locale_t? =
  newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil) ?? newlocale(Int32(LC_CTYPE_MASK), "en_US.UTF-8", nil)

/// Runs a body with the calling thread's character type set to UTF-8, where the system has such a locale.
private func withUTF8Locale<Result>(_ body: () -> Result) -> Result {
  guard let utf8Locale else { return body() }
  let previous = uselocale(utf8Locale)
  defer { uselocale(previous) }
  return body()
}
