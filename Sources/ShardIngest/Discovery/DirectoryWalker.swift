/// Finds the shards below one directory.
///
/// A folder of pictures (`PictureFolder`) is one shard, with the texts beside them, unless files of records lie in it or above it:
/// those name the pictures (`metadata.jsonl`, `train.json` above `images/`).
///
/// Hidden entries are left out. A symbolic link is followed only if its real path lies below the directory and is not
/// an input already; every real directory is entered once, so there are no loops. Cost: one `readdir` for
/// each entry; only files with an unknown ending are opened, for their first 512 bytes.
struct DirectoryWalker {
  /// Endings that are never looked into: media, text and code that lie beside data, and formats that are zip
  /// inside but not an archive of records.
  private static let unrelated: Set<String> = [
    "jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "mp3", "wav", "flac", "mp4", "avi", "mkv",
    "webm",
    "txt", "md", "rst", "html", "css", "js", "py", "ipynb", "sh", "yaml", "yml", "toml", "xml", "pdf", "log",
    "npy", "npz", "pt", "pth", "ckpt", "safetensors", "bin", "onnx", "whl", "egg", "jar", "apk", "docx",
    "xlsx",
    "pptx", "epub", "so", "o", "pyc", "lock", "idx",
  ]

  private let root: String
  private let realRoot: String
  private let excluded: Set<String>
  private var seenDirectories: Set<FileSystem.Identity> = []
  private var seenFiles: Set<FileSystem.Identity> = []
  private var links: [String] = []
  /// Folders to enter, and whether files of records lie above them.
  private var pending: [(path: String, isBelowRecords: Bool)] = []

  /// - Parameter excluded: real paths of directories to pass over, such as the place for results.
  init(root: String, excluded: Set<String>) {
    self.root = root
    self.excluded = excluded
    realRoot = FileSystem.realPath(root) ?? root
  }

  mutating func walk(into result: inout DiscoveryResult) {
    pending = [(root, false)]
    var isFollowing = false
    while true {
      while let next = pending.popLast() { enter(next.path, next.isBelowRecords, &result) }
      // What is reached without a link goes first, so that a link to it is known to add nothing.
      guard !links.isEmpty else { return }
      if !isFollowing { noteIdentities(of: result) }
      isFollowing = true
      let batch = links.sorted(by: precedes)
      links = []
      for link in batch { follow(link, &result) }
    }
  }

  private mutating func enter(
    _ directory: String, _ isBelowRecords: Bool, _ result: inout DiscoveryResult
  ) {
    do throws(FileSystem.Failure) {
      let identity = try FileSystem.status(directory).identity
      guard seenDirectories.insert(identity).inserted else {
        result.skipped.links += 1
        return
      }
      if !excluded.isEmpty, let real = FileSystem.realPath(directory), excluded.contains(real) { return }
      let (entries, unnamable) = try FileSystem.entries(directory)
      if unnamable > 0 { result.add(directory, "\(unnamable) names in this directory are not UTF-8") }
      let visible = entries.filter { $0.isVisibleFile(in: directory) }.map(\.name)
      let pictures = PictureFolder(visible)
      let members = Set(pictures.files)
      let hasRecords = visible.contains { !members.contains($0) && NamedFormat(path: $0).isKnown }
      let first = pending.count
      if !hasRecords, !isBelowRecords, pictures.isOne(among: visible.count) {
        result.inputs.append(ShardInput(name: directory, path: directory))
        for entry in entries where !members.contains(entry.name) { add(entry, in: directory, &result) }
      } else {
        for entry in entries { add(entry, in: directory, &result) }
      }
      for index in first..<pending.count { pending[index].isBelowRecords = hasRecords || isBelowRecords }
    } catch {
      result.add(directory, error.reason)
    }
  }

  private mutating func add(
    _ entry: FileSystem.Entry, in directory: String, _ result: inout DiscoveryResult
  ) {
    guard entry.name.utf8.first != UInt8(ascii: ".") else {
      result.skipped.hidden += 1
      return
    }
    let path = PathName.join(directory, entry.name)
    let kind: FileSystem.Kind
    do throws(FileSystem.Failure) {
      if let known = entry.kind {
        kind = known
      } else {
        kind = try FileSystem.status(path, followsLinks: false).kind
      }
    } catch {
      if !error.isMissing { result.add(path, error.reason) }
      return
    }
    switch kind {
    case .regular: addFile(path, &result)
    case .directory: pending.append((path, false))
    case .link: links.append(path)
    case .other: result.skipped.other += 1
    }
  }

  private func addFile(_ path: String, _ result: inout DiscoveryResult) {
    if Self.isData(path) {
      result.inputs.append(ShardInput(name: path, path: path))
    } else {
      result.skipped.addUnrecognized(path)
    }
  }

  private mutating func follow(_ link: String, _ result: inout DiscoveryResult) {
    guard let real = FileSystem.realPath(link), PathName.isInside(real, realRoot),
      let status = try? FileSystem.status(link)
    else {
      result.skipped.links += 1
      return
    }
    switch status.kind {
    case .directory:
      pending.append((link, false))
    case .regular where seenFiles.insert(status.identity).inserted:
      // A link may give a data name to a file that has none, as caches that are addressed by content do.
      addFile(link, &result)
    case .regular: result.skipped.links += 1
    case .link, .other: result.skipped.other += 1
    }
  }

  private mutating func noteIdentities(of result: DiscoveryResult) {
    for input in result.inputs {
      if let status = try? FileSystem.status(input.path) { seenFiles.insert(status.identity) }
    }
  }

  /// Whether a file is a shard, by name or else by its first bytes.
  static func isData(_ path: String) -> Bool {
    let named = NamedFormat(path: path)
    if named.isKnown { return true }
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { Substring($0) } ?? ""
    if let dot = name.lastIndex(of: "."), unrelated.contains(name[dot...].dropFirst().lowercased()) {
      return false
    }
    let first = FileSystem.firstBytes(path, PrefixedSource.maximumPrefix)
    return Compression(first: first, named: .none) != .none || Container(first: first, named: .none) != .none
  }
}
