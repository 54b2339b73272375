/// One 512-byte header block of a tar: v7, ustar (POSIX.1-1988), pax (POSIX.1-2001) and GNU.
struct TarHeader {
  static let blockSize = 512

  enum Kind: Equatable {
    case regular, directory, hardLink, symbolicLink, special
    case paxRecord, paxGlobal, longName, longLink, sparse, volumePart
  }

  var name: [UInt8]
  var size: UInt64
  var kind: Kind
  /// A GNU sparse header that continues in further blocks.
  var isExtended: Bool

  /// Nil where the checksum is wrong or the size is not a number.
  init?(_ block: UnsafeRawBufferPointer) {
    guard block.count >= Self.blockSize, Self.hasValidChecksum(block) else { return nil }
    guard let size = Self.number(block[124..<136]) else { return nil }
    self.size = size
    let isUstar = block[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0x00])
    name = Self.text(block[0..<100])
    // The GNU magic "ustar  " keeps other things where POSIX has the prefix.
    if isUstar {
      let prefix = Self.text(block[345..<500])
      if !prefix.isEmpty { name = prefix + [0x2F] + name }
    }
    kind = Self.kind(block[156], isFolderName: name.last == 0x2F)
    isExtended = kind == .sparse && block[482] != 0
  }

  static func kind(_ flag: UInt8, isFolderName: Bool) -> Kind {
    switch flag {
    case UInt8(ascii: "1"): return .hardLink
    case UInt8(ascii: "2"): return .symbolicLink
    case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): return .special
    case UInt8(ascii: "5"): return .directory
    case UInt8(ascii: "x"), UInt8(ascii: "X"): return .paxRecord
    case UInt8(ascii: "g"): return .paxGlobal
    case UInt8(ascii: "L"): return .longName
    case UInt8(ascii: "K"): return .longLink
    case UInt8(ascii: "S"): return .sparse
    case UInt8(ascii: "D"), UInt8(ascii: "M"), UInt8(ascii: "V"), UInt8(ascii: "N"): return .volumePart
    // Before POSIX a directory was a regular file with a slash at the end. A long name may be cut at a slash.
    case 0: return isFolderName ? .directory : .regular
    default: return .regular
    }
  }

  /// Whether these bytes begin a tar: a header with the magic, or an old one whose checksum holds.
  static func isHeader(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= blockSize else { return false }
    if bytes[257..<262].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72]) { return true }
    return bytes[0] != 0 && bytes.withUnsafeBytes { hasValidChecksum($0) }
  }

  /// The sum of all bytes with the checksum field as blanks; some old writers summed signed bytes.
  static func hasValidChecksum(_ block: UnsafeRawBufferPointer) -> Bool {
    guard let stored = number(block[148..<156]) else { return false }
    // 512 bytes fit a 32-bit sum many times over.
    var unsigned: UInt32 = 0
    var high: UInt32 = 0
    for byte in block.prefix(blockSize) {
      unsigned &+= UInt32(byte)
      high &+= UInt32(byte >> 7)
    }
    for byte in block[148..<156] {
      unsigned &-= UInt32(byte)
      high &-= UInt32(byte >> 7)
    }
    unsigned += 8 * 0x20
    let signed = Int64(unsigned) - 256 * Int64(high)
    return stored == UInt64(unsigned) || Int64(exactly: stored) == signed
  }

  /// Octal digits between blanks and zeros, or a big-endian number after a first byte 0x80 (GNU base-256).
  ///
  /// Nil for anything else, negative numbers included. An empty field is 0.
  static func number(_ field: Slice<UnsafeRawBufferPointer>) -> UInt64? {
    if let first = field.first, first & 0x80 != 0 {
      guard first == 0x80 else { return nil }
      var value: UInt64 = 0
      for byte in field.dropFirst() {
        guard value >> 55 == 0 else { return nil }
        value = value << 8 | UInt64(byte)
      }
      return value
    }
    var value: UInt64 = 0
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
    for digit in digits {
      guard (0x30...0x37).contains(digit), value >> 60 == 0 else { return nil }
      value = value << 3 | UInt64(digit - 0x30)
    }
    return value
  }

  static func text(_ field: some Sequence<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }
}
