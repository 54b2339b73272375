/// Reads the header of a `.npy` file: magic, version, length, and a literal of a Python dictionary with exactly the keys
/// `descr`, `fortran_order` and `shape`. Nothing is evaluated.
package struct ArrayHeaderParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var end = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Whether these bytes begin as an array does; an incomplete magic does not.
  package static func isArray(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.starts(with: ArrayHeader.magic)
  }

  /// - Parameter bytes: the start of the file; all of it if it is shorter than the longest header.
  /// - Complexity: O(header).
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(ArrayHeaderError) -> ArrayHeader {
    var parser = ArrayHeaderParser(bytes)
    return try parser.parse()
  }

  private mutating func parse() throws(ArrayHeaderError) -> ArrayHeader {
    try parsePreamble()
    var element: Result<ArrayElement, ArrayHeaderError>?
    var isFortran: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      // `take` has moved over the space before it.
      let start = index
      let key = try parseString()
      try expect(":")
      skipSpace()
      switch key {
      case "descr" where element == nil: element = try parseElement()
      case "fortran_order" where isFortran == nil: isFortran = try parseBoolean()
      case "shape" where shape == nil: shape = try parseShape()
      default:
        throw .damaged(reason: "the header has an unexpected key '\(Excerpted.text(key))'", offset: start)
      }
      if take(",") { continue }
      try expect("}")
      break
    }
    skipSpace()
    guard index == end else { throw unexpected("the end of the header") }
    guard let element, let isFortran, let shape else {
      let missing = element == nil ? "descr" : shape == nil ? "shape" : "fortran_order"
      throw .damaged(reason: "the header does not say '\(missing)'", offset: end)
    }
    guard
      let header = ArrayHeader(element: try element.get(), isFortran: isFortran, shape: shape, length: end)
    else { throw .damaged(reason: "the shape asks for more than 2^63 bytes", offset: end) }
    return header
  }

  // MARK: Before the dictionary

  private mutating func parsePreamble() throws(ArrayHeaderError) {
    guard bytes.starts(with: ArrayHeader.magic) else {
      let same = zip(bytes, ArrayHeader.magic).prefix { $0 == $1 }.count
      let isCut = same == bytes.count
      throw .damaged(
        reason: isCut ? "the header is cut short" : "no array: it does not start with \\x93NUMPY",
        offset: same)
    }
    guard bytes.count >= 8 else { throw .damaged(reason: "the header is cut short", offset: bytes.count) }
    let version = (bytes[6], bytes[7])
    guard (1...3).contains(version.0), version.1 == 0 else {
      throw .damaged(reason: "version \(version.0).\(version.1) of the format is unknown", offset: 6)
    }
    let width = version.0 == 1 ? 2 : 4
    index = 8 + width
    guard bytes.count >= index else { throw .damaged(reason: "the header is cut short", offset: bytes.count) }
    var length = 0
    for place in 0..<width { length |= Int(bytes[8 + place]) << (8 * place) }
    guard length <= ArrayHeader.longest else {
      throw .damaged(
        reason: "the header claims \(length) bytes, expected at most \(ArrayHeader.longest)", offset: 8)
    }
    end = index + length
    guard bytes.count >= end else { throw .damaged(reason: "the header is cut short", offset: bytes.count) }
  }

  // MARK: Values

  private mutating func parseElement() throws(ArrayHeaderError) -> Result<ArrayElement, ArrayHeaderError> {
    let start = index
    guard peek == UInt8(ascii: "'") || peek == UInt8(ascii: "\"") else {
      try skipNested()
      let text = Excerpted.text(String(decoding: bytes[start..<index], as: UTF8.self))
      return .failure(
        .notDecoded(
          reason: "the dtype \(text) (records of several fields) is not decoded",
          isObjects: text.contains("'O'") || text.contains("|O")))
    }
    let descr = try parseString()
    if let element = ArrayElement(descr: descr) { return .success(element) }
    return .failure(
      .notDecoded(
        reason: "the dtype '\(Excerpted.text(descr))'\(Self.words(descr)) is not decoded",
        isObjects: descr.hasSuffix("O")))
  }

  private static func words(_ descr: String) -> String {
    switch descr.dropFirst(descr.first.map { "<>|=".contains($0) } == true ? 1 : 0).first {
    case "O": " (Python objects, a pickle, which is never executed)"
    case "c": " (complex numbers)"
    case "S", "a", "U", "T": " (texts)"
    case "M", "m": " (times)"
    case "V" where descr.hasSuffix("V2"): " (raw bytes, two each, as bfloat16 is stored)"
    case "V": " (raw bytes)"
    case "f": " (floats of another size)"
    default: ""
    }
  }

  private mutating func parseBoolean() throws(ArrayHeaderError) -> Bool {
    for (word, value) in [("True", true), ("False", false)]
    where bytes[index..<end].starts(with: word.utf8) {
      index += word.utf8.count
      return value
    }
    throw unexpected("True or False")
  }

  private mutating func parseShape() throws(ArrayHeaderError) -> [Int] {
    try expect("(")
    var shape: [Int] = []
    var hasComma = false
    while !take(")") {
      guard shape.isEmpty || hasComma else { throw unexpected("',' or ')'") }
      guard shape.count < ArrayHeader.mostDimensions else {
        throw .damaged(
          reason: "the shape has more than \(ArrayHeader.mostDimensions) dimensions", offset: index)
      }
      shape.append(try parseDimension())
      hasComma = take(",")
    }
    // `(3)` is a number to Python.
    if shape.count == 1, !hasComma { throw unexpected("a comma in the shape", back: 1) }
    return shape
  }

  private mutating func parseDimension() throws(ArrayHeaderError) -> Int {
    skipSpace()
    let start = index
    if peek == UInt8(ascii: "-") {
      throw .damaged(reason: "the shape has a negative dimension", offset: index)
    }
    var value = 0
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
      let (next, isOverToo) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !isOver, !isOverToo else {
        throw .damaged(reason: "a dimension of the shape is beyond 2^63", offset: start)
      }
      value = next
      index += 1
    }
    guard index > start else { throw unexpected("a dimension") }
    // As Python 2 wrote long integers.
    if peek == UInt8(ascii: "L") { index += 1 }
    return value
  }

  /// A literal without a prefix; escapes are kept as they are, for no name that counts has one.
  private mutating func parseString() throws(ArrayHeaderError) -> String {
    skipSpace()
    guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw unexpected("a text in quotes")
    }
    index += 1
    let start = index
    while let byte = peek, byte != quote { index = min(end, index + (byte == UInt8(ascii: "\\") ? 2 : 1)) }
    guard peek == quote else { throw .damaged(reason: "a text of the header is not closed", offset: start) }
    index += 1
    return String(decoding: bytes[start..<(index - 1)], as: UTF8.self)
  }

  /// Moves over a list or tuple, as the dtype of records is.
  private mutating func skipNested() throws(ArrayHeaderError) {
    let start = index
    var depth = 0
    repeat {
      switch peek {
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        _ = try parseString()
        continue
      case nil: throw .damaged(reason: "the dtype of the header is not closed", offset: start)
      default: if depth == 0 { throw unexpected("a dtype") }
      }
      index += 1
    } while depth > 0
    if index == start + 1 { throw unexpected("a dtype", back: 1) }
  }

  // MARK: Bytes

  private var peek: UInt8? { index < end ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(ArrayHeaderError) {
    guard take(character) else { throw unexpected("'\(character)'") }
  }

  private func unexpected(_ expected: String, back: Int = 0) -> ArrayHeaderError {
    let place = index - back
    let found: String
    switch place < end ? bytes[place] : nil {
    case let byte? where (0x21..<0x7F).contains(byte): found = "'\(Character(Unicode.Scalar(byte)))'"
    case let byte?: found = "byte 0x" + String(byte, radix: 16, uppercase: true)
    case nil: found = "the end of the header"
    }
    return .damaged(reason: "the header: expected \(expected), found \(found)", offset: place)
  }
}

/// Pieces of the data in messages, bounded.
private enum Excerpted {
  static func text(_ text: String) -> String { text.utf8.count > 80 ? String(text.prefix(60)) + "…" : text }
}
