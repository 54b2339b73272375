/// What a record gives as the place of a picture.
enum PictureName: Equatable {
  /// Relative to a root, without empty components and ".".
  case relative([UInt8])
  case absolute([UInt8])
  /// What follows `data:`.
  case data(ArraySlice<UInt8>)
  case remote(scheme: String)
  /// Text that was meant to be replaced, `<Your_Image_Dir_Path>`.
  case template(String)
  case unsafe(PictureOutcome.Hazard)
  case empty

  /// Longer paths than the kernel takes.
  static let longest = 4_095
  private static let longestScheme = 32

  init(_ bytes: some RandomAccessCollection<UInt8>) {
    let bytes = Array(bytes)
    if let scheme = Self.scheme(bytes) {
      switch scheme.name {
      case "data": self = .data(bytes[scheme.end...])
      case "file" where bytes[scheme.end...].starts(with: [0x2F, 0x2F]):
        self.init(path: bytes[(scheme.end + 2)...])
      default: self = .remote(scheme: scheme.name)
      }
    } else {
      self.init(path: bytes[...])
    }
  }

  private init(path: ArraySlice<UInt8>) {
    guard !path.isEmpty else {
      self = .empty
      return
    }
    guard path.count <= Self.longest else {
      self = .unsafe(.tooLong)
      return
    }
    guard !path.contains(0) else {
      self = .unsafe(.zeroByte)
      return
    }
    var parts: [ArraySlice<UInt8>] = []
    for part in path.split(separator: 0x2F) where !part.elementsEqual([0x2E]) {
      if part.elementsEqual([0x2E, 0x2E]) {
        self = .unsafe(.parentFolder)
        return
      }
      if part.count > 255 {
        self = .unsafe(.tooLong)
        return
      }
      if part.count > 2, part.first == 0x3C, part.last == 0x3E {
        self = .template(String(decoding: part, as: UTF8.self))
        return
      }
      parts.append(part)
    }
    guard !parts.isEmpty else {
      self = path.first == 0x2F ? .unsafe(.noFile("a folder")) : .empty
      return
    }
    let joined = Array(parts.joined(separator: [0x2F]))
    self = path.first == 0x2F ? .absolute([0x2F] + joined) : .relative(joined)
  }

  /// `data:`, or a scheme before `://` (RFC 3986, section 3.1), in lower case.
  private static func scheme(_ bytes: [UInt8]) -> (name: String, end: Int)? {
    guard let first = bytes.first, isLetter(first),
      let colon = bytes.prefix(longestScheme).firstIndex(of: 0x3A),
      bytes[..<colon].allSatisfy({
        isLetter($0) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0)
      })
    else { return nil }
    let name = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
    guard name == "data" || bytes[(colon + 1)...].starts(with: [0x2F, 0x2F]) else { return nil }
    return (name, colon + 1)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
