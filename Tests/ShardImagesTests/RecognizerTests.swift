import Testing

@testable import ShardImages

@Suite struct RecognizerTests {
  private static let page = "  <!DOCTYPE html>\n<html><body>404</body></html>"
  private static let foreign: [(String, ForeignContent)] = [
    ("", .empty), ("\0\0\0\0\0\0", .zeros), (page, .html), ("<html lang=en>", .html),
    ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", .xml),
    ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", .svg), ("{\"error\": 404}", .json), ("[1]", .json),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n", .gitLFSPointer),
    ("%PDF-1.4", .pdf),
    ("PK\u{3}\u{4}", .zip), ("not found", .text), ("BMW is no bitmap, whatever it begins with", .text),
    ("\u{1}\u{2}", .unknown),
  ]

  @Test(arguments: foreign)
  func `what is no picture is told by its name`(text: String, content: ForeignContent) {
    let report = read(Array(text.utf8))
    #expect(report.foreign == content)
    #expect(report.format == nil)
    #expect(report.verdict == .broken)
  }

  @Test func `mode none looks at nothing`() {
    let report = read(Fixture.bytes("baseline.jpg"), .none)
    #expect(report.format == nil)
    #expect(report.contentHash == nil)
    #expect(report.verdict == .notDecoded)
  }

  @Test func `equal bytes have equal hashes, other bytes have not`() {
    let bytes = Fixture.bytes("baseline.jpg")
    #expect(read(bytes).contentHash == read(bytes, .header).contentHash)
    #expect(read(bytes).contentHash != read(bytes + [0]).contentHash)
  }

  /// `ftyp` of a brand, and `meta/iprp/ipco/ispe` twice.
  private func boxes(_ brand: String) -> [UInt8] {
    func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
      [0, 0, 0, UInt8(8 + content.count)] + Array(name.utf8) + content
    }
    func extent(_ side: UInt8) -> [UInt8] { box("ispe", [0, 0, 0, 0, 0, 0, 1, side, 0, 0, 0, side]) }
    let properties = box("iprp", box("ipco", extent(7) + extent(9)))
    return box("ftyp", Array(brand.utf8) + [0, 0, 0, 0]) + box("meta", [0, 0, 0, 0] + properties)
  }

  @Test(arguments: [("avif", ImageFormat.avif), ("heic", .heic), ("mif1", .heic)])
  func `AVIF and HEIC are known with their size`(brand: String, format: ImageFormat) {
    let report = read(boxes(brand))
    #expect(report.format == format)
    #expect(report.width == 265)
    #expect(report.height == 9)
    #expect(report.verdict == .notDecoded)
    for count in 0..<boxes(brand).count { _ = read(Array(boxes(brand)[..<count])) }
  }
}
