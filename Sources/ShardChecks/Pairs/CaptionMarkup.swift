import CKernels
import ShardModel

/// A caption still has the markup of a page in it.
struct CaptionMarkup: Check {
  static let description = CheckDescription(
    id: "caption-markup", family: .pairs, severity: .warning,
    summary: "A caption has elements or character references of HTML in it.",
    rationale: """
      The text was taken from a page without being decoded: the model learns `&amp;` and `<br>` as words.
      """,
    triggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"a dog<br/>on a beach\"}\n"),
      .init("{\"image\": \"1.jpg\", \"caption\": \"a dog &amp; a beach\"}\n"),
    ],
    nonTriggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"a dog & a beach; <3, 2 < 3 and b > a\"}\n")
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    let signs = UInt32(CK_MARK_LESS) | UInt32(CK_MARK_AMPERSAND)
    guard places.pairs.captionExtent.marks & signs != 0 else { return }
    for caption in places.pairs.captions.values where caption.marks.marks & signs != 0 {
      let bytes = places.pairs.bytes(of: caption.text)
      guard let found = Markup.first(in: bytes) else { continue }
      findings.add(
        finding(
          field: places.path(caption.position, caption.field, caption.row), value: Excerpt.of(bytes),
          "markup in a caption: \(found)"), row: Int(caption.row))
    }
  }
}

/// Elements and character references of HTML, as far as nothing else is written like them.
package enum Markup {
  private static let elements: Set<String> = [
    "a", "b", "i", "u", "p", "br", "hr", "div", "span", "img", "em", "strong", "font", "table", "tr", "td",
    "th",
    "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "script", "style", "sup", "sub", "small", "center",
    "blockquote", "figure", "figcaption",
  ]
  private static let references: Set<String> = [
    "amp", "lt", "gt", "quot", "apos", "nbsp", "ndash", "mdash", "hellip", "lsquo", "rsquo", "ldquo", "rdquo",
    "copy", "reg", "trade", "bull", "eacute", "auml", "ouml", "uuml",
  ]
  /// Names and numbers are no longer.
  private static let longestName = 10

  /// The first of them as it is written, without what stands between the brackets.
  /// - Complexity: O(bytes).
  package static func first(in text: UnsafeBufferPointer<UInt8>) -> String? {
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "&"), let name = reference(text[(index + 1)...]) { return "&\(name);" }
      if text[index] == UInt8(ascii: "<"), let name = element(text[(index + 1)...]) { return "<\(name)>" }
      index += 1
    }
    return nil
  }

  private static func reference(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    let start = text.prefix(longestName + 1)
    guard let end = start.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: start[..<end], as: UTF8.self)
    if references.contains(name) { return name }
    guard name.hasPrefix("#") else { return nil }
    let isHexadecimal = name.hasPrefix("#x") || name.hasPrefix("#X")
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    return digits.isEmpty || UInt32(digits, radix: isHexadecimal ? 16 : 10) == nil ? nil : name
  }

  private static func element(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    var rest = text
    let isClosing = rest.first == UInt8(ascii: "/")
    if isClosing { rest = rest.dropFirst() }
    let name = rest.prefix(longestName + 1).prefix { isLetter($0) || isDigit($0) }
    guard !name.isEmpty, name.count <= longestName else { return nil }
    rest = rest.dropFirst(name.count)
    // `<b>`, `<br/>`, `<a href=...>`; `<a beach>` is none.
    guard let next = rest.first else { return nil }
    switch next {
    case UInt8(ascii: ">"), UInt8(ascii: "/"): break
    case UInt8(ascii: " "):
      guard !isClosing,
        rest.prefix(64).contains(UInt8(ascii: "=")) || rest.dropFirst().starts(with: "/>".utf8)
      else { return nil }
    default: return nil
    }
    let found = String(decoding: name, as: UTF8.self)
    return elements.contains(found.lowercased()) ? (isClosing ? "/" : "") + found : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
