/// What a CI service would take for a command in the output of a program: `##vso[` and `##[` anywhere in a line
/// (Azure, and GitHub's first form), `::name` at the start of a word (GitHub, and a line may be broken anywhere).
package enum CommandMarks {
  /// The text with the first character of every mark as an escape.
  package static func defused(_ text: String) -> String {
    text.withBytes { bytes in
      // Every mark begins with one of these.
      guard Printable.hasPair(bytes) else { return text }
      var result = OutputBuffer()
      for (index, byte) in bytes.enumerated() {
        let rest = UnsafeBufferPointer(rebasing: bytes[index...])
        if byte == 0x23, rest.starts(with: "##[".utf8) || rest.starts(with: "##vso[".utf8) {
          result += "\\u{23}"
        } else if byte == 0x3A, rest.starts(with: "::".utf8), index == 0 || bytes[index - 1] == 0x20 {
          result += "\\u{3a}"
        } else {
          result.append(byte)
        }
      }
      return result.text
    }
  }
}
