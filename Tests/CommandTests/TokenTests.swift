import ShardTestSupport
import Testing

/// `--max-tokens` and `--vocab-size`.
struct TokenTests {
  private static func folder() -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.write(
      "a.jsonl",
      "{\"input_ids\": [1, 2, 3, 4], \"labels\": [-100, -100, -100, 4]}\n"
        + "{\"input_ids\": [1, 2], \"labels\": [-100, 2]}\n")
    return folder
  }

  @Test("The options set the limits, over those of the rules")
  func limits() throws {
    let folder = Self.folder()
    folder.write("rules.yaml", "version: 1\ntokens: {max_tokens: 4, vocab_size: 5}\n")
    let cases: [(options: [String], status: Int32, checks: [String])] = [
      ([], 0, []), (["--max-tokens", "4", "--vocab-size", "5"], 0, []),
      (["--max-tokens", "3"], 1, ["labels-truncated", "tokens-too-long"]),
      (["--vocab-size", "4"], 1, ["token-id-range"]),
      (["--rules", "rules.yaml"], 0, []),
      (["--rules", "rules.yaml", "--max-tokens", "3"], 1, ["labels-truncated"]),
      (["--max-tokens", "3", "--skip", "tokens"], 0, []),
    ]
    for (options, status, checks) in cases {
      let outcome = Command.run(
        ["scan", "a.jsonl", "--out", "out", "--force", "--quiet"] + options, in: folder.path)
      #expect(outcome.status == status, "\(options) \(outcome.error)")
      let list = String(decoding: folder.read("out/quarantine.jsonl") ?? [], as: UTF8.self)
      for check in checks { #expect(list.contains("\"\(check)\""), "\(options)") }
      #expect(list.isEmpty == checks.isEmpty, "\(options)")
    }
    let report = String(decoding: folder.read("out/shards/a.jsonl.json") ?? [], as: UTF8.self)
    #expect(report.contains("\"tokensLost\""))
  }

  @Test("What is no limit is refused", arguments: ["0", "-1", "many", "1.5", "99999999999999999999"])
  func refused(_ value: String) {
    let folder = Self.folder()
    for option in ["--max-tokens", "--vocab-size"] {
      let outcome = Command.run(["scan", "a.jsonl", "--out", "out", option + "=" + value], in: folder.path)
      #expect(outcome.status == 2 && outcome.error.contains(String(option.dropFirst(2))), "\(outcome.error)")
    }
  }
}
