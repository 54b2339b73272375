import ShardTestSupport
import Testing

/// A comparison as it is run every week.
struct DiffTests {
  private static func write(_ folder: TemporaryFolder, _ name: String, seed: UInt64, scale: Double = 1) {
    var random = RepeatableRandom(seed: seed)
    let text = (0..<500).map { index in
      "{\"id\": \(index), \"a\": \(random.normal() * scale), \"b\": \"\(index % 3 == 0 ? "x" : "y")\"}\n"
    }
    folder.write("data/\(name).jsonl", text.joined())
    _ = Command.run(["scan", "data/\(name).jsonl", "--out", name, "--quiet"], in: folder.path)
  }

  @Test("0 where nothing moved, 1 where something did, unless that is allowed")
  func codes() {
    let folder = TemporaryFolder()
    Self.write(folder, "one", seed: 1)
    Self.write(folder, "two", seed: 2)
    Self.write(folder, "three", seed: 3, scale: 255)
    let same = Command.run(["diff", "one", "two/summary.json"], in: folder.path)
    #expect(same.status == 0, "\(same.error)")
    #expect(same.output.hasPrefix("SAME   none of 3 fields"))
    let moved = Command.run(["diff", "one", "three", "--out", "d.json"], in: folder.path)
    #expect(moved.status == 1)
    #expect(moved.output.hasPrefix("MOVED  1 of 3 fields") && moved.output.contains("\n! a "))
    let json = Command.run(["diff", "one", "three", "--json", "--fail-on", "never"], in: folder.path)
    #expect(json.status == 0)
    #expect(Array(json.output.utf8) == folder.read("d.json"))
    _ = Command.run(["diff", "one", "three", "--out", "d.html", "--quiet"], in: folder.path)
    #expect(folder.read("d.html")?.starts(with: "<!doctype html>".utf8) == true)
    let quiet = Command.run(["diff", "one", "three", "--quiet"], in: folder.path)
    #expect(quiet.status == 1 && quiet.output.isEmpty && quiet.error.isEmpty)
  }

  @Test("A scan and a merge with a baseline say the same, wherever the baseline is kept")
  func baseline() {
    let folder = TemporaryFolder()
    Self.write(folder, "one", seed: 1)
    Self.write(folder, "three", seed: 3, scale: 255)
    folder.write("elsewhere/b.json", folder.read("one/summary.json") ?? [])
    let files = ["summary.json", "quarantine.jsonl"]
    func scan(_ baseline: String, _ out: String) -> [[UInt8]?] {
      let outcome = Command.run(
        ["scan", "data/three.jsonl", "--baseline", baseline, "--out", out, "--fail-on", "warning"],
        in: folder.path)
      #expect(outcome.status == 1 && outcome.output.contains("drift-distribution"), "\(outcome.error)")
      return files.map { folder.read(out + "/" + $0) }
    }
    let first = scan("one", "s1")
    #expect(scan("elsewhere/b.json", "s2") == first)
    let merged = Command.run(
      ["merge", "s1", "--out", "m", "--fail-on", "warning", "--quiet"], in: folder.path)
    #expect(merged.status == 1, "\(merged.error)")
    #expect(files.map { folder.read("m/" + $0) } == first)
    let again = Command.run(
      ["merge", "three", "--baseline", "one", "--out", "n", "--fail-on", "warning", "--quiet"],
      in: folder.path)
    #expect(again.status == 1)
    #expect(files.map { folder.read("n/" + $0) } == first)
  }

  @Test("A baseline that is none is refused before anything is written")
  func refused() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", "{\"a\": 1}\n")
    let outcome = Command.run(
      ["scan", "data", "--baseline", "data/a.jsonl", "--out", "out"], in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("not a summary of shardcheck") && outcome.error.contains("summary.json"))
    #expect(folder.read("out/summary.json") == nil)
  }
}
