import ShardModel
import ShardScan
import ShardTestSupport
import Testing

struct OddSizeTests {
  /// A GIF whose header claims a square of this side, as a `data:` URL.
  private static func square(_ side: Int) -> String {
    let head =
      Array("GIF89a".utf8) + [UInt8(side & 255), UInt8(side >> 8), UInt8(side & 255), UInt8(side >> 8)]
    return "data:image/gif;base64," + base64(head + [0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x3B])
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? letters[value >> (18 - 6 * place) & 63] : "=")
      }
    }
    return text
  }

  private static func shard(_ count: Int, odd: (Int) -> Bool) -> String {
    (0..<count).map { "{\"id\": \($0), \"image\": \"\(square(odd($0) ? 900 + $0 % 50 : 100 + $0 % 9))\"}\n" }
      .joined()
  }

  @Test("More odd sizes than a shard keeps are all found by reading it again, with any number of threads")
  func many() throws {
    let folder = TemporaryFolder()
    // At first odd ones are usual: fences taken early pass them over.
    folder.write("a.jsonl", Self.shard(8_000) { $0 < 700 || $0 % 12 == 0 })
    folder.write("b.jsonl", Self.shard(4_000) { $0 == 17 })
    let paths = [folder.path + "/a.jsonl", folder.path + "/b.jsonl"]
    var settings = ScanSettings()
    settings.checks.imageMode = .header
    settings.checks.enabled = ["image-odd-size"]
    let one = try scan(paths, out: folder.path + "/one", settings: settings)
    let expected = (0..<8_000).count { $0 < 700 || $0 % 12 == 0 } + 1
    #expect(one.result.checks["image-odd-size"]?.findings == UInt64(expected))
    #expect(one.lines.last?.findings.location.record == 17)
    let many = try scan(paths, out: folder.path + "/many", threads: 4, settings: settings)
    #expect(one.lines == many.lines)
    #expect(one.result.images == many.result.images)
  }

  @Test("Pictures of nearly one size make no picture odd but the one that is far off")
  func oneSize() throws {
    var text = Self.shard(40) { _ in false }
    text += "{\"image\": \"\(Self.square(4_000))\"}\n"
    var settings = ScanSettings()
    settings.checks.imageMode = .header
    settings.checks.enabled = ["image-odd-size"]
    #expect(try scan(text: text, settings: settings).brief == ["40 image-odd-size image"])
    let few = (0..<10).map { "{\"image\": \"\(Self.square($0 == 3 ? 4_000 : 100))\"}\n" }.joined()
    #expect(try scan(text: few, settings: settings).brief.isEmpty)
  }
}
