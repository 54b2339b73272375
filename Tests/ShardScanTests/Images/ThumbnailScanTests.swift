import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Which pictures a scan keeps for people to look at.
struct ThumbnailScanTests {
  private static let names =
    Pictures.sound + ["dark.jpg", "cut.jpg", "html.jpg", "empty.jpg", "gray.jpg", "bomb.png"]

  private func scanned(
    _ names: [String] = names, shards: Int = 1, change: (inout ScanSettings) -> Void = { _ in }
  ) throws -> [Thumbnail] {
    let folder = TemporaryFolder()
    Pictures.copy(Array(Set(names)), to: folder)
    var settings = ScanSettings.withoutDuplicates
    change(&settings)
    let paths = (0..<shards).map { shard in
      folder.write(
        "data/\(shard).jsonl",
        names.map { "{\"image\": \"\($0)\", \"caption\": \"a town by a river\"}\n" }.joined())
    }
    return try scan(paths, out: folder.path + "/out", settings: settings).result.thumbnails
  }

  @Test("Flagged pictures that decode are kept, the gravest first") func flagged() throws {
    let thumbnails = try scanned()
    #expect(thumbnails.map(\.name) == ["cut.jpg", "dark.jpg"])
    let cut = try #require(thumbnails.first)
    #expect(cut.location.record == 7 && cut.location.line == 8 && cut.shard?.hasSuffix("0.jsonl") == true)
    #expect(cut.findings.map(\.check).contains("image-corrupt") && cut.width > 0 && cut.height > 0)
    #expect(thumbnails.allSatisfy { Thumbnail.accepts($0.bytes) })
  }

  @Test("None where pictures are not decoded, checks are off or say only notes") func none() throws {
    #expect(try scanned { $0.checks.imageMode = .header }.isEmpty)
    #expect(try scanned { $0.checks.imageMode = .none }.isEmpty)
    #expect(try scanned(Pictures.sound + ["gray.jpg"]).isEmpty)
    let some = try scanned { $0.checks.enabled.remove("image-corrupt") }
    #expect(some.map(\.name) == ["dark.jpg"])
  }

  @Test("A few of each check, whatever their number") func bounded() throws {
    let many = [String](repeating: "dark.jpg", count: 40) + ["cut.jpg"]
    #expect(try scanned(many).map(\.location.record) == [40, 0, 1, 2])
    let shards = try scanned(many, shards: 13)
    #expect(shards.count == 24 && shards.prefix(12).allSatisfy { $0.name == "cut.jpg" })
  }
}
