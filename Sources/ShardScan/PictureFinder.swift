import ShardChecks
import ShardIngest

/// Finds the pictures that records name, below the image roots and beside the shard.
final class PictureFinder: PictureResolving {
  private let files: PictureFiles
  let hasRoots: Bool

  init(_ settings: ScanSettings) {
    files = PictureFiles(roots: settings.imageRoots, maximumBytes: settings.ingest.maximumRecordBytes)
    hasRoots = !settings.imageRoots.isEmpty
  }

  func begin(shard path: String) {
    guard !path.isEmpty else { return files.use(shardFolder: nil) }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    files.use(shardFolder: slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
  }

  func picture(named name: UnsafeBufferPointer<UInt8>) -> PictureContent {
    switch files.read(name) {
    case .read: .bytes(files.bytes.bindMemory(to: UInt8.self))
    case .missing: .missing("no such file")
    case .elsewhere: .elsewhere
    case .unsafe(let hazard): .unsafe(hazard.text)
    case .remote: .remote
    case .template(let text): .missing("the path holds text that was to be replaced, \(text)")
    case .tooLarge: .tooLarge
    case .malformed(let reason): .malformed(reason)
    case .failed(let reason): .failed(reason)
    }
  }
}
