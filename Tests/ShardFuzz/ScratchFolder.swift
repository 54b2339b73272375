import Glibc

/// A folder of this process below TMPDIR for inputs that are read as files; removed at exit.
///
/// Tests of several targets run at once, so each target has a folder of its own in it.
struct ScratchFolder {
  let path: String

  init(_ target: String) {
    path = Self.root + "/" + target
    expect(mkdir(path, 0o755) == 0 || errno == EEXIST, "\(path) cannot be made")
  }

  private static let root: String = {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/shardcheck-fuzz-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { fatalError("no folder can be made in \(parent)") }
    atexit { ScratchFolder.remove(ScratchFolder.root) }
    return made
  }()

  /// Writes a file, over one of the same name, and returns its path.
  func write(_ name: String, _ bytes: some Collection<UInt8>) -> String {
    let path = path + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    expect(descriptor >= 0, "\(path) cannot be written")
    defer { close(descriptor) }
    let array = Array(bytes)
    expect(Glibc.write(descriptor, array, array.count) == array.count, "\(path) cannot be written")
    return path
  }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { remove(path + "/" + name) }
    }
    closedir(folder)
    rmdir(path)
  }
}
