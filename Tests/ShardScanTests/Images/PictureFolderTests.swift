import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// Folders of pictures are read as data sets.
struct PictureFolderTests {
  @Test("A folder of pictures with texts beside them: each picture is opened and judged")
  func sideBySide() throws {
    let folder = TemporaryFolder()
    for (index, name) in (Pictures.sound + ["cut.jpg", "dark.jpg"]).enumerated() {
      folder.write("data/view\(index).jpg", Pictures.bytes(name))
      folder.write("data/view\(index).txt", "a view of the town, number \(index)")
    }
    let outcome = try scan([folder.path + "/data"], out: folder.path + "/out")
    #expect(outcome.result.images?.read == 8)
    #expect(outcome.brief.filter { $0.contains("image-") } == ["6 image-corrupt jpg", "7 image-dark jpg"])
    #expect(outcome.lines.last?.findings.findings.first?.value == "view7.jpg")
  }

  @Test(
    "A folder with metadata: pictures are found by file_name, labels and captions alike",
    arguments: [true, false])
  func metadata(_ hasCaptions: Bool) throws {
    let folder = TemporaryFolder()
    Pictures.copy(Pictures.sound + ["html.jpg"], to: folder)
    let text = hasCaptions ? "\"text\": \"a view of the town" : "\"label\": \"town"
    folder.write(
      "data/metadata.jsonl",
      (Pictures.sound + ["html.jpg", "none.jpg"]).enumerated().map {
        "{\"file_name\": \"\($1)\", \(text) \($0)\"}\n"
      }.joined())
    let outcome = try scan([folder.path + "/data"], out: folder.path + "/out")
    #expect(
      outcome.brief.filter { $0.contains("image-") } == [
        "6 image-format file_name", "7 image-missing file_name",
      ])
    #expect(outcome.result.images?.read == 6)
  }
}
