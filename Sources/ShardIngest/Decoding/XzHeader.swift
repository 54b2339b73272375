/// The header of the first block of an xz file (The .xz File Format 1.1.0, sections 2.1.1 and 3.1).
enum XzHeader {
  /// The longest header that is looked at: the stream's 12 bytes and a block header with all four filters.
  static let maximumSize = 12 + 128

  private static let lzma2: UInt64 = 0x21

  /// The dictionary that decoding needs, nil where the header does not say it in a known way.
  static func dictionarySize(_ bytes: [UInt8]) -> UInt64? {
    var position = 12
    guard bytes.count > position + 2, bytes[position] != 0 else { return nil }
    let flags = bytes[position + 1]
    position += 2
    if flags & 0x40 != 0 { guard integer(bytes, &position) != nil else { return nil } }
    if flags & 0x80 != 0 { guard integer(bytes, &position) != nil else { return nil } }
    for _ in 0...(flags & 0x03) {
      guard let filter = integer(bytes, &position), let size = integer(bytes, &position),
        size <= UInt64(bytes.count), position + Int(size) <= bytes.count
      else { return nil }
      if filter == lzma2, size == 1 { return lzma2Dictionary(bytes[position]) }
      position += Int(size)
    }
    return nil
  }

  /// 2 or 3 times a power of two; 40 stands for 4 GiB less one byte (section 5.3.1).
  private static func lzma2Dictionary(_ code: UInt8) -> UInt64? {
    guard code <= 40 else { return nil }
    return code == 40 ? UInt64(UInt32.max) : (2 | UInt64(code & 1)) << (UInt64(code / 2) + 11)
  }

  /// Seven bits a byte, low ones first, at most nine bytes (section 1.2).
  private static func integer(_ bytes: [UInt8], _ position: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in 0..<9 {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << UInt64(7 * shift)
      if byte < 0x80 { return value }
    }
    return nil
  }
}
