import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Opens paths below a folder that never lead out of it, whatever links are on the way.
enum BeneathOpener {
  /// `openat2` with `RESOLVE_BENEATH`.
  case kernel
  /// Component by component, no link followed by the kernel: each is read and its target walked by the same rules.
  case components

  /// As many as the kernel follows.
  private static let mostLinks = 40

  static let hasKernel: Bool = {
    let probe = ck_open_beneath(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if probe >= 0 { close(probe) }
    return probe >= 0
  }()

  /// The descriptor, or minus the error number: `EXDEV` for what leads out, also by an absolute link.
  /// - Parameter path: relative, without zero bytes.
  func open(_ path: [UInt8], in folder: Int32, _ flags: Int32) -> Int32 {
    switch self {
    case .kernel: Self.withPath(path) { ck_open_beneath(folder, $0, flags) }
    case .components: Self.walk(path, in: folder, flags)
    }
  }

  private static func withPath(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
    (path + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in text.baseAddress.map(body) ?? -EINVAL }
    }
  }

  private static func walk(_ path: [UInt8], in top: Int32, _ flags: Int32) -> Int32 {
    // What is still to be walked, the next component last, and the folders entered.
    var pending = Array(path.split(separator: 0x2F).map { Array($0) }.reversed())
    var entered: [Int32] = []
    defer { for folder in entered { close(folder) } }
    var links = 0
    while let part = pending.popLast() {
      if part == [0x2E] { continue }
      if part == [0x2E, 0x2E] {
        guard let last = entered.popLast() else { return -EXDEV }
        close(last)
        continue
      }
      let here = entered.last ?? top
      if let target = link(part, in: here) {
        links += 1
        guard links <= mostLinks else { return -ELOOP }
        guard target.first != 0x2F else { return -EXDEV }
        pending += target.split(separator: 0x2F).map { Array($0) }.reversed()
        continue
      }
      let isLast = pending.isEmpty
      let wanted = isLast ? flags | O_NOFOLLOW : O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
      let descriptor = withPath(part) { openat(here, $0, wanted) }
      // A link that was put there since it was looked at.
      guard descriptor >= 0 else { return errno == ELOOP ? -EXDEV : -errno }
      if isLast { return descriptor }
      entered.append(descriptor)
    }
    // The path ended in a folder by way of a link.
    return withPath([0x2E]) { path in
      let descriptor = openat(entered.last ?? top, path, flags)
      return descriptor >= 0 ? descriptor : -errno
    }
  }

  /// Where a link leads; nil for what is none.
  private static func link(_ name: [UInt8], in folder: Int32) -> [UInt8]? {
    var target = [UInt8](repeating: 0, count: PictureName.longest + 1)
    let length = withPath(name) { path in
      target.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return -1 }
        return Int32(
          truncatingIfNeeded: readlinkat(
            folder, path, base.assumingMemoryBound(to: CChar.self), buffer.count))
      }
    }
    return length > 0 ? Array(target[..<Int(length)]) : nil
  }
}
