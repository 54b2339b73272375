import ShardModel
import ShardTestSupport
import Testing

@testable import ShardReports

@Suite("Bytes on their way to a file") struct OutputBufferTests {
  /// What the escapes are made for: each kind of byte that needs one, at every distance from the next, among text.
  private static let pieces: [String] = [
    "a", "plain text", "\"", "\\", "\n", "\u{0}", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "\u{A0}", "é", "猫",
    "😀", "  ",
    "#", "##", "::", ":", ",", ";", "=", "\u{301}\u{301}\u{301}", "\u{202E}", "\u{E000}", "\u{FFFE}",
    "\u{E0041}",
  ]

  private static func texts(_ count: Int, seed: UInt64) -> [String] {
    var random = RepeatableRandom(seed: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
    }
  }

  /// The escapes of RFC 8259 and of DEL and C1, scalar by scalar.
  private static func plainJSON(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x22, 0x5C: return "\\\(scalar)"
      case 0x08: return "\\b"
      case 0x09: return "\\t"
      case 0x0A: return "\\n"
      case 0x0C: return "\\f"
      case 0x0D: return "\\r"
      case 0..<0x20, 0x7F..<0xA0:
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: return String(scalar)
      }
    }.joined()
  }

  @Test("Eight bytes a step escape as one scalar a step does")
  func escapes() {
    for text in Self.texts(4_000, seed: 11) {
      var bytes = OutputBuffer()
      JSONText.append(text, to: &bytes)
      #expect(bytes.text == "\"" + Self.plainJSON(text) + "\"", "\(text.debugDescription)")
    }
  }

  @Test("An escape at each place of a long text", arguments: ["\"", "\u{85}", "\u{7F}", "\u{1}"])
  func places(_ escaped: String) {
    for length in 0..<40 {
      for place in 0...length {
        let text =
          String(repeating: "x", count: place) + escaped + String(repeating: "ÿ", count: length - place)
        var bytes = OutputBuffer()
        JSONText.append(text, to: &bytes)
        #expect(bytes.text == "\"" + Self.plainJSON(text) + "\"")
      }
    }
  }

  @Test(
    "Numbers", arguments: [0, 1, 9, 10, 99, 100, 12_345, 4_294_967_296, UInt64.max - 1, UInt64.max])
  func numbers(_ value: UInt64) {
    var bytes = OutputBuffer()
    JSONText.append(value, to: &bytes)
    #expect(bytes.text == String(value))
  }

  @Test("A buffer holds what was appended, in order, and is empty again afterwards")
  func buffer() {
    var random = RepeatableRandom(seed: 3)
    var buffer = OutputBuffer()
    var expected: [UInt8] = []
    for round in 0..<3 {
      for _ in 0..<500 {
        let part = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        buffer += part
        buffer += part.lazy.map { $0 ^ 1 }
        buffer.append(UInt8(round))
        expected += part + part.map { $0 ^ 1 } + [UInt8(round)]
      }
      #expect(buffer.count == expected.count)
      #expect(buffer.bytes == expected)
      var copy = OutputBuffer()
      copy += buffer
      #expect(copy.bytes == expected)
      buffer.removeAll()
      #expect(buffer.count == 0 && buffer.bytes.isEmpty)
      expected = []
    }
  }

  @Test("What is plain is shown as it is, and nothing else is")
  func plain() {
    for text in Self.texts(4_000, seed: 12) {
      let isPlain =
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !text.contains("##") && !text.contains("::")
      #expect(Printable.isPlain(text) == isPlain, "\(text.debugDescription)")
      if isPlain { #expect(Printable.line(text) == text) }
    }
  }

  @Test("Letters that are not looked up are what a look-up says of them: assigned, visible, of a width")
  func commonLetters() {
    var count = 0
    for value in UInt32(0)...0x1_FFFF {
      guard let scalar = Unicode.Scalar(value), Printable.isCommon(scalar) else { continue }
      count += 1
      #expect(!Printable.isHostile(scalar) && DisplayWidth.of(scalar) > 0, "U+\(String(value, radix: 16))")
    }
    #expect(count > 30_000)
  }

  @Test("A line for one place is the same in a result of SARIF as elsewhere")
  func lines() throws {
    for (index, text) in Self.texts(300, seed: 13).enumerated() {
      let finding = Finding(
        check: "c", severity: .error, field: index % 3 == 0 ? nil : text, value: index % 2 == 0 ? nil : text,
        message: "m: \(text)")
      let location = Location(
        member: index % 5 == 0 ? text : nil, record: index % 4 == 0 ? nil : UInt64(index),
        key: index % 7 == 0 ? nil : text)
      var bytes = OutputBuffer()
      SARIFReport().add(
        [LocatedFindings(location: location, findings: [finding])], shard: "s", to: &bytes)
      let line = Array(bytes.text.drop { $0 == "\n" }.utf8)
      let json = try StrictJSON(line)
      #expect(json["message"]?["text"] == .string(FindingText.line(finding, at: location)))
    }
  }
}
