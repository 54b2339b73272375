/// What a file's name promises about its content. The content decides; the name helps where it cannot.
package struct NamedFormat: Sendable, Equatable {
  /// Names of one container within one compression, as "tgz".
  private static let combined: [String: Compression] = [
    "tgz": .gzip, "taz": .gzip, "tzst": .zstd, "tzs": .zstd, "tbz2": .bzip2, "tbz": .bzip2, "tb2": .bzip2,
    "txz": .xz, "tlz4": .lz4,
  ]
  /// Endings of files of records.
  private static let records: Set<String> = ["jsonl", "ndjson", "jsonlines", "json", "csv", "tsv", "npy"]

  package private(set) var compression = Compression.none
  package private(set) var container = Container.none
  /// The ending that names a record format, without the dot, in lower case; nil if there is none.
  package private(set) var records: String?
  /// Whether the name is that of a `.npz`, whose members are named arrays.
  package private(set) var isArrays = false

  /// Reads the endings of the last component of a path, in any case.
  package init(path: String) {
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
    var endings = name.lowercased().split(separator: ".", omittingEmptySubsequences: false).dropFirst()[...]
    guard let last = endings.last.map({ String($0) }) else { return }
    if let compression = Self.combined[last] {
      self.compression = compression
      container = .tar
      return
    }
    if let compression = Compression.allCases.first(where: { $0.extensions.contains(last) }) {
      self.compression = compression
      endings = endings.dropLast()
    }
    guard let inner = endings.last.map({ String($0) }) else { return }
    if let container = Container.allCases.first(where: { $0.extensions.contains(inner) }) {
      self.container = container
      isArrays = inner == "npz"
    } else if Self.records.contains(inner) {
      records = inner
    }
  }

  /// Whether the name promises anything.
  package var isKnown: Bool { compression != .none || container != .none || records != nil }

  /// How the content breaks the promise, nil where it keeps it or there is none.
  func mismatch(compression: Compression, container: Container) -> String? {
    guard isKnown, compression != self.compression || container != self.container else { return nil }
    // "x.gz" promises nothing about what is inside.
    let saysInner = self.container != .none || records != nil
    if !saysInner, compression == self.compression { return nil }
    let promised = Self.words(self.compression, self.container)
    return "the name says \(promised), the content is \(Self.words(compression, container))"
  }

  private static func words(_ compression: Compression, _ container: Container) -> String {
    switch (compression, container) {
    case (.none, .none): return "neither compressed nor an archive"
    case (.none, _): return container.rawValue
    case (_, .none): return compression.rawValue
    default: return "\(container) in \(compression)"
    }
  }
}
