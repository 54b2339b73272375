/// Why the arguments name no work: a usage error, found before anything is read.
package enum DiscoveryError: Error, Sendable, Equatable {
  /// No argument, or arguments that lead to no shard. `hint` says what was found instead, if anything.
  case noInput(hint: String?)
  case notFound(path: String)
  case noMatch(glob: String)
  case badPattern(glob: String, reason: String)
  case unreadableList(path: String, reason: String)
  /// Both `-` and `@-`, or one of them twice.
  case standardInputTwice
}

extension DiscoveryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noInput(nil):
      return "no input: name a file, a directory, a quoted glob, @LIST or - for standard input"
    case .noInput(let hint?):
      return "no shards found: \(hint); a file named by itself is checked whatever its name"
    case .notFound(let path):
      return "\(path): no such file or directory"
    case .noMatch(let glob):
      return "\(glob): no file matches"
    case .badPattern(let glob, let reason):
      return "\(glob): \(reason)"
    case .unreadableList(let path, let reason):
      return "@\(path): \(reason)"
    case .standardInputTwice:
      return "standard input can be named only once"
    }
  }
}
