import Glibc
import ShardTestSupport
import Testing

/// What a script sees of the command: exit codes, streams and files.
struct ExitCodeTests {
  private static let good = (0..<40).map { "{\"a\": \($0).5, \"b\": \"x\"}\n" }.joined()
  private static let bad = good + "{\"a\": NaN, \"b\": \"x\"}\n"

  private func scan(_ folder: TemporaryFolder, _ text: String, _ options: [String] = []) -> Command.Outcome {
    folder.write("data/a.jsonl", text)
    return Command.run(["scan", "data", "--out", "out"] + options, in: folder.path)
  }

  @Test("0 where the gate passes, 1 where it fails, and both have written their files")
  func gate() {
    let folder = TemporaryFolder()
    let passed = scan(folder, Self.good)
    #expect(passed.status == 0, "\(passed.error)")
    #expect(passed.output.hasPrefix("PASSED  no data cause found"))
    #expect(folder.read("out/quarantine.jsonl") == [])
    let failed = scan(folder, Self.bad)
    #expect(failed.status == 1)
    #expect(failed.output.hasPrefix("FAILED  1 of 41 records is quarantined: 1 error"))
    let list = String(decoding: folder.read("out/quarantine.jsonl") ?? [], as: UTF8.self)
    #expect(list.hasPrefix("{\"shard\":\"data/a.jsonl\",\"record\":40,\"line\":41,"))
    #expect(folder.read("out/summary.json") != nil)
    #expect(folder.read("out/shards/data/a.jsonl.json") != nil)
  }

  @Test(
    "The gate is as strict as it is told to be",
    arguments: [
      (["--fail-on", "never"], 0), (["--max-quarantined", "1"], 0), (["--max-quarantined=5%"], 0),
      (["--max-quarantined", "0.5%"], 1), (["--skip", "number-nan"], 0), (["--checks", "structure"], 0),
      (["--ignore", "a"], 0), (["--fields", "b"], 0), (["--fail-on", "warning"], 1),
    ] as [([String], Int32)])
  func policy(_ options: [String], _ status: Int32) {
    let outcome = scan(TemporaryFolder(), Self.bad, options)
    #expect(outcome.status == status, "\(options) \(outcome.output) \(outcome.error)")
  }

  @Test(
    "2 where the scan cannot be started, with a message that says what to do",
    arguments: [
      ([], "usage: shardcheck COMMAND"), (["scna", "x"], "did you mean shardcheck scan?"),
      (["scan"], "no input"), (["scan", "gone.jsonl"], "gone.jsonl"),
      (["scan", ".", "--otu", "x"], "did you mean --out?"),
      (["scan", ".", "--threads", "0"], "from 1 to 1024"),
      (["scan", ".", "--format", "jsnl"], "did you mean jsonl?"), (["scan", ".", "--out"], "needs a value"),
      (["scan", ".", "--max-quarantined", "-1"], "a count such as 100"),
      (["scan", ".", "--quiet=1"], "takes no value"),
      (["scan", ".", "--outliers", "iqr"], "iqr:K"), (["scan", ".", "--max-record", "64 Mb"], "64MiB"),
      (["scan", ".", "--checks", "number-nam"], "did you mean number-nan?"),
      (["checks", "nan"], "shardcheck checks"),
      (["scan", ".", "--limit", "1", "--limit", "2"], "given twice"), (["merge"], "no directory"),
      (["merge", "."], "holds no state"), (["diff", "a"], "two summaries"),
      (["diff", "a", "b"], "No such file"), (["scan", ".", "--baseline", "gone"], "gone: No such file"),
      (["completions", "csh"], "bash, zsh or fish"),
    ] as [([String], String)])
  func usage(_ arguments: [String], _ message: String) {
    let folder = TemporaryFolder()
    let outcome = Command.run(arguments, in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.output.isEmpty)
  }

  @Test("3 where an input cannot be read, whatever the gate allows, unless that is allowed")
  func incomplete() {
    // Root may read everything: a directory that cannot be listed is a problem for others only.
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.good)
    symlink("loop.jsonl", folder.path + "/data/loop.jsonl")
    let outcome = Command.run(["scan", "data/a.jsonl", "data/loop.jsonl", "--out", "out"], in: folder.path)
    #expect(outcome.status == 3 || outcome.status == 2, "\(outcome.error)")
  }

  @Test("130 after an interrupt: what was finished is on disk, the rest is marked")
  func interrupt() {
    let folder = TemporaryFolder()
    for index in 0..<400 {
      folder.write(
        "data/\(index).jsonl", String(repeating: "{\"a\": [1, 2, 3], \"b\": \"some text\"}\n", count: 4_000))
    }
    var outcome = Command.Outcome(status: 0, output: "", error: "", peakMemory: 0)
    // Sooner each time, until the scan is not over before the signal.
    for delay in [400_000, 200_000, 100_000, 50_000, 20_000] as [UInt32] {
      outcome = Command.run(
        ["scan", "data", "--out", "out", "--threads", "1"], in: folder.path, signal: SIGINT, after: delay)
      if outcome.status != 0 { break }
    }
    #expect(outcome.status == 130, "\(outcome.error)")
    #expect(outcome.output.hasPrefix("INTERRUPTED"))
    let summary = String(decoding: folder.read("out/summary.json") ?? [], as: UTF8.self)
    #expect(summary.contains("\"interrupted\": true"))
    #expect(summary.contains("\"unread\""))
  }

  @Test("A directory with other things in it is refused, and with --force they are left alone")
  func foreign() {
    let folder = TemporaryFolder()
    folder.write("out/thesis.tex", "years of work")
    let refused = scan(folder, Self.good)
    #expect(refused.status == 2)
    #expect(refused.error.contains("thesis.tex") && refused.error.contains("--force"))
    #expect(scan(folder, Self.good, ["--force"]).status == 0)
    #expect(folder.read("out/thesis.tex") == Array("years of work".utf8))
  }

  @Test("Standard input is a shard named -")
  func standardInput() {
    let folder = TemporaryFolder()
    let outcome = Command.run(["scan", "-", "--out", "out"], in: folder.path, input: Self.bad)
    #expect(outcome.status == 1)
    let list = String(decoding: folder.read("out/quarantine.jsonl") ?? [], as: UTF8.self)
    #expect(list.contains("\"shard\":\"-\",\"record\":40"))
  }

  @Test("--quiet says nothing on standard output; the exit code still tells")
  func quiet() {
    let outcome = scan(TemporaryFolder(), Self.bad, ["--quiet"])
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty && outcome.error.isEmpty)
  }

  @Test("--redact leaves no value and no key in any file or on the terminal")
  func redact() {
    let folder = TemporaryFolder()
    let secret = "{\"key\": \"secret-key\", \"a\": \"secret-text\", \"b\": 98765.5}\n"
    let text = String(repeating: "{\"key\": \"k\", \"a\": 1.5, \"b\": 1}\n", count: 40) + secret
    let outcome = scan(folder, text, ["--redact", "--verbose"])
    #expect(outcome.status == 1)
    var all = outcome.output
    for name in ["out/quarantine.jsonl", "out/summary.json", "out/shards/data/a.jsonl.json"] {
      all += String(decoding: folder.read(name) ?? [], as: UTF8.self)
    }
    #expect(all.contains("field-type"))
    #expect(!all.contains("secret"))
  }
}
