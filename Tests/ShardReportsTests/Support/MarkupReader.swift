/// Reads the little of HTML that the report writes, strictly: what it does not know is an error, so an attack that comes
/// through as markup is one too.
struct MarkupReader {
  struct Invalid: Error, CustomStringConvertible {
    let description: String
  }

  private static let elements: [String: Set<String>] = [
    "html": ["lang"], "head": [], "meta": ["charset", "http-equiv", "content", "name"],
    "link": ["rel", "href"],
    "title": [], "style": [], "script": [], "body": [], "a": ["class", "href"],
    "header": ["class"], "main": ["id"], "footer": [], "nav": ["aria-label"],
    "section": ["id", "aria-labelledby", "class"], "article": ["class", "data-q", "data-f"],
    "div": ["class", "hidden", "role", "aria-label", "tabindex"], "p": ["class"],
    "span": ["class", "id", "role"], "b": [], "code": ["class"], "pre": ["class", "tabindex"],
    "ul": ["class"],
    "ol": [], "li": [], "dl": ["class"], "dt": [], "dd": ["class"], "h1": ["id"], "h2": ["id", "class"],
    "h3": [], "h4": [], "button": ["type", "id", "hidden"], "details": [], "summary": [], "label": ["class"],
    "input": ["type", "id"], "table": ["id"], "caption": [], "thead": [], "tbody": [], "tr": ["data-f"],
    "th": ["scope", "class"], "td": ["class"], "figure": ["class"], "figcaption": [],
    "img": ["loading", "src", "alt"],
    "svg": ["class", "viewBox", "preserveAspectRatio", "role", "aria-label", "aria-hidden"],
    "path": ["class", "d", "stroke-width"], "rect": ["class", "x", "width", "height"],
  ]
  private static let empty: Set<String> = ["meta", "link", "input", "img", "path", "rect"]

  private(set) var open: [String] = []
  private(set) var counts: [String: Int] = [:]
  /// Headings in order.
  private(set) var levels: [Int] = []
  private(set) var text = ""
  private let source: [UInt8]
  private var place = 0

  init(_ page: [UInt8]) throws {
    source = page
    let head = Array("<!doctype html>\n".utf8)
    guard source.starts(with: head) else { throw Invalid(description: "no doctype") }
    place = head.count
    while place < source.count {
      if source[place] == UInt8(ascii: "<") { try tag() } else { try characters() }
    }
    guard open.isEmpty else { throw Invalid(description: "not closed: \(open)") }
  }

  private func failed(_ what: String) -> Invalid {
    let around = source[max(0, place - 60)..<min(source.count, place + 60)]
    return Invalid(description: "\(what) at \(place): \(String(decoding: around, as: UTF8.self))")
  }

  private mutating func characters() throws {
    let start = place
    while place < source.count, source[place] != UInt8(ascii: "<") {
      guard source[place] >= 0x20 || source[place] == 0x0A, source[place] != UInt8(ascii: ">") else {
        throw failed("a raw character")
      }
      place += 1
    }
    text += String(decoding: source[start..<place], as: UTF8.self)
  }

  private mutating func name() throws -> String {
    let start = place
    while place < source.count,
      Character(Unicode.Scalar(source[place])).isLetter || source[place] == 0x2D
        || (0x30...0x39).contains(source[place])
    { place += 1 }
    guard place > start else { throw failed("no name") }
    return String(decoding: source[start..<place], as: UTF8.self)
  }

  private mutating func tag() throws {
    place += 1
    if source[place] == UInt8(ascii: "/") {
      place += 1
      let name = try name()
      // The end tag of a cell may be left out.
      if open.last == "td", name == "tr" { open.removeLast() }
      guard open.popLast() == name, source[place] == UInt8(ascii: ">") else { throw failed("a wrong end") }
      place += 1
      return
    }
    let name = try name()
    guard let known = Self.elements[name] else { throw failed("an unknown element \(name)") }
    if open.last == "td", name == "td" { open.removeLast() }
    counts[name, default: 0] += 1
    if name.count == 2, name.hasPrefix("h"), let level = Int(name.dropFirst()) { levels.append(level) }
    while source[place] == UInt8(ascii: " ") { try attribute(of: name, known) }
    if source[place] == UInt8(ascii: "/") { place += 1 }
    guard source[place] == UInt8(ascii: ">") else { throw failed("no end of a tag") }
    place += 1
    guard !Self.empty.contains(name) else { return }
    open.append(name)
    if name == "style" || name == "script" {
      let end = Array("</\(name)>".utf8)
      while !source[place...].starts(with: end) { place += 1 }
    }
  }

  private mutating func attribute(of element: String, _ known: Set<String>) throws {
    place += 1
    let name = try name()
    guard known.contains(name) else { throw failed("an unknown attribute \(name) of \(element)") }
    guard source[place] == UInt8(ascii: "=") else { return }
    place += 1
    guard source[place] == UInt8(ascii: "\"") else { throw failed("no quote") }
    place += 1
    let start = place
    while source[place] != UInt8(ascii: "\"") {
      guard source[place] != UInt8(ascii: "<"), source[place] >= 0x20 else { throw failed("a raw character") }
      place += 1
    }
    let value = String(decoding: source[start..<place], as: UTF8.self)
    if name == "href" || name == "src" {
      guard value.hasPrefix("#") || value.hasPrefix("data:image/") || value == "data:," else {
        throw failed("an address \(value)")
      }
    }
    place += 1
  }
}
