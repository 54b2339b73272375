import Glibc
import ShardTestSupport
import Testing

/// `--tokenizer`, and `shardcheck tokens`.
struct TokenizerTests {
  private static func fixture(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/" + tests + "/ShardScanTests/Fixtures/Tokenizers/" + name
  }

  private static let rows = "{\"image\": \"1.jpg\", \"caption\": \"a dog\"}\n"

  // MARK: tokens

  @Test(
    "Tokens of a text are counted, and shown with their ids",
    arguments: [
      (["--text", "a dog"], "5 characters, 5 bytes\n"),
      (["--text", "dög", "--tokenizer", "bytes.json"], "4 tokens, 3 characters, 4 bytes\n"),
      (["--text", ""], "0 characters, 0 bytes\n"),
      (
        ["--text", "a dog", "--tokenizer", "words.json"],
        "4 tokens and 2 that the model adds, 5 characters, 5 bytes\n"
      ),
      (
        ["--text", "ö\n", "--tokenizer", "bytes.json", "--show"],
        "195  bytes c3\n182  bytes b6\n 10  \"\\n\"\n3 tokens, 2 characters, 3 bytes\n"
      ),
      (
        ["--text", "a<|im_end|>", "--tokenizer", "bytes.json", "--show", "--special"],
        " 97  \"a\"\n258  \"<|im_end|>\"\n2 tokens, 11 characters, 11 bytes\n"
      ),
    ])
  func text(_ options: [String], _ output: String) {
    let options = options.map { $0.hasSuffix(".json") ? Self.fixture($0) : $0 }
    let outcome = Command.run(["tokens"] + options)
    #expect(outcome.status == 0 && outcome.output == output, "\(outcome.output) \(outcome.error)")
  }

  @Test("Files are counted each, and standard input where there is none")
  func files() {
    let folder = TemporaryFolder()
    folder.write("a.txt", "abc")
    folder.write("b.txt", "")
    let tokenizer = ["--tokenizer", Self.fixture("bytes.json")]
    let files = Command.run(["tokens", "a.txt", "b.txt"] + tokenizer, in: folder.path)
    #expect(
      files.output
        == "a.txt: 3 tokens, 3 characters, 3 bytes\nb.txt: 0 tokens, 0 characters, 0 bytes\n")
    let piped = Command.run(["tokens"] + tokenizer, input: "abcd")
    #expect(piped.output == "4 tokens, 4 characters, 4 bytes\n")
  }

  @Test(
    "What cannot be done is said",
    arguments: [
      (["--show", "--text", "a"], "no tokenizer"), (["a", "--text", "b"], "both --text and files"),
      (["nothing.txt"], "nothing.txt: No such file"),
      (["--text", "a", "--tokenizer", "nothing.json"], "nothing.json: No such file"),
      (["--text", "a", "--tokenizer", "auto"], "no tokenizer.json, tokenizer.model or *.tiktoken in ."),
    ])
  func refused(_ options: [String], _ message: String) {
    let folder = TemporaryFolder()
    let outcome = Command.run(["tokens"] + options, in: folder.path)
    #expect(outcome.status == 2 && outcome.error.contains(message), "\(outcome.error)")
  }

  // MARK: scan

  @Test("A scan counts with the tokenizer, says which, and holds texts against the limit")
  func scan() {
    let folder = TemporaryFolder()
    folder.write("a.jsonl", Self.rows)
    let outcome = Command.run(
      ["scan", "a.jsonl", "--out", "out", "--tokenizer", Self.fixture("words.json"), "--max-tokens", "5"],
      in: folder.path)
    #expect(outcome.status == 1, "\(outcome.error)")
    #expect(
      outcome.error.contains("tokenizer \(Self.fixture("words.json")): WordPiece, 80 tokens"),
      "\(outcome.error)")
    let report = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(report.contains("longest 6") && report.contains("over 5: 1"), "\(outcome.output)")
    let summary = String(decoding: folder.read("out/summary.json") ?? [], as: UTF8.self)
    #expect(summary.contains("\"kind\": \"WordPiece\""), "\(summary.prefix(900))")
    let list = String(decoding: folder.read("out/quarantine.jsonl") ?? [], as: UTF8.self)
    #expect(list.contains("6 tokens, over the limit of 5"))
  }

  @Test("auto takes the tokenizer beside the data, which is no shard")
  func auto() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", Self.rows)
    let missing = Command.run(
      ["scan", "data", "--out", "out", "--tokenizer", "auto", "--quiet"], in: folder.path)
    #expect(missing.status == 2 && missing.error.contains("in data"), "\(missing.error)")
    #expect(symlink(Self.fixture("bytes.json"), folder.path + "/data/tokenizer.json") == 0)
    for path in ["data", "data/a.jsonl", "data/*"] {
      let outcome = Command.run(
        ["scan", path, "--out", "out", "--force", "--tokenizer", "auto", "--image-decode", "none"],
        in: folder.path)
      #expect(
        outcome.status == 0 && outcome.error.contains("tokenizer data/tokenizer.json: BPE"),
        "\(outcome.error)")
      #expect(
        folder.read("out/shards/a.jsonl.json") != nil || folder.read("out/shards/data/a.jsonl.json") != nil)
      let summary = String(decoding: folder.read("out/summary.json") ?? [], as: UTF8.self)
      #expect(!summary.contains("tokenizer.json"), "\(path)")
    }
  }

  @Test("The tokenizer of a rules file is seen from the file; a preset's trainer sets the limit")
  func rules() {
    let folder = TemporaryFolder()
    folder.write("settings/rules.yaml", "version: 1\ntokens: {tokenizer: t.json}\n")
    #expect(symlink(Self.fixture("bytes.json"), folder.path + "/settings/t.json") == 0)
    let long = String(repeating: "a", count: 2_048)
    folder.write(
      "a.jsonl",
      "{\"conversations\": [{\"from\": \"user\", \"value\": \"\(long)\"}, {\"from\": \"assistant\", \"value\": \"b\"}]}\n"
    )
    let outcome = Command.run(
      ["scan", "a.jsonl", "--out", "out", "--preset", "monkey", "--rules", "settings/rules.yaml"],
      in: folder.path)
    #expect(outcome.error.contains("conversations as monkey"), "\(outcome.error)")
    let list = String(decoding: folder.read("out/quarantine.jsonl") ?? [], as: UTF8.self)
    #expect(list.contains("labels-truncated") && list.contains("a limit of 2,049 would keep one label"))
  }

  @Test("A file that is no tokenizer is refused with the part that is not supported")
  func unsupported() {
    let folder = TemporaryFolder()
    folder.write("a.jsonl", Self.rows)
    folder.write("t.json", "{\"model\": {\"type\": \"Morse\"}}")
    let outcome = Command.run(["scan", "a.jsonl", "--out", "out", "--tokenizer", "t.json"], in: folder.path)
    #expect(
      outcome.status == 2 && outcome.error.contains("t.json: not a tokenizer that can be used: model"),
      "\(outcome.error)")
    let cost = Command.run(["scan", "a.jsonl", "--out", "out", "--image-tokens", "many"], in: folder.path)
    #expect(cost.status == 2 && cost.error.contains("256+2"), "\(cost.error)")
  }
}
