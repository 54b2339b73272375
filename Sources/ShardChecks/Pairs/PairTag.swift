import Glibc
import ShardModel

/// A tag or a special token in the text of a turn.
package struct PairTag: BitwiseCopyable, Equatable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// What stands for a picture, `<image>`.
    case placeholder
    case image, reference, box, quad
    /// `</s>`, `<|endoftext|>`: what a trainer puts between turns.
    case special

    /// As it is written, without brackets.
    package var name: String {
      switch self {
      case .placeholder: "image"
      case .image: "img"
      case .reference: "ref"
      case .box: "box"
      case .quad: "quad"
      case .special: "special token"
      }
    }

    /// Whether tags of this kind open and close.
    package var isPaired: Bool { self != .placeholder && self != .special }
  }

  package var kind: Kind
  package var isClosing: Bool
  /// Bytes of the unescaped text, the brackets included.
  package var start: UInt32
  package var end: UInt32
  /// Which text of the turn the tag stands in: 0, or the place of the part in the turn.
  package var text: UInt32 = 0
}

/// Finds tags in a text, exactly as tokenizers do: by their bytes, whatever stands around them.
///
/// - Complexity: O(bytes); most texts have no `<` and cost one search for it.
package enum PairTagScanner {
  private static let known: [(bytes: [UInt8], kind: PairTag.Kind, isClosing: Bool)] = [
    (Array("<img>".utf8), .image, false), (Array("</img>".utf8), .image, true),
    (Array("<ref>".utf8), .reference, false), (Array("</ref>".utf8), .reference, true),
    (Array("<box>".utf8), .box, false), (Array("</box>".utf8), .box, true),
    (Array("<quad>".utf8), .quad, false), (Array("</quad>".utf8), .quad, true),
    (Array("</s>".utf8), .special, true),
  ]
  /// Special tokens between bars are no longer than this.
  private static let longestSpecial = 32

  package static func scan(
    _ text: UnsafeBufferPointer<UInt8>, placeholder: [UInt8], _ body: (PairTag) -> Void
  ) {
    guard let base = text.baseAddress else { return }
    let bracket = UInt8(ascii: "<")
    // All but unusual placeholders begin with the bracket.
    let other = placeholder.first.flatMap { $0 == bracket ? nil : $0 }
    var index = 0
    while index < text.count {
      if let other {
        while index < text.count, text[index] != bracket, text[index] != other { index += 1 }
        if index == text.count { return }
      } else {
        guard let found = memchr(base + index, Int32(bracket), text.count - index) else { return }
        index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      }
      let rest = UnsafeBufferPointer(rebasing: text[index...])
      guard let (kind, isClosing, length) = tag(at: rest, placeholder) else {
        index += 1
        continue
      }
      let end = index + length
      body(
        PairTag(
          kind: kind, isClosing: isClosing, start: UInt32(truncatingIfNeeded: index),
          end: UInt32(truncatingIfNeeded: end)))
      index = end
    }
  }

  private static func tag(
    at text: UnsafeBufferPointer<UInt8>, _ placeholder: [UInt8]
  ) -> (PairTag.Kind, Bool, Int)? {
    if !placeholder.isEmpty, text.starts(with: placeholder) {
      return (.placeholder, false, placeholder.count)
    }
    guard text.count >= 4 else { return nil }
    if text[1] == UInt8(ascii: "|") { return special(text).map { (.special, false, $0) } }
    for tag in known where text.starts(with: tag.bytes) { return (tag.kind, tag.isClosing, tag.bytes.count) }
    return nil
  }

  /// The length of `<|name|>` at the start of the text.
  private static func special(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 2
    while index < min(text.count, longestSpecial) {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        index += 1
      case UInt8(ascii: "|"):
        let isClosed = index > 2 && index + 1 < text.count && text[index + 1] == UInt8(ascii: ">")
        return isClosed ? index + 2 : nil
      default: return nil
      }
    }
    return nil
  }
}
