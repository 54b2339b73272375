import ShardModel

/// A JSON document in memory, strictly RFC 8259: values in the order of the text, strings left where they are.
///
/// It takes 16 bytes a value beside the text, which it keeps a view of.
struct JSONTree: ~Copyable {
  static let maximumBytes = 1 << 28
  static let maximumDepth = 64
  static let maximumValues = 1 << 24

  enum Kind: UInt8 {
    case null, boolean, number, string, escapedString, array, object
  }

  struct Node {
    /// Of its text; a string's without the quotes.
    var start: UInt32
    var length: UInt32
    /// The first node behind the value and all that it holds.
    var next: UInt32
    var kind: Kind
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var nodes = Buffer<Node>()
  private var at = 0

  /// - Parameter text: must outlive the tree.
  init(_ text: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    self.text = text
    let isSized = text.count <= Self.maximumBytes
    let valid = isSized ? UTF8Text.wellFormedPrefix(text) : 0
    do throws(TokenizerError) {
      guard isSized else { throw fail("more than \(Self.maximumBytes) bytes") }
      guard valid == text.count else { throw TokenizerError(part: "byte \(valid)", message: "not UTF-8") }
      try value(depth: 0)
      skipSpace()
      guard at == text.count else { throw fail("more than one value") }
    } catch {
      nodes.deallocate()
      throw error
    }
  }

  deinit {
    var nodes = nodes
    nodes.deallocate()
  }

  private func fail(_ message: String) -> TokenizerError {
    TokenizerError(part: "byte \(at)", message: message)
  }

  private mutating func skipSpace() {
    while at < text.count, text[at] == 0x20 || text[at] == 0x0A || text[at] == 0x0D || text[at] == 0x09 {
      at += 1
    }
  }

  private mutating func open(_ kind: Kind, from start: Int) throws(TokenizerError) -> Int {
    guard nodes.count < Self.maximumValues else { throw fail("more than \(Self.maximumValues) values") }
    nodes.append(Node(start: UInt32(start), length: 0, next: 0, kind: kind))
    return nodes.count - 1
  }

  private mutating func close(_ node: Int, to end: Int) {
    nodes.base[node].length = UInt32(end - Int(nodes.base[node].start))
    nodes.base[node].next = UInt32(nodes.count)
  }

  private mutating func value(depth: Int) throws(TokenizerError) {
    skipSpace()
    guard depth < Self.maximumDepth else { throw fail("nested deeper than \(Self.maximumDepth)") }
    guard at < text.count else { throw fail("ends within a value") }
    switch text[at] {
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "{"): try container(.object, until: UInt8(ascii: "}"), depth)
    case UInt8(ascii: "["): try container(.array, until: UInt8(ascii: "]"), depth)
    case UInt8(ascii: "t"): try word("true", .boolean)
    case UInt8(ascii: "f"): try word("false", .boolean)
    case UInt8(ascii: "n"): try word("null", .null)
    default: try number()
    }
  }

