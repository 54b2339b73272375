/// How the name of a file tells which sample it belongs to.
package enum SampleNaming: Sendable {
  /// As WebDataset does: `^((?:.*/|)[^.]+)[.]([^/]*)$`, so that a period in the base name goes to the extension.
  case firstPeriod
  /// As loaders of folders do: the extension is what follows the last period of the base name.
  case lastPeriod

  /// Splits a name into its key, `0..<key`, and its extension, from `ending` on; nil where there is no key.
  /// - Complexity: O(length).
  package func split(_ name: some RandomAccessCollection<UInt8>) -> (key: Int, ending: Int)? {
    let bytes = name
    let slash = bytes.lastIndex(of: 0x2F)
    let base = slash.map { bytes.index(after: $0) } ?? bytes.startIndex
    let period =
      self == .firstPeriod ? bytes[base...].firstIndex(of: 0x2E) : bytes[base...].lastIndex(of: 0x2E)
    guard let period else { return nil }
    let key = bytes.distance(from: bytes.startIndex, to: period)
    if period == base {
      // The expression then takes the slash into the key, if the folder has no period.
      guard self == .firstPeriod, let slash, !bytes[..<slash].lastComponent.contains(0x2E) else { return nil }
    }
    return (key, key + 1)
  }

  /// Whether loaders pass over the name on purpose: `__[^/]*__($|/)` at its start.
  package static func isMeta(_ name: some RandomAccessCollection<UInt8>) -> Bool {
    let first = name.prefix { $0 != 0x2F }
    return first.count >= 4 && first.starts(with: [0x5F, 0x5F])
      && first.suffix(2).elementsEqual([0x5F, 0x5F])
  }
}

extension RandomAccessCollection where Element == UInt8 {
  fileprivate var lastComponent: SubSequence {
    lastIndex(of: 0x2F).map { self[index(after: $0)...] } ?? self[...]
  }
}

/// What a member of a sample holds, by what follows the last period of its extension.
package enum SampleContent: Sendable {
  case picture, text, number, json, array, other

  /// - Parameter ending: the whole extension in lower case, `left.jpg`.
  package init(ending: some StringProtocol) {
    let last = ending.split(separator: ".", omittingEmptySubsequences: false).last.map { String($0) }
    self = Self.byEnding[last ?? ""] ?? .other
  }

  private static let byEnding: [String: SampleContent] = {
    var table: [String: SampleContent] = [:]
    for ending in pictures { table[ending] = .picture }
    for ending in ["txt", "text", "caption", "transcript"] { table[ending] = .text }
    // What the webdataset library reads as an integer.
    for ending in ["cls", "cls2", "class", "count", "index", "inx", "id"] { table[ending] = .number }
    for ending in ["json", "jsn"] { table[ending] = .json }
    table["npy"] = .array
    return table
  }()

  package static let pictures: Set<String> = [
    "jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif",
  ]

  /// Endings that members of samples have beside those that are read.
  private static let unread: Set<String> = [
    "npz", "pt", "pth", "pyd", "pickle", "pkl", "mp", "msg", "ten", "tb", "cbor", "mp4", "avi", "mov", "webm",
    "mp3",
    "wav", "flac", "ogg", "m4a", "ppm", "pgm", "pbm", "html", "xml", "vtt", "srt",
  ]

  /// Whether an extension is one that samples are known to have.
  static func isKnown(ending: String) -> Bool {
    if SampleContent(ending: ending) != .other { return true }
    return ending.split(separator: ".").last.map { unread.contains(String($0)) } ?? false
  }
}
