import ShardChecks
import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@testable import ShardScan

/// Tables whose pictures were not brought along.
struct PicturesElsewhereTests {
  /// A finder that is asked for each picture.
  private final class Asked: PictureResolving {
    private let finder: PictureFinder
    init(_ settings: ScanSettings) { finder = PictureFinder(settings) }
    let absentFolder: [UInt8] = []
    var hasRoots: Bool { finder.hasRoots }
    func begin(shard path: String) { finder.begin(shard: path) }
    func picture(named name: UnsafeBufferPointer<UInt8>) -> PictureContent { finder.picture(named: name) }
  }

  /// More than one chunk of records, since what one tells of the folder is used in the next.
  private static func table(seed: UInt64, _ folder: TemporaryFolder) -> String {
    var random = RepeatableRandom(seed: seed)
    let words = String(repeating: "a dog on a beach ", count: 100)
    let odd = [
      "images/../a.jpg", "images/./a.jpg", "images/<Your_Dir>/a.jpg", "images/a\\u0000.jpg",
      "images/\\u0061.jpg",
      "images/", "other/a.jpg", "https://a/b.jpg", "/images/a.jpg", "there/town.jpg", "there/none.jpg", "",
    ]
    var text = ""
    for index in 0..<1_500 {
      let usual = "images/\(index).jpg"
      let name =
        Int.random(in: 0..<8, using: &random) == 0 ? odd.randomElement(using: &random) ?? usual : usual
      switch Int.random(in: 0..<12, using: &random) {
      case 0: text += "{\"images\": [\"\(name)\", \"\(usual)\"], \"caption\": \"\(index) \(words)\"}\n"
      case 1: text += "{\"image_path\": \"\(name)\", \"label\": \(index), \"text\": \"\(words)\"}\n"
      case 2: text += "{\"image\": null, \"photo\": \"\(name)\", \"note\": \"\(words)\"}\n"
      default:
        text +=
          "{\"image\": \"\(name)\", \"caption\": \"\(index) \(words)\", \"width\": 80, \"height\": 60}\n"
      }
    }
    return folder.write("data-\(seed)/table.jsonl", text)
  }

  @Test("Pictures left out as elsewhere are counted as if each had been asked for", arguments: [1, 2])
  func counted(_ threads: Int) throws {
    let folder = TemporaryFolder()
    let paths = [UInt64(1), 2].map { Self.table(seed: $0, folder) }
    folder.write("data-1/there/town.jpg", Pictures.bytes(Pictures.sound[0]))
    folder.write("data-2/images/7.jpg", Pictures.bytes(Pictures.sound[0]))
    func outcome(_ out: String, asks: Bool) throws -> Outcome {
      var plan = ScanPlan(
        inputs: try Discovery.resolve(paths).inputs, settings: ScanSettings(), output: folder.path + out)
      try OutputFolder.prepare(folder.path + out, force: false)
      plan.threads = threads
      if asks { plan.pictures = { Asked($0) } }
      let sink = RecordingSink()
      let result = try ScanRun.scan(
        plan, policy: GatePolicy(), found: ScanRecord(settings: plan.settings), progress: ScanProgress(),
        sink: sink)
      return Outcome(result: result, lines: sink.lines, shards: sink.shards)
    }
    let usual = try outcome("/usual", asks: false)
    let asked = try outcome("/asked", asks: true)
    #expect(usual.result.images == asked.result.images)
    #expect(usual.result.unchecked == asked.result.unchecked)
    #expect(usual.lines == asked.lines)
    #expect(usual.shards == asked.shards)
    let found = Set(usual.result.checks.keys.filter { $0.hasPrefix("image-") })
    #expect(found.isSuperset(of: ["image-missing", "image-unsafe-path"]), "\(found.sorted())")
    #expect((usual.result.images?.references ?? 0) > 3_000)
  }
}
