import ShardTestSupport
import Testing

/// The files of a merge are those of one scan, byte for byte; so are those of any number of threads.
struct MergeTests {
  private static func makeShards(_ folder: TemporaryFolder) {
    for shard in 0..<6 {
      var random = RepeatableRandom(seed: UInt64(shard))
      var text = ""
      for index in 0..<(shard == 2 ? 8_000 : 500) {
        let score = index % 181 == 90 ? "NaN" : "\(random.normal() * (index % 97 == 5 ? 50 : 1))"
        text += "{\"id\": \(index), \"score\": \(score), \"tag\": \"t\(index % 5)\"}\n"
      }
      folder.write("data/s\(shard).jsonl", text)
    }
  }

  private static func files(_ folder: TemporaryFolder, _ out: String) -> [[UInt8]?] {
    ["quarantine.jsonl", "summary.json"].map { folder.read(out + "/" + $0) }
      + (0..<6).map { folder.read("\(out)/shards/data/s\($0).jsonl.json") }
  }

  @Test("Threads, splits and the order of merging leave no trace in the files")
  func same() {
    let folder = TemporaryFolder()
    Self.makeShards(folder)
    let options = ["--quiet", "--outliers", "iqr:1"]
    _ = Command.run(["scan", "data", "--out", "one", "--threads", "1"] + options, in: folder.path)
    let expected = Self.files(folder, "one")
    #expect(expected.allSatisfy { $0 != nil })
    _ = Command.run(["scan", "data", "--out", "many", "--threads", "8"] + options, in: folder.path)
    #expect(Self.files(folder, "many") == expected)
    for (index, group) in [["s0", "s4"], ["s5"], ["s1", "s2", "s3"]].enumerated() {
      _ = Command.run(
        ["scan"] + group.map { "data/\($0).jsonl" } + ["--out", "part\(index)", "--threads", "2"] + options,
        in: folder.path)
    }
    let merged = Command.run(["merge", "part2", "part0", "part1", "--out", "all"] + options, in: folder.path)
    #expect(merged.status == 1, "\(merged.error)")
    #expect(Self.files(folder, "all") == expected)
  }

  @Test("Scans with different settings, or of the same shard, are not merged")
  func refused() {
    let folder = TemporaryFolder()
    Self.makeShards(folder)
    _ = Command.run(["scan", "data/s0.jsonl", "--out", "a", "--quiet"], in: folder.path)
    _ = Command.run(["scan", "data/s1.jsonl", "--out", "b", "--dtype", "fp16", "--quiet"], in: folder.path)
    _ = Command.run(["scan", "data/s0.jsonl", "--out", "c", "--quiet"], in: folder.path)
    let settings = Command.run(["merge", "a", "b", "--out", "m"], in: folder.path)
    #expect(settings.status == 2)
    #expect(settings.error.contains("different settings"))
    let twice = Command.run(["merge", "a", "c", "--out", "m"], in: folder.path)
    #expect(twice.status == 2)
    #expect(twice.error.contains("data/s0.jsonl"))
    let itself = Command.run(["merge", "a", "--out", "a"], in: folder.path)
    #expect(itself.status == 2)
  }
}
