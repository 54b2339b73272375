import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the pictures that records name and reads them, one at a time, without ever leaving the roots.
///
/// A path is looked for in each image root in turn, then in the folder of the shard. An absolute path must lie in one of
/// them. Links are followed while they stay in their root. Nothing but regular files is read; URLs are never fetched.
///
/// Where no root was named and the first folder of a relative path is not beside the shard, or there is no shard to be
/// beside, the data were moved without their pictures: these are told from pictures that are missing among others.
///
/// One for each worker. Memory: the largest picture so far, at most `maximumBytes`. Holds at most `mostFolders`
/// descriptors of folders beside those of the roots: of 100,000 pictures in a folder each costs one short lookup.
package final class PictureFiles {
  static let mostFolders = 16

  private struct Root {
    /// As named and, without links, as it is.
    var names: [[UInt8]]
    /// Negative where it cannot be opened.
    var descriptor: Int32
  }

  private struct Folder {
    var root: Int
    var path: [UInt8]
    var descriptor: Int32
    var lastUse: UInt64
  }

  private let maximumBytes: Int
  private let opener: BeneathOpener
  private var roots: [Root]
  private let namedRoots: Int
  private var folders: [Folder] = []
  private var clock: UInt64 = 0
  private var shardFolder: String?
  /// The first folder of the last path, with its slash, where it is not beside the shard.
  private var absentFolder: [UInt8] = []
  private var storage: UnsafeMutableRawBufferPointer
  private var count = 0

  /// The bytes of the last picture that was read, until the next call.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

  /// - Parameters:
  ///   - roots: folders, in the order in which they are tried.
  ///   - maximumBytes: of a picture as stored, and of a `data:` URL decoded.
  ///   - usesKernel: false only for tests of the way without `openat2`.
  package init(roots: [String], maximumBytes: Int = 256 << 20, usesKernel: Bool = true) {
    self.maximumBytes = max(0, maximumBytes)
    opener = usesKernel && BeneathOpener.hasKernel ? .kernel : .components
    self.roots = roots.map { Self.open($0) }
    namedRoots = roots.count
    storage = .allocate(byteCount: 0, alignment: 64)
  }

  deinit {
    for folder in folders { close(folder.descriptor) }
    for root in roots where root.descriptor >= 0 { close(root.descriptor) }
    storage.deallocate()
  }

  private static func open(_ path: String) -> Root {
    let name = path.isEmpty ? "." : path
    var names = [Array(name.utf8)]
    if let real = FileSystem.realPath(name) { names.append(Array(real.utf8)) }
    return Root(names: names, descriptor: openPath(name, O_DIRECTORY | O_CLOEXEC | O_RDONLY))
  }

  /// Names the folder of the shard whose pictures come next; nil for standard input.
  package func use(shardFolder: String?) {
    guard shardFolder != self.shardFolder || (shardFolder != nil && roots.count == namedRoots) else { return }
    self.shardFolder = shardFolder
    absentFolder = []
    while roots.count > namedRoots {
      let root = roots.removeLast()
      if root.descriptor >= 0 { close(root.descriptor) }
    }
    folders.removeAll { folder in
      guard folder.root >= namedRoots else { return false }
      close(folder.descriptor)
      return true
    }
    if let shardFolder { roots.append(Self.open(shardFolder)) }
  }

  /// Looks for the picture that `path` names, bytes of the data.
  /// - Complexity: four system calls for a file in a folder that was met before, and the reading.
  package func read(_ path: UnsafeBufferPointer<UInt8>) -> PictureOutcome {
    count = 0
    if isInAbsentFolder(path) { return .elsewhere }
    switch PictureName(path) {
    case .relative(let path):
      let outcome = find(path, in: roots.indices.map { ($0, path) })
      return outcome == .missing && lacksFolder(of: path) ? .elsewhere : outcome
    case .absolute(let path):
      let places = roots.indices.flatMap { index in
        roots[index].names.compactMap { root in Self.remainder(of: path, in: root).map { (index, $0) } }
      }
      return places.isEmpty ? .unsafe(.outside) : find(path, in: places)
    case .data(let content): return decode(content)
    case .remote(let scheme): return .remote(scheme: scheme)
    case .template(let text): return .template(text)
    case .unsafe(let hazard): return .unsafe(hazard)
    case .empty: return .missing
    }
  }

  package func read(_ path: [UInt8]) -> PictureOutcome { path.withUnsafeBufferPointer { read($0) } }

  /// Told from the last such path, with no work beyond a comparison: a table of a million pictures that are elsewhere
  /// costs next to nothing.
  private func isInAbsentFolder(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !absentFolder.isEmpty, path.count > absentFolder.count, path.count < 256 else { return false }
    guard path.starts(with: absentFolder) else { return false }
    // What may be a hazard or a template is looked at in whole.
    var previous: UInt8 = 0x2F
    for byte in path[absentFolder.count...] {
      if byte == 0 || byte == 0x3C || (byte == 0x2E && previous == 0x2F) { return false }
      previous = byte
    }
    return true
  }

  private func lacksFolder(of path: [UInt8]) -> Bool {
    guard namedRoots == 0 else { return false }
    guard let root = roots.first, root.descriptor >= 0 else { return true }
    guard let slash = path.firstIndex(of: 0x2F) else { return false }
    let descriptor = opener.open(
      Array(path[..<slash]), in: root.descriptor, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { close(descriptor) }
    guard descriptor == -ENOENT else { return false }
    absentFolder = Array(path[...slash])
    return true
  }

  private static func remainder(of path: [UInt8], in root: [UInt8]) -> [UInt8]? {
    guard root.first == 0x2F else { return nil }
    let root = root.count > 1 && root.last == 0x2F ? Array(root.dropLast()) : root
    if root == [0x2F] { return Array(path.dropFirst()) }
    guard path.count > root.count + 1, path.starts(with: root), path[root.count] == 0x2F else { return nil }
    return Array(path[(root.count + 1)...])
  }

  /// The first that can be read; else the worst of what was met.
  private func find(_ path: [UInt8], in places: [(root: Int, path: [UInt8])]) -> PictureOutcome {
    var result = PictureOutcome.missing
    for place in places where roots[place.root].descriptor >= 0 {
      let descriptor = open(place.path, in: place.root)
      if descriptor >= 0 {
        let outcome = readFile(descriptor)
        close(descriptor)
        if outcome == .read { return outcome }
        result = outcome
        continue
      }
      switch -descriptor {
      case ENOENT, ENOTDIR: break
      case EXDEV, ELOOP: result = .unsafe(.link)
      case ENAMETOOLONG: result = .unsafe(.tooLong)
      case ENXIO: result = .unsafe(.noFile("a device or socket"))
      default: if result == .missing { result = .failed(errorText(-descriptor)) }
      }
    }
    return result
  }

  // MARK: Folders

  private static let fileFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

  private func open(_ path: [UInt8], in root: Int) -> Int32 {
    let top = roots[root].descriptor
    guard let slash = path.lastIndex(of: 0x2F) else { return opener.open(path, in: top, Self.fileFlags) }
    let folder = folder(Array(path[..<slash]), in: root)
    guard folder >= 0 else { return folder }
    let descriptor = opener.open(Array(path[(slash + 1)...]), in: folder, Self.fileFlags)
    // A link out of the folder may still lead to a place in the root.
    return descriptor == -EXDEV ? opener.open(path, in: top, Self.fileFlags) : descriptor
  }

  /// The descriptor of a folder below a root, or minus the error number.
  private func folder(_ path: [UInt8], in root: Int) -> Int32 {
    clock += 1
    if let index = folders.firstIndex(where: { $0.root == root && $0.path == path }) {
      folders[index].lastUse = clock
      return folders[index].descriptor
    }
    let descriptor = opener.open(path, in: roots[root].descriptor, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return descriptor }
    let fresh = Folder(root: root, path: path, descriptor: descriptor, lastUse: clock)
    if folders.count < Self.mostFolders {
      folders.append(fresh)
    } else if let oldest = folders.indices.min(by: { folders[$0].lastUse < folders[$1].lastUse }) {
      close(folders[oldest].descriptor)
      folders[oldest] = fresh
    }
    return descriptor
  }

  // MARK: Content

  private func readFile(_ descriptor: Int32) -> PictureOutcome {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failed(errorText(errno)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .unsafe(.noFile("a folder"))
    case S_IFIFO: return .unsafe(.noFile("a pipe"))
    default: return .unsafe(.noFile("a device or socket"))
    }
    let size = Int(clamping: status.st_size)
    guard size <= maximumBytes else { return .tooLarge(UInt64(size)) }
    reserve(size)
    while count < size {
      let got = readBytes(descriptor, storage.baseAddress?.advanced(by: count), size - count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { return .failed(errorText(errno)) }
      if got == 0 { break }
      count += got
    }
    return .read
  }

  /// Makes room for `wanted` bytes and the zeros that decoders may look at behind them.
  private func reserve(_ wanted: Int) {
    guard storage.count < wanted + 64 else { return }
    storage.deallocate()
    storage = .allocate(byteCount: max(wanted + 64, min(2 * storage.count, maximumBytes + 64)), alignment: 64)
  }

  private func decode(_ content: ArraySlice<UInt8>) -> PictureOutcome {
    guard let comma = content.firstIndex(of: 0x2C) else {
      return .malformed("a data: URL without a comma before its content")
    }
    let kind = String(decoding: content[..<comma].suffix(64), as: UTF8.self).lowercased()
    guard kind.hasSuffix(";base64") else { return .malformed("a data: URL that is not base64") }
    let text = content[(comma + 1)...]
    guard text.count / 4 * 3 <= maximumBytes else { return .tooLarge(UInt64(text.count / 4 * 3)) }
    reserve(text.count / 4 * 3 + 3)
    guard let decoded = Base64.decode(text, into: storage) else {
      return .malformed("a data: URL whose content is not base64")
    }
    count = decoded
    return .read
  }
}

// The class has methods of these names.
private func openPath(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }

func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  guard let buffer else { return 0 }
  return read(descriptor, buffer, count)
}
