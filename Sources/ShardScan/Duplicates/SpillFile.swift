import Glibc

/// A temporary file of this machine's own words, written by appending and read once from its start.
final class SpillFile {
  private let path: String
  private let descriptor: Int32

  init(path: String) throws(FileFailure) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path: path) }
  }

  deinit { close(descriptor) }

  /// - Parameter isFirst: whether what an earlier run may have left there is dropped.
  static func append(
    _ bytes: UnsafeRawBufferPointer, to path: String, isFirst: Bool
  ) throws(FileFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (isFirst ? O_TRUNC : O_APPEND), 0o644)
    guard descriptor >= 0 else { throw FileFailure(path: path) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let result = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if result < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: path)
      }
      done += result
    }
  }

  /// Fills the buffer with what follows.
  func read(into bytes: UnsafeMutableRawBufferPointer) throws(FileFailure) {
    var done = 0
    while done < bytes.count {
      let got = Glibc.read(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if got < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: path)
      }
      guard got > 0 else { throw FileFailure(path: path, reason: "cut short by somebody else") }
      done += got
    }
  }
}
