/// Why the bytes of a shard could not be had.
///
/// Only `unreadable` has its cause outside the bytes (it makes a scan incomplete); the other cases are
/// properties of the data, true again on the next read, and become findings about the shard.
package enum IngestError: Error, Sendable, Equatable {
  /// The operating system refused: permission, a vanished file, an I/O error.
  case unreadable(path: String, reason: String)
  /// The stored bytes are corrupt or cut short.
  ///
  /// - `storedOffset`: the byte of the file where decoding stopped. Exact for gzip, zstd and a plain tar; for
  ///   the other formats up to one buffer (1 MiB) away from it.
  /// - `decodedOffset`: decoded bytes before the damage, of the member being read if there is one, otherwise
  ///   of the archive as a stream.
  case damaged(reason: String, storedOffset: UInt64, decodedOffset: UInt64)
  /// Decoding needs a password. `member` is nil where even the list of members is encrypted.
  case encrypted(member: String?)
  /// A limit set by the caller was passed.
  case limit(reason: String, decodedOffset: UInt64)
  /// Valid, as far as can be told, but in a way that is not decoded: a larger window, a missing seek.
  case unsupported(reason: String)
}

extension IngestError: CustomStringConvertible {
  /// One line, lower case, without a full stop: what happened and at which byte.
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      return "\(path): \(reason)"
    case .damaged(let reason, let stored, let decoded):
      return stored == decoded
        ? "\(reason) at byte \(stored)" : "\(reason) at stored byte \(stored), decoded byte \(decoded)"
    case .encrypted(let member?):
      return "member \(member) is encrypted"
    case .encrypted(nil):
      return "the archive is encrypted"
    case .limit(let reason, let offset):
      return "\(reason) at decoded byte \(offset)"
    case .unsupported(let reason):
      return reason
    }
  }

  /// Whether the cause lies outside the bytes, so that the shard counts as not checked.
  package var isOutsideTheBytes: Bool {
    if case .unreadable = self { return true }
    return false
  }
}
