#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What discovery asks of the operating system. It only looks: nothing here writes.
enum FileSystem {
  enum Kind: Equatable { case regular, directory, link, other }

  struct Identity: Hashable {
    var device: UInt64
    var node: UInt64
  }

  struct Status {
    var kind: Kind
    var identity: Identity
  }

  struct Entry {
    var name: String
    /// Nil where the directory does not tell.
    var kind: Kind?
  }

  struct Failure: Error {
    var code: Int32
    var reason: String { errorText(code) }
    var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  }

  /// Follows links unless told not to.
  static func status(_ path: String, followsLinks: Bool = true) throws(Failure) -> Status {
    var status = stat()
    let result = followsLinks ? stat(path, &status) : lstat(path, &status)
    guard result == 0 else { throw Failure(code: errno) }
    let kind: Kind
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    let identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), node: UInt64(truncatingIfNeeded: status.st_ino))
    return Status(kind: kind, identity: identity)
  }

  /// The absolute path without links, nil where it leads nowhere.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }

  /// The entries of a directory in no order, without "." and "..". `unnamable` counts names that are not UTF-8.
  static func entries(_ path: String) throws(Failure) -> (entries: [Entry], unnamable: Int) {
    guard let directory = opendir(path) else { throw Failure(code: errno) }
    defer { closedir(directory) }
    var entries: [Entry] = []
    var unnamable = 0
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw Failure(code: errno) }
        return (entries, unnamable)
      }
      let kind: Kind?
      switch Int(entry.pointee.d_type) {
      case Int(DT_REG): kind = .regular
      case Int(DT_DIR): kind = .directory
      case Int(DT_LNK): kind = .link
      case Int(DT_UNKNOWN): kind = nil
      default: kind = .other
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(validatingCString: $0)
        }
      }
      guard let name else {
        unnamable += 1
        continue
      }
      if name != ".", name != ".." { entries.append(Entry(name: name, kind: kind)) }
    }
  }

  /// The first bytes of a file, fewer where it is shorter; empty where it cannot be read.
  static func firstBytes(_ path: String, _ count: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = max(0, read(descriptor, buffer.baseAddress, count))
    }
  }
}
