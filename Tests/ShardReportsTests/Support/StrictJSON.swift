/// A small parser that accepts exactly RFC 8259 in UTF-8, for checking what the writers write.
enum StrictJSON: Equatable {
  case null
  case boolean(Bool)
  /// As written.
  case number(String)
  case string(String)
  case array([StrictJSON])
  case object([Member])

  struct Member: Equatable {
    let name: String
    let value: StrictJSON
  }

  struct Invalid: Error { let position: Int }

  init(_ bytes: [UInt8]) throws {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Invalid(position: -1) }
    var parser = Parser(bytes: bytes)
    self = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw Invalid(position: parser.position) }
  }

  subscript(_ name: String) -> StrictJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var names: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.name)
  }
}

private struct Parser {
  let bytes: [UInt8]
  var position = 0

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func failed() -> StrictJSON.Invalid { StrictJSON.Invalid(position: position) }

  mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func take(word: String) throws {
    guard bytes[position...].starts(with: word.utf8) else { throw failed() }
    position += word.utf8.count
  }

  mutating func value() throws -> StrictJSON {
    skipSpace()
    switch next {
    case UInt8(ascii: "n"):
      try take(word: "null")
      return .null
    case UInt8(ascii: "t"):
      try take(word: "true")
      return .boolean(true)
    case UInt8(ascii: "f"):
      try take(word: "false")
      return .boolean(false)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "{"): return try object()
    default: return .number(try number())
    }
  }

  mutating func array() throws -> StrictJSON {
    position += 1
    var items: [StrictJSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      items.append(try value())
      skipSpace()
      if take("]") { return .array(items) }
      guard take(",") else { throw failed() }
    }
  }

  mutating func object() throws -> StrictJSON {
    position += 1
    var members: [StrictJSON.Member] = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failed() }
      let name = try string()
      guard !members.contains(where: { $0.name == name }) else { throw failed() }
      skipSpace()
      guard take(":") else { throw failed() }
      members.append(StrictJSON.Member(name: name, value: try value()))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw failed() }
    }
  }

  mutating func number() throws -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func digits() throws {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw failed() }
  }

  mutating func string() throws -> String {
    position += 1
    var units: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case 0..<0x20: throw failed()
      case UInt8(ascii: "\\"): try escape(into: &units)
      default: units.append(byte)
      }
    }
    throw failed()
  }

  mutating func escape(into units: inout [UInt8]) throws {
    guard let byte = next else { throw failed() }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": units.append(byte)
    case "b": units.append(0x08)
    case "f": units.append(0x0C)
    case "n": units.append(0x0A)
    case "r": units.append(0x0D)
    case "t": units.append(0x09)
    case "u":
      guard position + 4 <= bytes.count,
        let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw failed() }
      position += 4
      units.append(contentsOf: String(Character(scalar)).utf8)
    default: throw failed()
    }
  }
}
