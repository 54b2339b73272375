import Glibc
import ShardModel

/// A file or folder could not be written or read back.
package struct FileFailure: Error, CustomStringConvertible {
  package var path: String
  package var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// From `errno`.
  init(path: String) { self.init(path: path, reason: String(cString: strerror(errno))) }

  package var description: String { "\(path): \(reason)" }
}

/// Writes a file under a temporary name and gives it its own name when it is whole.
package final class FileWriter {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16
  package private(set) var count: UInt64 = 0

  package init(path: String) throws(FileFailure) {
    self.path = path
    temporary = path + ".part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      try Files.makeFolder(Files.parent(of: path))
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else { throw FileFailure(path: temporary) }
  }

  deinit { abandon() }

  package func write(_ bytes: some Sequence<UInt8>) throws(FileFailure) {
    let before = buffer.count
    buffer.append(contentsOf: bytes)
    count += UInt64(buffer.count - before)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes a large part past the buffer.
  package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(FileFailure) {
    try flush()
    count += UInt64(bytes.count)
    try write(all: bytes)
  }

  /// Sets room aside that `write(_:at:)` fills, for a file of which everything is written so.
  func reserve(_ size: Int) -> UInt64 {
    defer { count += UInt64(size) }
    return count
  }

  /// Fills room that was set aside; may be called on several threads at once.
  func write(_ bytes: [UInt8], at offset: UInt64) throws(FileFailure) {
    var written = 0
    let descriptor = descriptor
    while written < bytes.count {
      let result = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written,
          off_t(offset) + off_t(written))
      }
      if result < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: temporary)
      }
      written += result
    }
  }

  private func flush() throws(FileFailure) {
    try buffer.withUnsafeBufferPointer { bytes throws(FileFailure) in try write(all: bytes) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(all bytes: UnsafeBufferPointer<UInt8>) throws(FileFailure) {
    var written = 0
    while written < bytes.count {
      let result = Glibc.write(
        descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if result < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: temporary)
      }
      written += result
    }
  }

  /// Writes what is left and renames.
  package func finish() throws(FileFailure) {
    guard descriptor >= 0 else { return }
    try flush()
    let status = close(descriptor)
    descriptor = -1
    guard status == 0, rename(temporary, path) == 0 else { throw FileFailure(path: path) }
  }

  /// Removes what was written so far.
  package func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporary)
  }
}

/// Reads a stored file, whole parts of it at a time.
final class FileReader {
  private let path: String
  private let descriptor: Int32
  let count: UInt64

  init(path: String) throws(FileFailure) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw FileFailure(path: path)
    }
    count = UInt64(max(0, status.st_size))
  }

  deinit { close(descriptor) }

  func read(at offset: UInt64, count: Int) throws(FileFailure) -> [UInt8] {
    var failure: FileFailure?
    let result = [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      do throws(FileFailure) {
        written = try read(at: offset, into: UnsafeMutableRawBufferPointer(bytes))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }

  /// Returns how many bytes there were, fewer than there is room for only at the end of the file.
  func read(at offset: UInt64, into bytes: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
    var done = 0
    while done < bytes.count {
      let got = pread(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset) + off_t(done))
      if got < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: path)
      }
      if got == 0 { break }
      done += got
    }
    return done
  }
}

package enum Files {
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(FileFailure) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, parent(of: path) != path else { throw FileFailure(path: path) }
    try makeFolder(parent(of: path))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileFailure(path: path) }
  }

  /// Names in a folder, sorted by their bytes; nil where there is no such folder.
  package static func list(_ path: String) throws(FileFailure) -> [String]? {
    guard let folder = opendir(path) else {
      if errno == ENOENT { return nil }
      throw FileFailure(path: path)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Files below a folder, as paths relative to it, sorted.
  package static func listAll(_ root: String, below: String = "") throws(FileFailure) -> [String] {
    var result: [String] = []
    for name in try list(root + "/" + below) ?? [] {
      let path = below.isEmpty ? name : below + "/" + name
      if isFolder(root + "/" + path) {
        result += try listAll(root, below: path)
      } else {
        result.append(path)
      }
    }
    return result
  }

  /// Removes a folder that the program made, with all that is in it. Links are removed, not followed.
  package static func removeAll(_ path: String) throws(FileFailure) {
    if isFolder(path) {
      for name in try list(path) ?? [] { try removeAll(path + "/" + name) }
      guard rmdir(path) == 0 else { throw FileFailure(path: path) }
    } else if unlink(path) != 0, errno != ENOENT {
      throw FileFailure(path: path)
    }
  }
}

extension Files {
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The bytes of a file; one that is larger than the limit throws.
  package static func contents(of path: String, limit: Int) throws(FileFailure) -> [UInt8] {
    let reader = try FileReader(path: path)
    guard reader.count <= UInt64(limit) else {
      throw FileFailure(path: path, reason: "\(reader.count) bytes, at most \(limit) are read")
    }
    return try reader.read(at: 0, count: Int(reader.count))
  }

  static func copy(_ source: String, to target: String) throws(FileFailure) {
    let reader = try FileReader(path: source)
    let writer = try FileWriter(path: target)
    var offset: UInt64 = 0
    while offset < reader.count {
      let part = try reader.read(at: offset, count: Int(min(1 << 20, reader.count - offset)))
      if part.isEmpty { break }
      try writer.write(part)
      offset += UInt64(part.count)
    }
    try writer.finish()
  }
}
