/// Puts a pattern of the references (Rust's `regex` and `fancy-regex`, Oniguruma) into PCRE2's syntax.
///
/// The classes differ: to PCRE2 `\s` has U+180E, which lost the property White_Space in Unicode 6.3, and `\w` lacks marks
/// and connectors (UTS 18, annex C). Both are written out. And its categories are those of its Unicode; what the
/// references' have more is added.
enum PatternSyntax {
  private static let space =
    #"\x09-\x0D\x20\x85\xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"#
  private static let word =
    #"\p{L}\p{M}\p{Nl}\p{Nd}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}"#

  static func translated(_ source: [UInt8], addsNewer: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(source.count * 2)
    var isInClass = false
    var at = 0
    while at < source.count {
      let byte = source[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\\"):
        guard at < source.count else {
          result.append(byte)
          break
        }
        if addsNewer, source[at] == UInt8(ascii: "p"), let (property, end) = category(source, at) {
          result += Array((isInClass ? property : "[\(property)]").utf8)
          at = end
          continue
        }
        result += escaped(source[at], isInClass, addsNewer)
        at += 1
      case UInt8(ascii: "["):
        isInClass = true
        result.append(byte)
        // A bracket that comes first is meant as itself.
        if at < source.count, source[at] == UInt8(ascii: "^") {
          result.append(source[at])
          at += 1
        }
        if at < source.count, source[at] == UInt8(ascii: "]") {
          result += Array(#"\]"#.utf8)
          at += 1
        }
      case UInt8(ascii: "]"):
        isInClass = false
        result.append(byte)
      default: result.append(byte)
      }
    }
    return result
  }

  /// A category that has grown, as `p{L}` at a position, and the position behind it.
  private static func category(_ source: [UInt8], _ at: Int) -> (String, Int)? {
    guard at + 1 < source.count, source[at + 1] == UInt8(ascii: "{"),
      let end = source[at...].prefix(6).firstIndex(of: UInt8(ascii: "}"))
    else { return nil }
    let name = String(decoding: source[(at + 2)..<end], as: UTF8.self)
    return ReferenceTables.additions[name].map { (#"\p{\#(name)}\#($0)"#, end + 1) }
  }

  /// Of the word class, what the references know of its categories and PCRE2 does not.
  private static let newerWord = ["L", "M", "Nd"].compactMap { ReferenceTables.additions[$0].map { "\($0)" } }
    .joined()

  private static func escaped(_ letter: UInt8, _ isInClass: Bool, _ addsNewer: Bool) -> [UInt8] {
    let word = addsNewer ? word + newerWord : word
    switch (letter, isInClass) {
    case (UInt8(ascii: "s"), true): return Array(space.utf8)
    case (UInt8(ascii: "s"), false): return Array("[\(space)]".utf8)
    case (UInt8(ascii: "S"), false): return Array("[^\(space)]".utf8)
    case (UInt8(ascii: "w"), true): return Array(word.utf8)
    case (UInt8(ascii: "w"), false): return Array("[\(word)]".utf8)
    case (UInt8(ascii: "W"), false): return Array("[^\(word)]".utf8)
    default: return [UInt8(ascii: "\\"), letter]
    }
  }

  /// A pattern that matches a text literally.
  static func literal(_ text: [UInt8]) -> String {
    var result = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
