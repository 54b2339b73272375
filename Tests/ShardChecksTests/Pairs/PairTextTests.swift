import CKernels
import ShardRules
import ShardTestSupport
import Testing

@testable import ShardChecks

private func withBytes<Result>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
  Array(text.utf8).withUnsafeBufferPointer(body)
}

struct BoxTextTests {
  @Test(
    "Boxes as models write them are read",
    arguments: [
      ("(588,499),(725,789)", [588.0, 499, 725, 789], false),
      ("(0, 0), (1000, 999)", [0, 0, 1000, 999], false),
      ("(0.25,0.5),(0.75,1)", [0.25, 0.5, 0.75, 1], false), ("[[1, 2, 3, 4]]", [1, 2, 3, 4], true),
      ("[[1,2,3,4], [5,6,7,8]]", [1, 2, 3, 4, 5, 6, 7, 8], true), ("[1,2,3,4]", [1, 2, 3, 4], true),
      ("(-1,2),(3,4)", [-1, 2, 3, 4], false),
    ])
  func read(_ text: String, _ numbers: [Double], _ isBracketed: Bool) {
    let box = withBytes(text) { BoxText($0) }
    #expect(box?.numbers == numbers)
    #expect(box?.isBracketed == isBracketed)
  }

  @Test(
    "Anything else is no box",
    arguments: [
      "", " ", "(", "(1,2)(3,4)", "(1,2),(3,4", "(1,2),(3,4),", "(1,2),(3,4) ", " (1,2),(3,4)",
      "(1 ,2),(3,4)", "(a,b),(c,d)",
      "(1,2,3),(4,5)", "(1.,2),(3,4)", "(.5,2),(3,4)", "(1e3,2),(3,4)", "(12345678901234567,2),(3,4)",
      "[[1,2,3,4]", "[[1,2,3,4]]]",
      "[]", "[[]]", "(+1,2),(3,4)", "(--1,2),(3,4)", "(nan,2),(3,4)", "x1=1",
    ])
  func refused(_ text: String) { #expect(withBytes(text) { BoxText($0) } == nil) }

  @Test(
    "Boxes are held against their range and their order",
    arguments: [
      ("(1,2),(3,4)", PairTag.Kind.box, PairRule.BoxRange.thousand, true),
      ("(0,0),(1000,1000)", .box, .thousand, true),
      ("(1,2),(1,4)", .box, .thousand, false), ("(1,5),(3,4)", .box, .thousand, false),
      ("(1,2),(1001,4)", .box, .thousand, false), ("(1,2),(1001,4)", .box, .pixels, true),
      ("(0,0),(1,1)", .box, .thousand, false), ("(0.1,0.2),(0.3,0.4)", .box, .unit, true),
      ("(0.1,0.2),(0.3,0.4)", .box, .pixels, false), ("(0.1,0.2),(1.3,0.4)", .box, .unit, false),
      ("(1,2)", .box, .thousand, false), ("(1,2),(3,4),(5,6),(7,8)", .box, .thousand, false),
      ("(9,2),(3,4),(5,6),(7,8)", .quad, .thousand, true), ("(1,2),(3,4)", .quad, .thousand, false),
      ("[[1,2,3,4],[5,6,5,8]]", .box, .thousand, false), ("(5,6.5),(7,8)", .box, .thousand, false),
    ])
  func judged(_ text: String, _ kind: PairTag.Kind, _ range: PairRule.BoxRange, _ isRight: Bool) throws {
    let box = try #require(withBytes(text) { BoxText($0) })
    #expect((box.defect(kind, range) == nil) == isRight)
  }
}

struct PairTagTests {
  private func tags(_ text: String, placeholder: String = "<image>") -> [PairTag] {
    withBytes(text) { bytes in
      var tags: [PairTag] = []
      PairTagScanner.scan(bytes, placeholder: Array(placeholder.utf8)) { tags.append($0) }
      return tags
    }
  }

