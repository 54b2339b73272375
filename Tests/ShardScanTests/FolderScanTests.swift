import ShardChecks
import ShardIngest
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

struct FolderScanTests {
  private static func names(_ folder: TemporaryFolder, _ below: String = "data") throws -> [String] {
    try Discovery.resolve([folder.path + "/" + below]).inputs.map {
      String($0.name.dropFirst(folder.path.count + 1))
    }
  }

  @Test("A folder of pictures is one shard, also with texts beside them; each folder is its own")
  func discovery() throws {
    let folder = TemporaryFolder()
    for name in ["a.jpg", "a.txt", "a.json", "b.v2.PNG", "b.v2.txt"] {
      folder.write("data/cats/" + name, "{}")
    }
    for name in ["a.jpg", "b.jpg", "README.md"] { folder.write("data/dogs/" + name, "x") }
    for name in ["logo.png", "README.md"] { folder.write("data/docs/" + name, "x") }
    #expect(try Self.names(folder) == ["data/cats", "data/dogs"])
  }

  @Test(
    "Where records name the pictures, these are the shards",
    arguments: ["metadata.jsonl", "metadata.csv", "../train.json", "../../all.jsonl.gz"])
  func records(_ name: String) throws {
    let folder = TemporaryFolder()
    for picture in ["a.jpg", "b.jpg", "c.jpg"] { folder.write("data/set/images/" + picture, "x") }
    folder.write("data/set/images/" + name, "{\"file_name\": \"a.jpg\"}\n")
    let found = try Self.names(folder)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix(String(name.split(separator: "/").last ?? "")) == true)
  }

  @Test("A folder says what a tar of its files says, for any number of threads")
  func sameAsTar() throws {
    let folder = TemporaryFolder()
    var tar: [UInt8] = []
    var random = RepeatableRandom(seed: 3)
    let long = String(repeating: "n", count: 150)
    for index in 0..<60 {
      let stem = index == 30 ? "9" + long : "\(1_000 + index)"
      var members = [
        ("json", Array("{\"score\": 0.\(500 + index)}".utf8)), ("txt", Array("a cat \(index)".utf8)),
      ]
      if index == 40 { members.removeLast() }
      let picture = (0..<30_000).map { _ in UInt8.random(in: 0...255, using: &random) }
      for (ending, content) in [("jpg", picture)] + members {
        folder.write("data/\(stem).\(ending)", content)
        if index != 30 { tar += SampleArchive.member(named: "\(stem).\(ending)", content) }
      }
    }
    let whole = try scan([folder.path + "/data"], out: folder.path + "/out1", settings: .withoutPictures)
    let threads = try scan(
      [folder.path + "/data"], out: folder.path + "/out2", threads: 8, settings: .withoutPictures)
    #expect(whole.lines == threads.lines)
    #expect(whole.shards == threads.shards)
    #expect(whole.shards.map(\.format) == ["folder"])
    #expect(whole.shards.map(\.records) == [60])
    #expect(whole.checks(record: 39) == ["pair-incomplete"])
    #expect(whole.lines.count == 1, "\(whole.brief)")
    let path = folder.write("a.tar", tar + SampleArchive.endMarker)
    let packed = try scan([path], out: folder.path + "/out3", settings: .withoutPictures)
    #expect(packed.checks(record: 39) == ["pair-incomplete"])
    #expect(packed.shards.map(\.records) == [59])
  }

  @Test("In folders the last period ends the name; a text without its picture is half a sample")
  func names() throws {
    let folder = TemporaryFolder()
    for index in 0..<30 {
      if index != 12 { folder.write("data/a.\(100 + index).jpg", "p\(index)") }
      folder.write("data/a.\(100 + index).txt", "cat \(index)")
    }
    folder.write("data/notes.txt.bak", "x")
    let outcome = try scan([folder.path + "/data"], out: folder.path + "/out", settings: .withoutPictures)
    #expect(outcome.shards.map(\.records) == [30])
    #expect(outcome.brief == ["12 pair-incomplete jpg"])
    #expect(outcome.lines.first?.findings.location.key == "a.112")
  }
}