  private mutating func container(_ kind: Kind, until end: UInt8, _ depth: Int) throws(TokenizerError) {
    let node = try open(kind, from: at)
    at += 1
    skipSpace()
    if at < text.count, text[at] == end {
      at += 1
      return close(node, to: at)
    }
    while true {
      if kind == .object {
        skipSpace()
        guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw fail("no key") }
        try string()
        skipSpace()
        guard at < text.count, text[at] == UInt8(ascii: ":") else { throw fail("no colon") }
        at += 1
      }
      try value(depth: depth + 1)
      skipSpace()
      guard at < text.count else { throw fail("ends within a value") }
      let byte = text[at]
      at += 1
      if byte == end { return close(node, to: at) }
      guard byte == UInt8(ascii: ",") else { throw fail("no comma") }
    }
  }

  private mutating func word(_ word: StaticString, _ kind: Kind) throws(TokenizerError) {
    let node = try open(kind, from: at)
    let length = word.utf8CodeUnitCount
    guard text.count - at >= length, text[at..<at + length].elementsEqual(word.withUTF8Buffer { Array($0) })
    else {
      throw fail("not a value")
    }
    at += length
    close(node, to: at)
  }

  private mutating func number() throws(TokenizerError) {
    let node = try open(.number, from: at)
    let start = at
    func digits(_ at: Int) -> Int {
      var end = at
      while end < text.count, text[end] >= UInt8(ascii: "0"), text[end] <= UInt8(ascii: "9") { end += 1 }
      return end
    }
    if text[at] == UInt8(ascii: "-") { at += 1 }
    let whole = digits(at)
    guard whole > at, whole == at + 1 || text[at] != UInt8(ascii: "0") else { throw fail("not a value") }
    at = whole
    if at < text.count, text[at] == UInt8(ascii: ".") {
      let end = digits(at + 1)
      guard end > at + 1 else { throw fail("not a number") }
      at = end
    }
    if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
      let end = digits(at)
      guard end > at else { throw fail("not a number") }
      at = end
    }
    guard at - start <= 64 else { throw fail("a number of more than 64 characters") }
    close(node, to: at)
  }

  private mutating func string() throws(TokenizerError) {
    at += 1
    let node = try open(.string, from: at)
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "\"") {
        close(node, to: at)
        at += 1
        return
      }
      guard byte >= 0x20 else { throw fail("a control character in a string") }
      if byte == UInt8(ascii: "\\") {
        nodes.base[node].kind = .escapedString
        at += 1
        guard at < text.count else { break }
        if text[at] == UInt8(ascii: "u") {
          guard hex(at + 1) != nil else { throw fail("not an escape") }
        } else {
          guard Self.escape(text[at]) != nil else { throw fail("not an escape") }
        }
      }
      at += 1
    }
    throw fail("ends within a string")
  }

  private static func escape(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    default: nil
    }
  }

  private func hex(_ at: Int) -> UInt32? {
    guard at + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for byte in text[at..<at + 4] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return value
  }

  // MARK: Reading

  func kind(_ node: Int) -> Kind { nodes.base[node].kind }
  func next(_ node: Int) -> Int { Int(nodes.base[node].next) }
  func raw(_ node: Int) -> UnsafeBufferPointer<UInt8> {
    let node = nodes.base[node]
    return UnsafeBufferPointer(rebasing: text[Int(node.start)..<Int(node.start) + Int(node.length)])
  }

  func isString(_ node: Int) -> Bool { kind(node) == .string || kind(node) == .escapedString }

  /// The bytes of a string; a surrogate that stands alone becomes U+FFFD.
  func string(_ node: Int, into output: inout Buffer<UInt8>) {
    output.removeAll()
    let raw = raw(node)
    guard kind(node) == .escapedString else { return output.append(bytes: raw) }
    var at = 0
    while at < raw.count {
      guard raw[at] == UInt8(ascii: "\\") else {
        output.append(raw[at])
        at += 1
        continue
      }
      let letter = raw[at + 1]
      guard letter == UInt8(ascii: "u") else {
        output.append(Self.escape(letter) ?? letter)
        at += 2
        continue
      }
      let offset = raw.baseAddress.map { $0 - (text.baseAddress ?? $0) } ?? 0
      var scalar = hex(offset + at + 2) ?? 0xFFFD
      at += 6
      if scalar >> 10 == 0x36, at + 6 <= raw.count, raw[at] == UInt8(ascii: "\\"),
        raw[at + 1] == UInt8(ascii: "u"),
        let low = hex(offset + at + 2), low >> 10 == 0x37
      {
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
        at += 6
      }
      UTF8Text.append(scalar >> 11 == 0x1B ? 0xFFFD : scalar, to: &output)
    }
  }

  func string(_ node: Int) -> [UInt8] {
    var buffer = Buffer<UInt8>()
    defer { buffer.deallocate() }
    string(node, into: &buffer)
    return Array(buffer.view)
  }

  func integer(_ node: Int) -> UInt32? {
    guard kind(node) == .number, nodes.base[node].length <= 9 else { return nil }
    var value: UInt32 = 0
    for byte in raw(node) {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
    }
    return value
  }

  func double(_ node: Int) -> Double? {
    kind(node) == .number ? Double(String(decoding: raw(node), as: UTF8.self)) : nil
  }

  /// The member of that name, the last where there are several; nil where the value is no object.
  /// - Complexity: O(members).
  func member(_ name: StaticString, of object: Int) -> Int? {
    guard kind(object) == .object else { return nil }
    var found: Int?
    var at = object + 1
    let end = next(object)
    while at < end {
      if matches(at, name) { found = at + 1 }
      at = next(at + 1)
    }
    return found
  }

  private func matches(_ node: Int, _ name: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    if kind(node) == .string { return raw(node).elementsEqual(expected) }
    return string(node).elementsEqual(expected)
  }
}
