/// Small tars (POSIX.1-1988), for the examples of checks and for tests.
package enum SampleArchive {
  package static let blockSize = 512

  /// Members whose contents are ASCII as a text, which is the same in UTF-8 as in bytes.
  package static func text(of members: [(name: String, content: String)]) -> String {
    let bytes = members.flatMap { member(named: $0.name, Array($0.content.utf8)) } + endMarker
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `000.txt  a cat`, one member a line.
  package static func listing(of members: [(name: String, content: String)]) -> String {
    let width = members.reduce(0) { max($0, $1.name.utf8.count) } + 2
    return members.map { member in
      member.name + String(repeating: " ", count: width - member.name.utf8.count) + member.content + "\n"
    }.joined()
  }

  package static let endMarker = [UInt8](repeating: 0, count: 2 * blockSize)

  /// Header, content, and zeros up to a whole block.
  package static func member(named name: String, _ content: [UInt8]) -> [UInt8] {
    header(named: Array(name.utf8), size: content.count) + content
      + [UInt8](repeating: 0, count: (blockSize - content.count % blockSize) % blockSize)
  }

  /// A header of a regular file.
  /// - Parameters:
  ///   - name: what is longer than 100 bytes is cut.
  ///   - size: less than 2^33.
  package static func header(named name: [UInt8], size: Int, flag: UInt8 = UInt8(ascii: "0")) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ bytes: some Collection<UInt8>, at start: Int) {
      for (index, byte) in bytes.enumerated() { block[start + index] = byte }
    }
    put(name.prefix(100), at: 0)
    put("0000644".utf8, at: 100)
    put("0000000".utf8, at: 108)
    put("0000000".utf8, at: 116)
    put(octal(size, digits: 11), at: 124)
    put("00000000000".utf8, at: 136)
    put("        ".utf8, at: 148)
    block[156] = flag
    put("ustar\u{0}00".utf8, at: 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + [0, 0x20], at: 148)
    return block
  }

  private static func octal(_ value: Int, digits: Int) -> [UInt8] {
    let text = Array(String(value, radix: 8).utf8)
    return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, digits - text.count)) + text.suffix(digits)
  }
}
