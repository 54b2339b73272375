import ShardChecks
import ShardModel
import Testing

@testable import ShardScan

/// Which of the flagged pictures of many shards are shown.
struct GalleryTests {
  private func picture(_ record: UInt64, _ checks: [String], _ severity: Severity, bytes: Int)
    -> FlaggedPicture
  {
    var picture = FlaggedPicture(
      memberOrdinal: 0, index: 0, location: Location(record: record),
      findings: checks.map { Finding(check: $0, severity: severity, value: "a.jpg", message: "m") }, width: 9,
      height: 9)
    picture.bytes = [0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0, count: bytes - 3)
    return picture
  }

  private func gallery(shards: Int, bytes: Int) -> [Thumbnail] {
    var gallery = Gallery()
    for shard in 0..<shards {
      // The check of many comes first in each shard.
      let many = (0..<3).map { picture($0, ["image-dark"], .warning, bytes: bytes) }
      let others = (0..<10).map { picture(3 + $0, ["image-\($0)"], .warning, bytes: bytes) }
      gallery.add(many + others + [picture(20, ["image-corrupt"], .error, bytes: bytes)], of: "\(shard)")
    }
    return gallery.thumbnails
  }

  @Test("Every check is shown before one is shown again, the gravest first") func fair() {
    for shards in [1, 2, 3, 100] {
      let shown = gallery(shards: shards, bytes: 100)
      #expect(Set(shown.flatMap { $0.findings.map(\.check) }).count == 12)
      #expect(shown.count == min(14 * shards, Thumbnail.countLimit))
      #expect(shown.prefix { $0.findings[0].severity == .error }.count == min(shards, 4))
    }
  }

  @Test("All together stay within their limit") func bounded() {
    let shown = gallery(shards: 100, bytes: Thumbnail.byteLimit)
    #expect(shown.count == Thumbnail.totalLimit / Thumbnail.byteLimit)
    #expect(Set(shown.flatMap { $0.findings.map(\.check) }).count == 12)
  }

  @Test("A picture with a check that is new is shown, whatever else it has") func shared() {
    var gallery = Gallery()
    for shard in 0..<40 {
      gallery.add([picture(0, ["image-dark"], .warning, bytes: 100)], of: "\(shard)")
    }
    gallery.add([picture(0, ["image-dark", "image-flat"], .warning, bytes: 100)], of: "z")
    let shown = gallery.thumbnails
    #expect(shown.count == 13 && shown.last?.shard == "z")
  }
}
