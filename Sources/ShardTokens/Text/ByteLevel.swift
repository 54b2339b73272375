/// The characters that stand for bytes in the vocabularies of GPT-2 (`encoder.py`, `bytes_to_unicode`).
enum ByteLevel {
  static let scalars: [UInt32] = {
    var next: UInt32 = 256
    return (0...255).map { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  private static let bytes: [UInt32: UInt8] = Dictionary(
    uniqueKeysWithValues: scalars.enumerated().map { ($0.element, UInt8($0.offset)) })

  static func mapped(_ text: [UInt8]) -> [UInt8] { text.flatMap(mapped) }

  static func mapped(_ byte: UInt8) -> [UInt8] {
    let scalar = scalars[Int(byte)]
    return scalar < 0x80
      ? [UInt8(scalar)] : [UInt8(0xC0 | scalar >> 6), UInt8(0x80 | scalar & 0x3F)]
  }

  /// Nil for a text with other characters.
  static func unmapped(_ text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      guard let byte = bytes[scalar.value] else { return nil }
      result.append(byte)
    }
    return result
  }
}
