/// What holds the members of a shard, if anything does.
package enum Container: String, Sendable, CaseIterable, CustomStringConvertible {
  case none, tar, zip
  case sevenZip = "7z"

  package var description: String { rawValue }

  /// Name endings, without the dot.
  package var extensions: [String] {
    switch self {
    case .none: []
    case .zip: [rawValue, "npz"]
    case .tar, .sevenZip: [rawValue]
    }
  }

  /// The container that these first (decoded) bytes announce, `none` if there is none.
  ///
  /// `named` decides where the bytes do not: a tar of nothing but zero blocks, or one cut within its first header.
  package init(first bytes: [UInt8], named: Container) {
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      self = .zip
    } else if bytes.starts(with: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) {
      self = .sevenZip
    } else if TarHeader.isHeader(bytes) {
      self = .tar
    } else if named == .tar, !bytes.isEmpty {
      let isCut = bytes.count < TarHeader.blockSize
      self = isCut || bytes.allSatisfy { $0 == 0 } ? .tar : .none
    } else {
      self = .none
    }
  }
}
