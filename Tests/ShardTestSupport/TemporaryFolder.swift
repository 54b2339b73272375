import Glibc

/// A folder that is removed, with all that is in it, when the last reference goes.
package final class TemporaryFolder {
  package let path: String

  package init() {
    var template = Array("/tmp/shardcheck-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
    }
    precondition(path != "/tmp", "no temporary folder")
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Writes a file, with the folders above it, and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) -> String {
    let path = path + "/" + name
    makeFolders(above: path)
    guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
    let array = Array(bytes)
    fwrite(array, 1, array.count, file)
    fclose(file)
    return path
  }

  @discardableResult
  package func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

  private func makeFolders(above path: String) {
    var index = path.index(after: path.startIndex)
    while let slash = path[index...].firstIndex(of: "/") {
      mkdir(String(path[..<slash]), 0o755)
      index = path.index(after: slash)
    }
  }

  package func read(_ name: String) -> [UInt8]? {
    guard let file = fopen(path + "/" + name, "r") else { return nil }
    defer { fclose(file) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = fread(&buffer, 1, buffer.count, file)
      if got == 0 { return result }
      result += buffer[..<got]
    }
  }
}
