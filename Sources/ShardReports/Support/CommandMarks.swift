/// What a CI service would take for a command in the output of a program: `##vso[` and `##[` anywhere in a line
/// (Azure, and GitHub's first form), `::name` at the start of a word (GitHub, and a line may be broken anywhere).
package enum CommandMarks {
  /// The text with the first character of every mark as an escape.
  package static func defused(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x23 || $0 == 0x3A }) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let rest = bytes[index...]
      if byte == 0x23, rest.starts(with: "##[".utf8) || rest.starts(with: "##vso[".utf8) {
        result += Array("\\u{23}".utf8)
      } else if byte == 0x3A, rest.starts(with: "::".utf8), index == 0 || bytes[index - 1] == 0x20 {
        result += Array("\\u{3a}".utf8)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