  @Test("Tags are found by their bytes, and what is only like them is not")
  func found() {
    let text = "<img>a</img><image> <ref></ref><box></box><quad></quad></s><|im_end|>"
    #expect(
      tags(text).map(\.kind) == [
        .image, .image, .placeholder, .reference, .reference, .box, .box, .quad, .quad, .special, .special,
      ])
    #expect(
      tags(text).map(\.isClosing) == [false, true, false, false, true, false, true, false, true, true, false])
    #expect(tags("< img><IMG><image ><images><||><|a b|><|a|<|>|<").isEmpty)
    #expect(tags("<|" + String(repeating: "a", count: 40) + "|>").isEmpty)
    #expect(tags("[IMG]<image>[IMG", placeholder: "[IMG]").map(\.start) == [0])
  }

  @Test(
    "Tags pair up or the first that does not is named",
    arguments: [
      ("<img>a</img><ref>b</ref><box>c</box>", nil), ("<image><image></s>", nil), ("", nil),
      ("<img>a", "<img> is not closed"), ("a</img>", "</img> closes nothing"),
      ("<ref>a<box>b</box></ref>", "<box> inside of <ref>"), ("<ref>a</box>", "<ref> is closed by </box>"),
      ("<img>a<img>b</img>", "<img> is not closed"), ("<box>a</box></box>", "</box> closes nothing"),
    ] as [(String, String?)])
  func balance(_ text: String, _ defect: String?) {
    #expect(tags(text).withUnsafeBufferPointer { TagBalance.defect($0) } == defect)
  }
}

