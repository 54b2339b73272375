import ShardModel
import ShardScan
import ShardTestSupport
import Testing

/// What is said of pictures does not depend on threads or on how shards are split.
struct PictureSameAnswerTests {
  private static let names =
    Pictures.sound + [
      "photo.png", "photo.gif", "photo.webp", "photo.tif", "dark.jpg", "bright.jpg", "flat.png", "blurry.jpg",
      "gray.jpg", "wide.jpg", "ribbon.png", "small.png", "huge.jpg", "turned.jpg", "cut.jpg", "noend.jpg",
      "junk.jpg",
      "html.jpg", "lfs.png", "empty.jpg", "wrong.png", "copy.jpg", "near.jpg", "bomb.png",
    ]

  /// Shards of records with one picture or several, of samples in tars, and of paths that lead nowhere.
  private static func makeShards(_ folder: TemporaryFolder) -> [String] {
    Pictures.copy(names, to: folder)
    var random = RepeatableRandom(seed: 3)
    func name() -> String {
      // Most pictures are sound, so that fences and rules hold.
      Int.random(in: 0..<4, using: &random) > 0
        ? Pictures.sound[Int.random(in: 0..<6, using: &random)]
        : (names + ["none.jpg", "../x.jpg", "https://a/b.png"])[
          Int.random(in: 0..<(names.count + 3), using: &random)]
    }
    var paths: [String] = []
    for shard in 0..<3 {
      var text = ""
      for index in 0..<60 {
        text +=
          "{\"image\": \"\(name())\", \"width\": \(90 + 4 * index % 30), \"height\": 80, \"caption\": \"town \(shard) \(index)\"}\n"
      }
      paths.append(folder.write("data/pairs-\(shard).jsonl", text))
    }
    var text = ""
    for index in 0..<40 {
      let list = (0...(index % 4)).map { _ in "\"\(name())\"" }.joined(separator: ", ")
      text += "{\"images\": [\(list)], \"label\": \(index % 3)}\n"
    }
    paths.append(folder.write("data/lists.jsonl", text))
    for shard in 0..<2 {
      var members: [(name: String, bytes: [UInt8])] = []
      for index in 0..<40 {
        var picture = name()
        while picture.contains("/") || picture == "none.jpg" { picture = name() }
        members.append(("s\(shard)\(100 + index).\(picture.suffix(3))", Pictures.bytes(picture)))
        members.append(("s\(shard)\(100 + index).txt", Array("town \(shard) \(index)".utf8)))
      }
      paths.append(folder.write("data/samples-\(shard).tar", Pictures.tar(members)))
    }
    return paths
  }

  private func expectSame(_ left: Outcome, _ right: Outcome, _ comment: Comment) {
    #expect(left.lines == right.lines, comment)
    #expect(left.shards == right.shards, comment)
    #expect(left.result.images == right.result.images, comment)
    #expect(left.result.checks == right.result.checks, comment)
    #expect(left.result.totals == right.result.totals, comment)
    #expect(left.result.unchecked == right.result.unchecked, comment)
    #expect(left.result.thumbnails == right.result.thumbnails, comment)
  }

  @Test("One thread, two and eight; any split, merged in any order", arguments: 0..<3)
  func same(_ seed: UInt64) throws {
    let folder = TemporaryFolder()
    let paths = Self.makeShards(folder)
    let whole = try scan(paths, out: folder.path + "/whole")
    let found = Set(whole.result.checks.keys.filter { $0.hasPrefix("image-") })
    #expect(found.count >= 14, "\(found.sorted())")
    #expect(whole.result.images?.channels != nil)
    #expect(whole.result.thumbnails.count >= 24)
    let stored = try StoredScan(folder.path + "/whole").replay(sink: RecordingSink())
    #expect(stored.thumbnails == whole.result.thumbnails)
    for threads in [2, 8] {
      let many = try scan(paths, out: folder.path + "/\(threads)", threads: threads)
      expectSame(whole, many, "\(threads) threads")
    }
    var random = RepeatableRandom(seed: seed)
    var groups = [[String]](repeating: [], count: 3)
    for path in paths { groups[Int.random(in: 0..<3, using: &random)].append(path) }
    var outputs: [String] = []
    for (index, group) in groups.enumerated() where !group.isEmpty {
      let out = folder.path + "/part-\(index)"
      _ = try scan(group, out: out, threads: 2)
      outputs.append(out)
    }
    outputs.shuffle(using: &random)
    expectSame(whole, try merge(outputs, out: folder.path + "/merged"), "seed \(seed)")
  }
}
