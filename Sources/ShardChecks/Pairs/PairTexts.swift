import CKernels
import Glibc
import ShardModel
import ShardRules

/// Where a picture is, by the first bytes of what names it.
enum PairAddress {
  private static let remote = ["http://", "https://", "ftp://", "s3://", "gs://", "hf://", "oss://"].map {
    Array($0.utf8)
  }

  static func source(of text: UnsafeBufferPointer<UInt8>) -> PairImage.Source {
    // Nearly all of them are paths, and those have no colon in the first six bytes.
    var index = 0
    while index < min(6, text.count), text[index] != UInt8(ascii: ":") { index &+= 1 }
    guard index < min(6, text.count) else { return .path }
    if text.starts(with: "data:".utf8) { return .data }
    return remote.contains { text.starts(with: $0) } ? .remote : .path
  }
}

/// Whether a tag stands where Qwen-VL's format has it, so that a text about HTML is no picture.
enum PairTagForm {
  /// `<img>` at the start of a question or behind `Picture 1: `, with a path behind it; `<box>(`, `<quad>(`.
  static func isTag(_ tag: PairTag, in text: UnsafeBufferPointer<UInt8>, of role: PairRole) -> Bool {
    guard !tag.isClosing, Int(tag.end) < text.count else { return false }
    let next = text[Int(tag.end)]
    switch tag.kind {
    case .box, .quad: return next == UInt8(ascii: "(")
    case .image: return role != .answer && next > 0x20 && startsPicture(text[..<Int(tag.start)])
    default: return false
    }
  }

  /// Whether what stands between the tags of a picture can be its path: the element of HTML has nothing in it.
  static func isPath(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    !text.isEmpty && text.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
      && text.allSatisfy { $0 > 0x20 }
  }

  private static func startsPicture(_ before: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let newline = before.lastIndex(of: UInt8(ascii: "\n")) else {
      return before.isEmpty || startsWithNumber(before)
    }
    return startsWithNumber(before[before.index(after: newline)...])
  }

  /// `Picture 12: ` and nothing else.
  private static func startsWithNumber(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var rest = line
    guard rest.starts(with: "Picture ".utf8) else { return false }
    rest = rest.dropFirst(8)
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return !digits.isEmpty && rest.dropFirst(digits.count).elementsEqual(": ".utf8)
  }
}

/// Names of roles and of kinds of parts.
struct PairRoleNames {
  private let names: [(name: [UInt8], role: PairRole)]

  init(_ rule: PairRule) {
    func all(_ names: [String], _ role: PairRole) -> [(name: [UInt8], role: PairRole)] {
      names.map { (Array($0.utf8), role) }
    }
    let users = rule.users.isEmpty ? ["human", "user"] : rule.users
    let answers =
      rule.answers.isEmpty
      ? ["gpt", "assistant", "function_call", "tool_call", "bot", "model"] : rule.answers
    names =
      all(users, .user) + all(answers, .answer) + all(["system", "developer"], .system)
      + all(["observation", "tool", "function", "tool_response"], .tool)
  }

  func role(_ text: UnsafeBufferPointer<UInt8>) -> PairRole {
    guard let base = text.baseAddress else { return .unknown }
    for (name, role) in names where name.count == text.count && memcmp(name, base, name.count) == 0 {
      return role
    }
    return .unknown
  }

  static func partKind(_ text: UnsafeBufferPointer<UInt8>) -> PairPart.Kind {
    if text.elementsEqual("text".utf8) || text.elementsEqual("input_text".utf8) { return .text }
    if text.elementsEqual("image_url".utf8) || text.elementsEqual("image".utf8)
      || text.elementsEqual("input_image".utf8)
    {
      return .image
    }
    return .other
  }
}

extension TextMarks {
  /// - Parameter characters: scalars of the text.
  init(_ text: UnsafeBufferPointer<UInt8>, characters: Int) {
    let found = ck_find_marks(text.baseAddress, text.count)
    words = found.words
    marks = found.marks
    isBlank = words == 0
    // A blank text that is not ASCII is short or strange.
    if !isBlank, marks & UInt32(CK_MARK_HIGH) != 0, characters <= 64 { isBlank = Self.isSpace(text) }
  }

  /// Whether nothing in the text can be seen.
  private static func isSpace(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first(where: { $0 > 0x20 }), first >= 0x80 else { return false }
    return String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.properties.isWhitespace || ["\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}"].contains($0)
    }
  }
}
