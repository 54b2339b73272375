import CKernels
import ShardIngest
import ShardTestSupport
import Testing

@Suite struct TextKernelTests {
  struct Text: Equatable {
    var length = 0
    var characters = 0
    var isEscaped = false
    var isMalformed = false
    /// Offset of the first bytes that are not UTF-8, or of the first half of a pair.
    var invalid: Int?

    init() {}

    init(_ text: ck_text) {
      length = Int(text.length)
      isEscaped = text.flags & UInt32(CK_TEXT_ESCAPED) != 0
      isMalformed = text.flags & UInt32(CK_TEXT_MALFORMED) != 0
      // What is said about a text that is none does not matter.
      guard !isMalformed else {
        isEscaped = false
        return
      }
      characters = Int(text.characters)
      invalid = text.flags & UInt32(CK_TEXT_INVALID_ENCODING) != 0 ? Int(text.defect) : nil
    }

    /// One scalar at a time, by RFC 8259, section 7.
    init(plain bytes: ArraySlice<UInt8>) {
      var index = bytes.startIndex
      func byte(_ offset: Int) -> UInt8 { index + offset < bytes.endIndex ? bytes[index + offset] : 0 }
      func unit(_ offset: Int) -> UInt32? {
        var value: UInt32 = 0
        for place in offset..<(offset + 4) {
          guard byte(place) < 0x80, let digit = Character(Unicode.Scalar(byte(place))).hexDigitValue else {
            return nil
          }
          value = value << 4 | UInt32(digit)
        }
        return value
      }
      while byte(0) != UInt8(ascii: "\"") {
        if byte(0) < 0x20 {
          self = Text()
          isMalformed = true
          length = index - bytes.startIndex
          return
        }
        var step = 1
        if byte(0) == UInt8(ascii: "\\") {
          isEscaped = true
          step = 2
          if byte(1) == UInt8(ascii: "u"), let first = unit(2) {
            step = 6
            let isPair =
              first & 0xFC00 == 0xD800 && byte(6) == UInt8(ascii: "\\") && byte(7) == UInt8(ascii: "u")
              && (unit(8) ?? 0) & 0xFC00 == 0xDC00
            if isPair {
              step = 12
            } else if first & 0xF800 == 0xD800 {
              invalid = invalid ?? index - bytes.startIndex
            }
          } else if !"\"\\/bfnrt".utf8.contains(byte(1)) {
            self = Text()
            isMalformed = true
            length = index - bytes.startIndex
            return
          }
        } else if byte(0) >= 0x80 {
          // Swift's own validation of the shortest run that is valid.
          let valid = (2...4).first { count in
            index + count <= bytes.endIndex
              && String(validating: bytes[index..<(index + count)], as: UTF8.self)?.unicodeScalars.count == 1
          }
          step = valid ?? 1
          if valid == nil { invalid = invalid ?? index - bytes.startIndex }
        }
        index += step
        characters += 1
      }
      length = index - bytes.startIndex
    }
  }

  private static let pieces: [[UInt8]] =
    [
      "a", "text", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\ud83d\\ude00", "\\ud83d", "\\ude00",
      "\\uD83D\\u0041", "é", "ß", "中",
      "文", "😀", "\u{10FFFF}", "\u{800}", "\u{FFFF}", "\u{7F}",
    ].map { Array($0.utf8) } + [
      [0xC3], [0xA9], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xE4, 0xB8], [0xF0, 0x9F, 0x98],
    ]
  private static let ends: [[UInt8]] =
    [[], [0x0A], [0x1F], [0x00]]
    + ["\\", "\\u", "\\u1", "\\u12G4", "\\x", "\\U0041", "\\ud800\\u", "\\ud800\\"].map { Array($0.utf8) }

  @Test("texts are those of the plain twin, at each alignment, whatever follows")
  func twins() {
    var random = RepeatableRandom(seed: 3_629)
    for round in 0..<(Slow.isEnabled ? 2_000_000 : 20_000) {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...(round % 10 == 0 ? 60 : 8), using: &random) {
        bytes += Self.pieces.randomElement(using: &random) ?? []
        if round % 3 == 0 {
          bytes += Array(repeating: UInt8(ascii: "x"), count: Int.random(in: 0...20, using: &random))
        }
      }
      if round % 4 == 0 { bytes += Self.ends.randomElement(using: &random) ?? [] }
      if round % 8 != 0 { bytes.append(UInt8(ascii: "\"")) }
      let padded = PaddedBytes(Array(repeating: UInt8(ascii: "\""), count: round % 17) + bytes)
      let found = Text(ck_scan_text(padded.base + round % 17))
      let plain = Text(plain: bytes[...])
      guard found == plain else {
        Issue.record("\(bytes): \(found), not \(plain)")
        return
      }
    }
  }

  @Test("bytes of two, three and four are UTF-8 where Swift says so")
  func utf8() {
    for first in 0x80...0xFF as ClosedRange<UInt8> {
      for second in 0x7E...0xC1 as ClosedRange<UInt8> {
        for third in [0x00, 0x22, 0x7F, 0x80, 0xBF, 0xC0, 0xFF] as [UInt8] {
          for fourth in [0x22, 0x80, 0xBF, 0xC0] as [UInt8] {
            let bytes = [first, second, third, fourth]
            let count = (2...4).first {
              String(validating: bytes[..<$0], as: UTF8.self)?.unicodeScalars.count == 1
            }
            let found = bytes.withUnsafeBufferPointer { ck_utf8_length($0.baseAddress!) }
            guard Int(found) == count ?? 0 else {
              Issue.record("\(bytes): \(found), not \(count ?? 0)")
              return
            }
          }
        }
      }
    }
  }

  @Test("plain text of each length ends at its quote, at each alignment")
  func lengths() {
    for alignment in 0..<32 {
      for length in 0...200 {
        let text =
          Array(repeating: UInt8(ascii: "x"), count: length) + [UInt8(ascii: "\""), UInt8(ascii: "\"")]
        let padded = PaddedBytes(Array(repeating: 0xFF, count: alignment) + text)
        let found = ck_scan_text(padded.base + alignment)
        #expect(found.length == length && found.characters == length && found.flags == 0)
        // Without its quote the text ends at the zeros behind the data.
        let open = PaddedBytes(text[..<length])
        let cut = ck_scan_text(open.base)
        #expect(cut.length == length && cut.flags == UInt32(CK_TEXT_MALFORMED))
      }
    }
  }
}
