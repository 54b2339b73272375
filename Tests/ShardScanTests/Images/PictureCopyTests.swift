import ShardModel
import ShardScan
import ShardTestSupport
import Testing

struct PictureCopyTests {
  private func copies(_ outcome: Outcome) -> [String] { outcome.brief.filter { $0.contains("duplicate") } }

  @Test("Copies are found over shards: of bytes, of looks; a file that is named again is none")
  func copies() throws {
    let folder = TemporaryFolder()
    Pictures.copy(Pictures.sound + ["copy.jpg", "near.jpg"], to: folder)
    folder.write("data/a.jsonl", PictureScanTests.records(Pictures.sound))
    folder.write(
      "data/b.jsonl",
      "{\"image\": \"photo3.jpg\", \"caption\": \"the same file once more\"}\n"
        + "{\"image\": \"copy.jpg\", \"caption\": \"a copy of it here\"}\n"
        + "{\"image\": \"near.jpg\", \"caption\": \"compressed again and stored\"}\n"
        + "{\"image\": \"copy.jpg\", \"caption\": \"the copy is named again\"}\n")
    let outcome = try scan(
      [folder.path + "/data/a.jsonl", folder.path + "/data/b.jsonl"], out: folder.path + "/out")
    #expect(copies(outcome) == ["1 image-duplicate image", "2 image-near-duplicate image"])
    let messages = outcome.lines.flatMap(\.findings.findings).filter { $0.check.contains("duplicate") }.map(
      \.message)
    #expect(messages.first?.hasPrefix("the same bytes as a picture of record 3 of ") == true)
    #expect(messages.last?.hasPrefix("looks like a picture of record 4 of ") == true)
  }

  @Test("Several pictures of a record are compared with each other and with those of other records")
  func several() throws {
    let folder = TemporaryFolder()
    Pictures.copy(Pictures.sound + ["copy.jpg", "near.jpg"], to: folder)
    func record(_ names: [String]) -> String {
      "{\"messages\": [{\"role\": \"user\", \"content\": \"\(String(repeating: "<image>", count: names.count))What?\"}, "
        + "{\"role\": \"assistant\", \"content\": \"A town.\"}], \"images\": [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]}\n"
    }
    folder.write(
      "data/a.jsonl",
      record(["photo0.jpg", "photo3.jpg", "copy.jpg"]) + record(["photo1.jpg"])
        + record(["photo4.jpg", "photo5.jpg"]) + record(["photo0.jpg", "near.jpg"]))
    let outcome = try scan([folder.path + "/data/a.jsonl"], out: folder.path + "/out")
    #expect(copies(outcome) == ["0 image-duplicate images[2]", "3 image-near-duplicate images[1]"])
  }

  @Test("Pictures of low information all look alike and are not taken for copies of each other")
  func flat() throws {
    let folder = TemporaryFolder()
    Pictures.copy(["flat.png", "bright.jpg"] + Pictures.sound, to: folder)
    folder.write("data/a.jsonl", PictureScanTests.records(["flat.png", "bright.jpg"] + Pictures.sound))
    let outcome = try scan([folder.path + "/data/a.jsonl"], out: folder.path + "/out")
    #expect(copies(outcome).isEmpty)
  }

  @Test("The pictures of a tar are compared, those of one name in two samples as well")
  func tar() throws {
    let folder = TemporaryFolder()
    var members: [(name: String, bytes: [UInt8])] = []
    let names = Pictures.sound + ["copy.jpg", "near.jpg", "cut.jpg", "html.jpg"]
    for (index, name) in names.enumerated() {
      members.append(("00\(index).jpg", Pictures.bytes(name)))
      members.append(("00\(index).txt", Array("a view of the town, number \(index)".utf8)))
    }
    folder.write("a.tar", Pictures.tar(members))
    let outcome = try scan([folder.path + "/a.tar"], out: folder.path + "/out")
    #expect(
      outcome.brief.filter { $0.contains("image-") } == [
        "6 image-duplicate jpg", "7 image-near-duplicate jpg", "8 image-corrupt jpg", "9 image-format jpg",
      ])
    let cut = try #require(outcome.lines.first { $0.findings.location.record == 8 })
    #expect(cut.findings.location.key == "008")
    #expect(cut.findings.findings.first?.value == "008.jpg")
  }
}
