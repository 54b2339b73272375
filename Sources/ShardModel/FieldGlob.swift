/// A pattern for field paths: `*` stands for any run of characters, `?` for one. A path that the pattern
/// matches takes its members and elements with it.
package struct FieldGlob: Sendable {
  private let pattern: [UInt8]

  package init(_ text: String) { pattern = Array(text.utf8) }

  /// Whether the pattern matches the path or something that the path is part of.
  package func covers(_ path: String) -> Bool {
    let bytes = Array(path.utf8)
    if matches(bytes[...]) { return true }
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
      if matches(bytes[..<index]) { return true }
    }
    return false
  }

  /// Whether the pattern matches the path as a whole.
  package func matches(_ path: String) -> Bool { matches(Array(path.utf8)[...]) }

  /// Whether a part of the path could match, so that the path must be entered.
  package func mayHold(_ path: String) -> Bool {
    let prefix = Array(path.utf8)
    let literal = pattern.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    return literal.count < pattern.count
      ? prefix.starts(with: literal) || literal.starts(with: prefix)
      : pattern.starts(with: prefix) && pattern.count > prefix.count
        && (pattern[prefix.count] == UInt8(ascii: ".") || pattern[prefix.count] == UInt8(ascii: "["))
  }

  private func matches(_ text: ArraySlice<UInt8>) -> Bool {
    // Greedy with one point of return: linear in practice, quadratic at worst.
    var position = text.startIndex
    var index = 0
    var star: (index: Int, position: Int)?
    while position < text.endIndex {
      if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
        star = (index, position)
        index += 1
      } else if index < pattern.count, pattern[index] == UInt8(ascii: "?") || pattern[index] == text[position]
      {
        index += 1
        position += 1
      } else if let back = star {
        star = (back.index, back.position + 1)
        index = back.index + 1
        position = back.position + 1
      } else {
        return false
      }
    }
    while index < pattern.count, pattern[index] == UInt8(ascii: "*") { index += 1 }
    return index == pattern.count
  }
}
