import ShardTestSupport
import Testing

/// `shardcheck init`: rules that the same data pass, and what a script sees of it.
struct InitTests {
  private static let good: String = {
    var random = RepeatableRandom(seed: 3)
    return (0..<120).map {
      "{\"id\": \($0), \"score\": \(random.normal()), \"split\": \"\($0 % 3 == 0 ? "test" : "train")\", "
        + "\"input_ids\": [1, \($0 % 9), 3], \"labels\": [1, 2, 3], \"start\": \($0 % 7), \"end\": \($0 % 7 + 1)}\n"
    }.joined()
  }()

  private static func text(_ folder: TemporaryFolder, _ name: String) -> String {
    String(decoding: folder.read(name) ?? [], as: UTF8.self)
  }

  @Test("The rules are written, and the data and more of their kind pass them")
  func passes() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.good)
    let outcome = Command.run(["init", "data", "-o", "rules.yaml"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.isEmpty && outcome.error.isEmpty)
    let rules = Self.text(folder, "rules.yaml")
    #expect(
      rules.contains("\"split\": {type: text, required: true, nullable: false, enum: [\"test\", \"train\"]}"))
    #expect(rules.contains("- rule: len(input_ids) == len(labels)"))
    #expect(rules.contains("- rule: start <= end"))
    #expect(!rules.contains("checks:"))
    let checked = Command.run(["rules", "rules.yaml"], in: folder.path)
    #expect(checked.status == 0)
    #expect(checked.output == "rules.yaml: 9 fields, 2 conditions, 0 checks\n")
    let scan = Command.run(["scan", "data", "--rules", "rules.yaml", "--out", "out"], in: folder.path)
    #expect(scan.status == 0, "\(scan.output)\(scan.error)")
    folder.write("data/a.jsonl", Self.good + "{\"id\": 121, \"split\": \"dev\"}\n")
    let bad = Command.run(["scan", "data", "--rules", "rules.yaml", "--out", "out"], in: folder.path)
    #expect(bad.status == 1)
    let list = Self.text(folder, "out/quarantine.jsonl")
    for check in ["field-value", "field-missing"] { #expect(list.contains("\"check\":\"\(check)\"")) }
  }

  @Test("Without --output the rules go to standard output, the same whatever the threads")
  func standardOutput() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.good)
    folder.write("data/b.jsonl", Self.good)
    let one = Command.run(["init", "data", "--threads", "1"], in: folder.path)
    #expect(one.status == 0)
    #expect(one.output.hasPrefix("# Rules for shardcheck, made from 240 records in 2 shards."))
    #expect(Command.run(["init", "data", "--threads", "5"], in: folder.path).output == one.output)
    // What comes from a pipe cannot be read again: no condition is made that was not tried.
    let piped = Command.run(["init", "-"], in: folder.path, input: Self.good)
    #expect(piped.status == 0)
    #expect(piped.output.contains("\"score\": {type: number"))
    #expect(!piped.output.contains("records:"))
    folder.write("piped.yaml", piped.output)
    let scan = Command.run(
      ["scan", "-", "--rules", "piped.yaml", "--out", "out"], in: folder.path, input: Self.good)
    #expect(scan.status == 0, "\(scan.output)")
  }

  @Test("A file that exists is left alone, unless --force is given")
  func exists() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.good)
    folder.write("rules.yaml", "mine")
    let refused = Command.run(["init", "data", "-o", "rules.yaml"], in: folder.path)
    #expect(refused.status == 2)
    #expect(refused.error.contains("rules.yaml exists") && refused.error.contains("--force"))
    #expect(Self.text(folder, "rules.yaml") == "mine")
    #expect(Command.run(["init", "data", "-o", "rules.yaml", "--force"], in: folder.path).status == 0)
    #expect(Self.text(folder, "rules.yaml").hasPrefix("# Rules for shardcheck"))
  }

  @Test("Errors that the data have are let pass by a budget, and one more fails")
  func budget() {
    let folder = TemporaryFolder()
    let bad =
      "{\"id\": 7, \"score\": NaN, \"split\": \"train\", \"input_ids\": [1, 2, 3], \"labels\": [1, 2, 3], "
      + "\"start\": 1, \"end\": 2}\n"
    let data = Self.good + bad + "{\"id\": \n" + Self.good
    folder.write("data/a.jsonl", data)
    let outcome = Command.run(["init", "data", "-o", "rules.yaml"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let rules = Self.text(folder, "rules.yaml")
    #expect(
      rules.contains("  # The data have these: mend them, then take this line out.\n  number-nan: {max: 1}\n")
    )
    #expect(rules.contains("record-malformed: {max: 1}") || rules.contains("record-truncated: {max: 1}"))
    let arguments = ["scan", "data", "--rules", "rules.yaml", "--out", "out"]
    #expect(Command.run(arguments, in: folder.path).status == 0)
    folder.write("data/a.jsonl", data + bad)
    let more = Command.run(arguments, in: folder.path)
    #expect(more.status == 1)
    #expect(more.output.contains("number-nan"))
  }

  @Test("--limit reads the first records of each shard, and the file says so")
  func limit() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.good + "{\"late\": NaN}\n")
    let outcome = Command.run(["init", "data", "--limit", "100"], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("made from 100 records in 1 shard."))
    #expect(outcome.output.contains("# Only the first 100 records of each shard were read.\n"))
    #expect(!outcome.output.contains("late"))
  }

  @Test("A condition that some records break is not one, and the others stay")
  func conditions() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.good + Self.good.replacing("\"end\": 1}", with: "\"end\": -1}"))
    let outcome = Command.run(["init", "data"], in: folder.path)
    #expect(outcome.output.contains("- rule: len(input_ids) == len(labels)"))
    #expect(!outcome.output.contains("start <= end"))
    #expect(!outcome.output.contains("record-rule"))
  }

  @Test("Odd names and huge numbers come through the file and back")
  func odd() {
    let folder = TemporaryFolder()
    let long = String(repeating: "x", count: 3_000)
    let text = (0..<40).map {
      "{\"a.b\": \($0), \"*\": \"x\($0)\", \"a\\\"\\\\\\n\": 1.5, \"\\u00e9\": -1.7e\(300 + $0 % 8), \"\": null, "
        + "\"\(long)\": 1, \"yes\": \"no\", \"\\u2028\": [1.79e308, -1.79e308], \"$\": {\"\\u0000\": true}}\n"
    }.joined()
    folder.write("data/a.jsonl", text)
    let outcome = Command.run(["init", "data", "-o", "rules.yaml"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let scan = Command.run(["scan", "data", "--rules", "rules.yaml", "--out", "out"], in: folder.path)
    #expect(scan.status == 0, "\(scan.output)\(scan.error)\(Self.text(folder, "rules.yaml"))")
  }

  @Test("2 where there is nothing to make rules from")
  func nothing() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", "")
    for arguments in [["init", "data"], ["init", "gone"], ["init"], ["init", "data", "--limit", "0"]] {
      let outcome = Command.run(arguments, in: folder.path)
      #expect(outcome.status == 2, "\(arguments)")
      #expect(outcome.output.isEmpty && !outcome.error.isEmpty, "\(arguments)")
    }
    folder.write("data/a.jsonl", Self.good)
    let unwritable = Command.run(["init", "data", "-o", "data/a.jsonl/rules.yaml"], in: folder.path)
    #expect(unwritable.status == 2)
    #expect(unwritable.error.contains("data/a.jsonl/rules.yaml"))
  }
}
