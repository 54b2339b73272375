/// What came of looking for a picture that a record names.
package enum PictureOutcome: Sendable, Equatable {
  /// Why a path is not opened.
  package enum Hazard: Sendable, Equatable {
    /// `..` in the path.
    case parentFolder
    /// An absolute path that is in none of the roots.
    case outside
    /// A link that leads out of its root.
    case link
    /// A folder, a device, a pipe or a socket; with words for it.
    case noFile(String)
    /// Longer than a path or a name can be.
    case tooLong
    case zeroByte

    /// What is wrong, in words.
    package var text: String {
      switch self {
      case .parentFolder: "the path has '..' in it"
      case .outside: "the path is absolute and in no image root"
      case .link: "the path leads out of its root through a link"
      case .noFile(let kind): "the path is that of \(kind), not of a file"
      case .tooLong: "the path is longer than paths can be"
      case .zeroByte: "the path has a zero byte in it"
      }
    }
  }

  /// All of it is in `PictureFiles.bytes`.
  case read
  case missing
  /// In a folder that is not beside the shard, where no root was named: the pictures lie elsewhere.
  case elsewhere
  case unsafe(Hazard)
  /// Behind a URL, which is never fetched.
  case remote(scheme: String)
  /// The path holds text that was to be replaced.
  case template(String)
  /// Bytes, more than the limit.
  case tooLarge(UInt64)
  /// A `data:` URL that cannot be decoded.
  case malformed(String)
  /// The operating system refused.
  case failed(String)
}
