/// How the bytes of a shard or of a member are compressed: one case, one row of magic bytes and extensions.
package enum Compression: String, Sendable, CaseIterable, CustomStringConvertible {
  case none, gzip, zstd, bzip2, xz, lz4

  package var description: String { rawValue }

  /// Name endings, without the dot, the usual one first.
  package var extensions: [String] {
    switch self {
    case .none: return []
    case .gzip: return ["gz", "gzip", "bgz"]
    case .zstd: return ["zst", "zstd"]
    case .bzip2: return ["bz2", "bz"]
    case .xz: return ["xz"]
    case .lz4: return ["lz4"]
    }
  }

  /// The compression that these first bytes announce, `none` if there is none.
  ///
  /// `named` decides where the bytes do not: a skippable frame may begin zstd and lz4, and `BZh` may begin a text.
  package init(first bytes: [UInt8], named: Compression) {
    switch (bytes.first ?? 0, bytes.count) {
    case (0x1F, 2...) where bytes[1] == 0x8B: self = .gzip
    case (0x28, 4...) where bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]): self = .zstd
    case (0x04, 4...) where bytes.starts(with: [0x04, 0x22, 0x4D, 0x18]): self = .lz4
    case (0x02, 4...) where bytes.starts(with: [0x02, 0x21, 0x4C, 0x18]): self = .lz4
    case (0xFD, 6...) where bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]): self = .xz
    case (0x50...0x5F, 4...) where bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18]):
      self = named == .lz4 ? .lz4 : .zstd
    case (0x42, 3...) where bytes.starts(with: [0x42, 0x5A, 0x68]):
      self = Self.isBzip2(bytes) || named == .bzip2 ? .bzip2 : .none
    default:
      // The start of the magic that the name promises is a file cut short there.
      self = named.isCutMagic(bytes) ? named : .none
    }
  }

  /// After "BZh" and a level: the marker of a block or of the end.
  private static func isBzip2(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 10, (0x31...0x39).contains(bytes[3]) else { return false }
    let marker = bytes[4..<10]
    return marker.elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
      || marker.elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
  }

  private var magic: [UInt8] {
    switch self {
    case .none: return []
    case .gzip: return [0x1F, 0x8B]
    case .zstd: return [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: return [0x42, 0x5A, 0x68]
    case .xz: return [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .lz4: return [0x04, 0x22, 0x4D, 0x18]
    }
  }

  private func isCutMagic(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty && bytes.count < magic.count && magic.starts(with: bytes)
  }

  /// A source of the decoded bytes of `source`; nothing is read yet.
  func decoder(of source: any ByteSource, workspace: DecodingWorkspace) -> any ByteSource {
    switch self {
    case .none: return source
    case .gzip: return GzipSource(source, workspace: workspace)
    case .zstd: return ZstdSource(source, workspace: workspace)
    case .bzip2, .xz, .lz4: return ArchiveFilterSource(source, compression: self, workspace: workspace)
    }
  }
}
