/// Says whether bytes are one JSON value (RFC 8259 and the named spellings of NaN and the infinities): a second opinion,
/// written for plainness.
struct ReferenceJSON {
  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private let maximumDepth: Int

  static func isValue(_ bytes: ArraySlice<UInt8>, maximumDepth: Int) -> Bool {
    var reference = ReferenceJSON(bytes: bytes, index: bytes.startIndex, maximumDepth: maximumDepth)
    reference.skipSpace()
    guard reference.value(0) else { return false }
    reference.skipSpace()
    return reference.index == bytes.endIndex
  }

  private var byte: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  private mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: expected) else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
  }

  private mutating func value(_ depth: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "{"):
      index += 1
      return depth < maximumDepth && members(depth + 1)
    case UInt8(ascii: "["):
      index += 1
      return depth < maximumDepth && elements(depth + 1)
    case UInt8(ascii: "\""): return text()
    default: return numberOrWord()
    }
  }

  private mutating func members(_ depth: Int) -> Bool {
    skipSpace()
    if take("}") { return true }
    while true {
      skipSpace()
      guard text() else { return false }
      skipSpace()
      guard take(":") else { return false }
      skipSpace()
      guard value(depth) else { return false }
      skipSpace()
      if take(",") { continue }
      return take("}")
    }
  }

  private mutating func elements(_ depth: Int) -> Bool {
    skipSpace()
    if take("]") { return true }
    while true {
      skipSpace()
      guard value(depth) else { return false }
      skipSpace()
      if take(",") { continue }
      return take("]")
    }
  }

  private mutating func text() -> Bool {
    guard take("\"") else { return false }
    while let byte {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return true
      case 0..<0x20: return false
      case UInt8(ascii: "\\"):
        guard let escape = self.byte else { return false }
        index += 1
        switch Unicode.Scalar(escape) {
        case "\"", "\\", "/", "b", "f", "n", "r", "t": break
        case "u":
          for _ in 0..<4 {
            guard let digit = self.byte, Character(Unicode.Scalar(digit)).isHexDigit, digit < 0x80 else {
              return false
            }
            index += 1
          }
        default: return false
        }
      default: break
      }
    }
    return false
  }

  private mutating func numberOrWord() -> Bool {
    let start = index
    while let byte, byte > 0x20, !",]}[{:\"".utf8.contains(byte) { index += 1 }
    let token = Array(bytes[start..<index])
    if let number = NumberFuzz.Grammar(token), number.length == token.count { return true }
    var word = String(decoding: token, as: UTF8.self)
    if ["true", "false", "null"].contains(word) { return true }
    if word.hasPrefix("-") || word.hasPrefix("+") { word.removeFirst() }
    return ["NaN", "nan", "NAN", "Infinity", "infinity", "INFINITY", "Inf", "inf", "INF"].contains(word)
  }
}
