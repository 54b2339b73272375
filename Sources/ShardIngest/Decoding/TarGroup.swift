/// A header block of a tar where it stands.
struct TarBlock {
  static let size = TarHeader.blockSize
  private static let prefixStart = 345

  /// `size` readable bytes.
  let bytes: UnsafePointer<UInt8>

  private var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: Self.size) }

  var isZero: Bool { bytes[0] == 0 && raw.allSatisfy { $0 == 0 } }
  var hasValidChecksum: Bool { TarHeader.hasValidChecksum(raw) }
  /// Nil where it is not a number.
  var contentSize: UInt64? { TarHeader.number(raw[124..<136]) }
  /// Bytes of the name, which starts the block.
  var nameLength: Int { length(from: 0, atMost: 100) }
  var kind: TarHeader.Kind {
    let length = nameLength
    return TarHeader.kind(bytes[156], isFolderName: length > 0 && bytes[length - 1] == 0x2F)
  }
  /// Whether a GNU sparse header goes on in further blocks.
  var isExtended: Bool { kind == .sparse && bytes[482] != 0 }
  /// Whether a further block of a GNU sparse header is not the last.
  var isContinued: Bool { bytes[504] != 0 }

  /// The folders before the name; empty where the block has none.
  var prefix: Range<Int> {
    // The GNU magic "ustar  " keeps other things there.
    let magic: [UInt8] = [0x75, 0x73, 0x74, 0x61, 0x72, 0x00]
    guard raw[257..<263].elementsEqual(magic) else { return 0..<0 }
    return Self.prefixStart..<(Self.prefixStart + length(from: Self.prefixStart, atMost: 155))
  }

  /// Prefix, slash and name.
  func appendName(to name: inout [UInt8]) {
    let prefix = prefix
    if !prefix.isEmpty {
      name.append(contentsOf: raw[prefix])
      name.append(0x2F)
    }
    name.append(contentsOf: raw[..<nameLength])
  }

  private func length(from start: Int, atMost most: Int) -> Int {
    var length = 0
    while length < most, bytes[start + length] != 0 { length += 1 }
    return length
  }
}

/// The header blocks of one member: any number of extensions (pax, GNU long name), then its own. Takes them one by one, so
/// that a stream and bytes in memory are read by the same rules, those of `TarReader`.
struct TarGroup {
  /// Longer extensions are damage or an attack.
  static let longestExtension: UInt64 = 1 << 20
  private static let mostExtensions = 64

  enum Step {
    /// The member's own header; its content follows, of this many bytes, then zeros up to a whole block.
    case member(Member.Kind, size: UInt64)
    /// Content of this many bytes, which is to be given to `take`, then zeros up to a whole block.
    case extended(TarHeader.Kind, size: Int)
    /// Another block follows that belongs to the header.
    case continued(Member.Kind, size: UInt64)
    case end
    case damaged(String)
  }

  enum Taken {
    case nothing
    /// The member's name, in bytes of the content.
    case name(Range<Int>)
    case damaged(String)
  }

  private var extensions = 0
  private var size: UInt64?
  private var isSparse = false
  private var hasSparseName = false

  init() {}

  /// Whether no extension was taken.
  var isEmpty: Bool { extensions == 0 }

  /// - Parameter isTrusted: whether the checksum was looked at before.
  mutating func take(_ block: TarBlock, isTrusted: Bool = false) -> Step {
    if block.isZero { return .end }
    guard isTrusted || block.hasValidChecksum, let stored = block.contentSize else {
      return .damaged("tar header checksum mismatch")
    }
    let kind = block.kind
    switch kind {
    case .paxRecord, .paxGlobal, .longName, .longLink:
      extensions += 1
      guard extensions < Self.mostExtensions else { return .damaged("too many tar extension headers") }
      guard stored <= Self.longestExtension else {
        return .damaged("tar extension header of \(stored) bytes")
      }
      return .extended(kind, size: Int(stored))
    case .regular:
      return .member(isSparse ? .other : .regular, size: size ?? stored)
    case .directory: return .member(.directory, size: 0)
    // Links and devices may state a size but have no content, but for hard links in pax.
    case .hardLink: return .member(.link, size: size ?? 0)
    case .symbolicLink: return .member(.link, size: 0)
    case .sparse where block.isExtended: return .continued(.other, size: size ?? stored)
    case .sparse, .volumePart: return .member(.other, size: size ?? stored)
    case .special: return .member(.other, size: 0)
    }
  }

  /// Takes the content of an extension.
  mutating func take(_ kind: TarHeader.Kind, _ content: UnsafeBufferPointer<UInt8>) -> Taken {
    switch kind {
    case .longName:
      let end = content.firstIndex(of: 0) ?? content.count
      return .name(0..<end)
    case .paxRecord: return takePax(content)
    default: return .nothing
    }
  }

  /// Records of the form `length key=value\n` (POSIX.1-2001, pax interchange format).
  private mutating func takePax(_ bytes: UnsafeBufferPointer<UInt8>) -> Taken {
    var name: Range<Int>?
    var start = 0
    // Some writers fill the block with zeros and count them.
    while start < bytes.count, bytes[start] != 0 {
      guard let record = Self.paxRecord(bytes, from: start) else {
        return .damaged("corrupt pax record in a tar header")
      }
      let key = bytes[record.key]
      if key.elementsEqual(Self.pathKey) {
        if !hasSparseName { name = record.value }
      } else if key.elementsEqual(Self.sizeKey) {
        guard let number = Self.decimal(bytes[record.value]) else {
          return .damaged("corrupt size in a tar header")
        }
        size = number
      } else if key.starts(with: Self.sparseKey) {
        isSparse = true
        if key.elementsEqual(Self.sparseNameKey) {
          hasSparseName = true
          name = record.value
        }
      }
      start = record.value.upperBound + 1
    }
    return name.map { .name($0) } ?? .nothing
  }

  private static let pathKey = Array("path".utf8)
  private static let sizeKey = Array("size".utf8)
  private static let sparseKey = Array("GNU.sparse.".utf8)
  private static let sparseNameKey = Array("GNU.sparse.name".utf8)

  private static func paxRecord(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (key: Range<Int>, value: Range<Int>)? {
    guard let blank = bytes[start...].prefix(20).firstIndex(of: 0x20),
      let length = decimal(bytes[start..<blank]), length <= UInt64(bytes.count - start)
    else { return nil }
    let end = start + Int(length)
    guard end > blank + 1, bytes[end - 1] == 0x0A,
      let equals = bytes[(blank + 1)..<end].firstIndex(of: 0x3D)
    else { return nil }
    return ((blank + 1)..<equals, (equals + 1)..<(end - 1))
  }

  private static func decimal(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    guard !digits.isEmpty else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit), value < UInt64.max / 16 else { return nil }
      value = value * 10 + UInt64(digit - 0x30)
    }
    return value
  }

  /// Bytes that content of this size takes up, whole blocks; nil for a size that no file has.
  static func stored(_ size: UInt64) -> UInt64? {
    guard size <= UInt64(Int64.max) - 1_024 else { return nil }
    return (size + 511) / 512 * 512
  }
}
