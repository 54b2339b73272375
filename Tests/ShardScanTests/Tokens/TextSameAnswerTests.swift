import ShardChecks
import ShardModel
import ShardRules
import ShardScan
import ShardTestSupport
import Testing

/// The same answer for any number of threads and any split of the shards, with a tokenizer in use.
struct TextSameAnswerTests {
  /// Shards of conversations and captions with defects among them.
  private static func write(to folder: TemporaryFolder) -> [String] {
    var random = RepeatableRandom(seed: 12)
    return (0..<5).map { shard in
      var text = ""
      for index in 0..<400 {
        // Now and then one that is far longer than the others, and in one shard many of them.
        let isLong = Int.random(in: 0..<(shard == 3 ? 6 : 150), using: &random) == 0
        let words = isLong ? 900 : Int.random(in: 1...30, using: &random)
        let question = (0..<words).map { _ in
          String(Int.random(in: 0..<3_000, using: &random), radix: 36)
        }.joined(separator: index % 7 == 0 ? "\\n" : " ")
        text +=
          index % 3 == 0
          ? "{\"image\": \"\(shard)-\(index).jpg\", \"caption\": \"\(question)\"}\n"
          : "{\"conversations\": [{\"from\": \"user\", \"value\": \"\(question)\"}, "
            + "{\"from\": \"assistant\", \"value\": \"\(index % 50 == 1 ? "" : "yes")\"}]}\n"
      }
      return folder.write("data/\(shard).jsonl", text)
    }
  }

  @Test("1 thread, 8 threads and the merge of any split agree", arguments: ["bytes.json", "words.json"])
  func same(_ tokenizer: String) throws {
    let folder = TemporaryFolder()
    let paths = Self.write(to: folder)
    let (settings, file) = try SmallTokenizer.settings(
      tokenizer, "{max_tokens: 1500, template: vicuna}", outliers: .iqr(3))
    func scanned(_ paths: [String], _ name: String, threads: Int) throws -> Outcome {
      try scan(
        paths, out: folder.path + "/" + name, threads: threads, settings: settings, tokenizer: file)
    }
    let one = try scanned(paths, "one", threads: 1)
    let eight = try scanned(paths, "eight", threads: 8)
    #expect(one.result == eight.result && one.lines == eight.lines && one.shards == eight.shards)
    #expect(one.result.checks["tokens-outlier"] != nil && one.result.checks["tokens-too-long"] != nil)
    for split in [1, 2, 4] {
      _ = try scanned(Array(paths[..<split]), "left\(split)", threads: 2)
      _ = try scanned(Array(paths[split...]), "right\(split)", threads: 1)
      let merged = try merge(
        [folder.path + "/right\(split)", folder.path + "/left\(split)"], out: folder.path + "/both\(split)")
      #expect(merged.result == one.result && merged.lines == one.lines && merged.shards == one.shards)
    }
  }

  @Test("Scans with different tokenizers are not merged; one that moved is the same")
  func mixed() throws {
    let folder = TemporaryFolder()
    let paths = Self.write(to: folder)
    let moved = folder.write("moved.json", try #require(read(SmallTokenizer.path("bytes.json"))))
    for (name, path, part) in [
      ("a", SmallTokenizer.path("bytes.json"), 0), ("b", SmallTokenizer.path("words.json"), 1),
      ("c", moved, 2),
    ] {
      let file = try TokenizerFile(path: path)
      var settings = ScanSettings()
      settings.checks.imageMode = .none
      settings.checks.rules.tokens.tokenizer = path
      settings.checks.rules.tokens.template = .plain
      settings.checks.specialTokens = []
      settings.use(file)
      settings.checks.specialTokens = []
      _ = try scan([paths[part]], out: folder.path + "/" + name, settings: settings, tokenizer: file)
    }
    #expect(throws: ScanRun.MergeFailure.self) {
      try merge([folder.path + "/a", folder.path + "/b"], out: folder.path + "/ab")
    }
    let merged = try merge([folder.path + "/a", folder.path + "/c"], out: folder.path + "/ac")
    #expect(merged.result.tokens?.lengths.count == 800)
  }

  @Test("A tokenizer that is gone when a shard must be read again is said")
  func gone() throws {
    let folder = TemporaryFolder()
    // In each shard half of the texts are long, so that one alone has no outlier, and both together have many.
    for (name, words) in [("a", 2), ("b", 2), ("c", 900)] {
      let text = (0..<(name == "c" ? 150 : 2_000)).map {
        "{\"image\": \"\($0)\", \"caption\": \"\(String(repeating: "ab ", count: words + $0 % 3))\"}\n"
      }.joined()
      folder.write("data/\(name).jsonl", text)
    }
    let path = folder.write("t.json", try #require(read(SmallTokenizer.path("bytes.json"))))
    let file = try TokenizerFile(path: path)
    var settings = ScanSettings.withoutDuplicates
    settings.checks.imageMode = .none
    settings.use(file)
    for name in ["a", "b", "c"] {
      _ = try scan(
        [folder.path + "/data/\(name).jsonl"], out: folder.path + "/" + name, settings: settings,
        tokenizer: file)
    }
    let folders = ["a", "b", "c"].map { folder.path + "/" + $0 }
    let whole = try merge(folders, out: folder.path + "/all")
    #expect(whole.result.checks["tokens-outlier"]?.findings == 150)
    folder.write("t.json", try #require(read(SmallTokenizer.path("words.json"))))
    let partial = try merge(folders, out: folder.path + "/gone")
    #expect(partial.result.unchecked.contains { $0.contains("could not be read a second time") })
  }

  private func read(_ path: String) -> String? {
    (try? Files.contents(of: path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