struct CaptionTextTests {
  @Test(
    "Markup is told from what only has its signs",
    arguments: [
      ("a<br>b", "<br>"), ("<A HREF='x'>b", "<A>"), ("</div>", "</div>"), ("<br />", "<br>"),
      ("x &amp; y", "&amp;"),
      ("&#39;", "&#39;"), ("&#x27;", "&#x27;"), ("<img src=\"a\">", "<img>"), ("<3 & 4", nil), ("<b", nil),
      ("&amp", nil),
      ("&foo;", nil), ("<a beach>", nil), ("a < b > c", nil), ("&#;", nil), ("&#xyz;", nil),
      ("&#99999999999;", nil),
      ("<image>", nil), ("", nil), ("<", nil), ("&", nil),
    ] as [(String, String?)])
  func markup(_ text: String, _ found: String?) { #expect(withBytes(text) { Markup.first(in: $0) } == found) }

  /// Made with Python: `text.encode().decode("cp1252")` where that is defined.
  @Test(
    "UTF-8 that was read as Windows-1252 is seen",
    arguments: [
      "cafÃ©", "itâ€™s", "â€œquotedâ€\u{9D}", "ðŸ˜€", "Â©2020", "MÃ¼nchen",
      "ä¸­æ–‡".replacing("ä", with: "ä"), "caf\u{FFFD}",
      "naÃ¯ve", "â‚¬5",
    ])
  func garbled(_ text: String) { #expect(withBytes(text) { GarbledText.defect(in: $0) } != nil) }

  @Test(
    "Texts in many languages are not garbled",
    arguments: [
      "café", "it’s “quoted”", "😀", "© 2020 ®", "München, Straße®", "中文", "NÃO, MAÇÃ", "ÀÉÎ «ÂGE»", "Ã»",
      "ÂÃ", "Tiếng Việt",
      "Ærøskøbing ÅÄÖ", "10 € – 5 £", "Ελληνικά", "Ã", "Â ", "É™", "à…",
    ])
  func intact(_ text: String) { #expect(withBytes(text) { GarbledText.defect(in: $0) } == nil) }
}

struct MarkKernelTests {
  @Test("Marks and words are those of the plain loop, at every length and alignment")
  func marks() {
    var random = RepeatableRandom(seed: 3)
    let alphabet: [UInt8] = [0x20, 0x09, 0x41, 0x62, 0x3C, 0x26, 0xC3, 0xA9, 0xEF, 0x0A, 0x7F, 0x21]
    for length in 0..<100 {
      let bytes = (0..<(length + 16)).map { _ in
        Bool.random(using: &random) ? alphabet.randomElement(using: &random) ?? 0 : 0x61
      }
      for start in 0..<16 {
        let slice = Array(bytes[start..<(start + length)])
        let found = bytes.withUnsafeBufferPointer { ck_find_marks($0.baseAddress! + start, length) }
        let plain = bytes.withUnsafeBufferPointer {
          ck_find_marks_reference($0.baseAddress! + start, length)
        }
        #expect(found.words == plain.words && found.marks == plain.marks)
        #expect(found.words == UInt64(slice.split { $0 <= 0x20 }.count))
        #expect((found.marks & UInt32(CK_MARK_LESS) != 0) == slice.contains(0x3C))
        #expect((found.marks & UInt32(CK_MARK_AMPERSAND) != 0) == slice.contains(0x26))
        #expect((found.marks & UInt32(CK_MARK_HIGH) != 0) == slice.contains { $0 >= 0x80 })
        #expect((found.marks & UInt32(CK_MARK_TILDE_A) != 0) == slice.contains(0xC3))
        #expect((found.marks & UInt32(CK_MARK_LAST) != 0) == slice.contains(0xEF))
      }
    }
  }

  @Test("Words of long texts are all counted, more than a byte holds in each lane")
  func longTexts() {
    for length in [4_064, 4_065, 4_080, 4_096, 8_150, 60_001] {
      var bytes = (0..<length).map { UInt8($0 % 2 == 0 ? 0x61 : 0x20) }
      bytes[length - 1] = 0xC3
      let (found, plain) = bytes.withUnsafeBufferPointer {
        (ck_find_marks($0.baseAddress, length), ck_find_marks_reference($0.baseAddress, length))
      }
      #expect(found.words == plain.words && plain.words == UInt64(length + 1) / 2)
      #expect(found.marks == plain.marks && plain.marks == UInt32(CK_MARK_HIGH | CK_MARK_TILDE_A))
    }
  }

  @Test("Marks of paths are those of the plain loop, at every length and alignment")
  func paths() {
    var random = RepeatableRandom(seed: 5)
    let alphabet: [UInt8] = [0, 0x20, 0x09, 0x2E, 0x2F, 0x3C, 0x7B, 0x3A, 0xC3]
    for length in 0..<100 {
      for rarity in [2, 40] {
        let filler: UInt8 = Bool.random(using: &random) ? 0x61 : 0x20
        let bytes = (0..<(length + 16)).map { _ in
          Int.random(in: 0..<rarity, using: &random) == 0
            ? alphabet.randomElement(using: &random) ?? 0 : filler
        }
        for start in 0..<16 {
          let slice = Array(bytes[start..<(start + length)])
          let (found, plain) = bytes.withUnsafeBufferPointer { bytes in
            let base = bytes.baseAddress.map { $0 + start }
            return (ck_find_path_marks(base, length), ck_find_path_marks_reference(base, length))
          }
          #expect(found == plain)
          #expect((plain & UInt32(CK_PATH_LESS) != 0) == slice.contains(0x3C))
          #expect((plain & UInt32(CK_PATH_BRACE) != 0) == slice.contains(0x7B))
          #expect((plain & UInt32(CK_PATH_COLON) != 0) == slice.contains(0x3A))
          #expect((plain & UInt32(CK_PATH_SEEN) != 0) == slice.contains { $0 > 0x20 })
          let hidden = zip(slice, slice.dropFirst()).contains { $0 == 0x2F && ($1 == 0x2E || $1 == 0x2F) }
          #expect((plain & UInt32(CK_PATH_ODD) != 0) == (hidden || slice.contains(0)))
        }
      }
    }
  }

  @Test("A text is found wherever it stands, and nowhere else")
  func contains() {
    var random = RepeatableRandom(seed: 4)
    for _ in 0..<3_000 {
      let hay = (0..<Int.random(in: 0..<70, using: &random)).map { _ in
        UInt8.random(in: 97...98, using: &random)
      }
      let needle = (0..<Int.random(in: 1..<9, using: &random)).map { _ in
        UInt8.random(in: 97...98, using: &random)
      }
      let found = ck_contains(hay, hay.count, needle, needle.count) != 0
      let expected = hay.indices.contains { hay[$0...].starts(with: needle) }
      #expect(found == expected, "\(hay) \(needle)")
    }
  }
}
