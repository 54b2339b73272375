import Foundation
import ShardTestSupport
import Testing

/// `shardcheck rules` and `scan --rules`.
struct RulesTests {
  private static let bad = """
    version: 1
    fields:
      a: {rnge: [0, 1]}
      b: {range: [2, 1], type: nubmer}
    checks:
      number-nam: off
    gate: {fail_on: sometimes}

    """

  @Test("A file with mistakes exits 2 and names all of them, with their places")
  func mistakes() {
    let folder = TemporaryFolder()
    folder.write("bad.yaml", Self.bad)
    folder.write("data/a.jsonl", "{\"a\": 1}\n")
    for arguments in [["rules", "bad.yaml"], ["scan", "data", "--rules", "bad.yaml", "--out", "out"]] {
      let outcome = Command.run(arguments, in: folder.path)
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      for place in ["bad.yaml:3:7:", "bad.yaml:4:14:", "bad.yaml:4:28:", "bad.yaml:6:3:", "bad.yaml:7:17:"] {
        #expect(outcome.error.contains(place), "\(outcome.error)")
      }
      #expect(outcome.error.contains("the rules file has 5 mistakes"))
      #expect(folder.read("out/summary.json") == nil)
    }
  }

  @Test("Several files are checked; the first with mistakes ends it, and so does one that is not there")
  func several() {
    let folder = TemporaryFolder()
    folder.write("good.yaml", "version: 1\n")
    folder.write("bad.yaml", Self.bad)
    #expect(
      Command.run(["rules", "good.yaml"], in: folder.path).output
        == "good.yaml: 0 fields, 0 conditions, 0 checks\n")
    #expect(Command.run(["rules", "good.yaml", "bad.yaml"], in: folder.path).status == 2)
    let gone = Command.run(["rules", "gone.yaml"], in: folder.path)
    #expect(gone.status == 2)
    #expect(gone.error.contains("gone.yaml"))
    #expect(Command.run(["rules"], in: folder.path).status == 2)
  }

  @Test("The schema is JSON, names every key, and is the same each time")
  func schema() throws {
    let outcome = Command.run(["rules", "--schema"])
    #expect(outcome.status == 0)
    let parsed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let root = try #require(parsed as? [String: Any])
    #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    let sections = try #require(root["properties"] as? [String: Any])
    #expect(
      Set(sections.keys) == [
        "version", "fields", "records", "checks", "ignore", "tokens", "duplicates", "pairs", "drift", "gate",
      ])
    #expect(outcome.output == Command.run(["rules", "--schema"]).output)
    for id in ["number-nan", "field-order", "record-rule", "normalization-vector"] {
      #expect(outcome.output.contains("\"\(id)\""))
    }
  }

  @Test("The command line stands over the file")
  func commandLine() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", "{\"a\": NaN, \"b\": 70000}\n")
    folder.write(
      "rules.yaml",
      "version: 1\nchecks: {number-overflow: {dtype: fp16}, number-nan: {severity: warning}}\ngate: {fail_on: warning}\n"
    )
    func run(_ options: String...) -> Int32 {
      Command.run(["scan", "data", "--rules", "rules.yaml", "--out", "out"] + options, in: folder.path).status
    }
    #expect(run() == 1)
    #expect(run("--fail-on", "never") == 0)
    #expect(run("--fail-on", "error") == 1)
    #expect(run("--fail-on", "error", "--dtype", "fp32") == 0)
    #expect(run("--fail-on", "error", "--skip", "number-overflow") == 0)
    #expect(run("--checks", "number-overflow") == 1)
    #expect(run("--checks", "field-missing") == 0)
    #expect(run("--max-quarantined", "1") == 0)
    #expect(run("--ignore", "a,b") == 0)
  }

  @Test("The rules go with the result: a merge judges by them, and scans with other rules are not merged")
  func merge() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", "{\"a\": 1, \"t\": 1}\n{\"a\": 2, \"t\": 0}\n")
    folder.write("data/b.jsonl", "{\"a\": 3, \"t\": 5}\n{\"t\": 6}\n")
    folder.write(
      "rules.yaml",
      "version: 1\nfields:\n  a: {range: [0, 2], required: true, mostly: 0.5}\n"
        + "  t: {monotonic: increasing, severity: warning}\nchecks: {normalization: off, drift: off}\n")
    folder.write("other.yaml", "version: 1\n")
    func scan(_ path: String, _ out: String, _ rules: String = "rules.yaml") {
      _ = Command.run(["scan", path, "--rules", rules, "--out", out, "--quiet"], in: folder.path)
    }
    scan("data", "whole")
    scan("data/a.jsonl", "part-a")
    scan("data/b.jsonl", "part-b")
    scan("data/b.jsonl", "part-c", "other.yaml")
    let merged = Command.run(["merge", "part-b", "part-a", "--out", "all", "--quiet"], in: folder.path)
    #expect(merged.status == 0, "\(merged.error)")
    for file in ["quarantine.jsonl", "summary.json", "shards/data/a.jsonl.json"] {
      #expect(folder.read("all/" + file) == folder.read("whole/" + file), "\(file)")
      #expect(folder.read("all/" + file) != nil)
    }
    let list = String(decoding: folder.read("all/quarantine.jsonl") ?? [], as: UTF8.self)
    #expect(list.contains("field-order") && !list.contains("number-range"))
    let refused = Command.run(["merge", "part-a", "part-c", "--out", "no"], in: folder.path)
    #expect(refused.status == 2)
    #expect(refused.error.contains("different settings"))
  }
}
