/// Operations on the text of paths; nothing here looks at the file system.
enum PathName {
  private static let slash = UInt8(ascii: "/")

  /// Drops "./", doubled slashes and a slash at the end. ".." stays: with links it cannot be resolved as text.
  static func normalized(_ path: String) -> String {
    let isAbsolute = path.utf8.first == slash
    let parts = components(path)
    if parts.isEmpty { return isAbsolute ? "/" : "." }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// The components but for "." and empty ones.
  static func components(_ path: String) -> [Substring] {
    path.utf8.split(separator: slash).map { Substring($0) }.filter { $0 != "." }
  }

  /// A name below a normalized directory; "." adds nothing.
  static func join(_ directory: String, _ name: some StringProtocol) -> String {
    switch directory {
    case ".": return String(name)
    case "/": return "/" + name
    default: return directory + "/" + name
    }
  }

  /// Whether a real path is a real directory or lies below it.
  static func isInside(_ path: String, _ root: String) -> Bool {
    guard path.utf8.starts(with: root.utf8) else { return false }
    return root == "/" || path.utf8.count == root.utf8.count
      || path.utf8.dropFirst(root.utf8.count).first == slash
  }
}
