import Glibc
import ShardReports
import ShardTestSupport
import Testing

@testable import shardcheck

/// Reports beside the default files, and results rendered again.
struct ReportTests {
  private static let all = "junit,sarif,csv,github,azure,markdown,ci.xml,sub/list.csv"
  private static let files = [
    "junit.xml", "results.sarif", "quarantine.csv", "github.txt", "azure.txt", "report.md", "ci.xml",
    "summary.json", "quarantine.jsonl",
  ]

  /// Outliers spread over shards in such numbers that shards are read a second time.
  private static func write(_ folder: TemporaryFolder, rows: Int = 3_000) {
    var random = RepeatableRandom(seed: 11)
    for shard in 0..<3 {
      let text = (0..<rows).map { index in
        let x = index % 6 == 0 && shard == 1 ? "\(random.normal() * 1e6)" : "\(random.normal())"
        return "{\"id\": \"\(shard)-\(index)\", \"x\": \(x), \"y\": \(index == 7 ? "NaN" : "1")}\n"
      }
      folder.write("data/\(shard).jsonl", text.joined())
    }
  }

  @Test(
    "Stored results give the files of the scan byte for byte, without the data",
    arguments: [[], ["--redact"]])
  func again(_ options: [String]) {
    let folder = TemporaryFolder()
    Self.write(folder)
    let scan = Command.run(
      ["scan", "data", "--out", "out", "--report", Self.all, "--quiet", "--max-quarantined", "3"] + options,
      in: folder.path)
    #expect(scan.status == 0 && scan.output.isEmpty, "\(scan.error)")
    #expect(folder.read("sub/list.csv") == folder.read("out/quarantine.csv"))
    #expect(folder.read("out/ci.xml") == folder.read("out/junit.xml"))
    #expect((folder.read("out/quarantine.jsonl") ?? []).count { $0 == 0x0A } > 400)
    for shard in 0..<3 { unlink(folder.path + "/data/\(shard).jsonl") }
    let names = ["junit", "sarif", "csv", "github", "azure", "markdown", "junit", "summary", "quarantine"]
    for (name, file) in zip(names, Self.files) {
      let again = Command.run(["report", "out", "--format", name], in: folder.path)
      #expect(again.status == 0 && again.error.isEmpty)
      #expect(Array(again.output.utf8) == folder.read("out/" + file), "\(file)")
    }
    let files = Command.run(["report", "out", "--report", "again.xml,again.sarif"], in: folder.path)
    #expect(files.status == 0 && files.output.isEmpty)
    #expect(folder.read("out/again.xml") == folder.read("out/junit.xml"))
    #expect(folder.read("out/again.sarif") == folder.read("out/results.sarif"))
    let terminal = Command.run(["report", "out"], in: folder.path)
    #expect(terminal.output.hasPrefix("PASSED"))
    let merged = Command.run(
      ["merge", "out", "--out", "m", "--report", "none", "--quiet"] + options, in: folder.path)
    #expect(merged.status == 1, "\(merged.error)")
  }

  @Test("A later run replaces the reports of an earlier one, and nothing that others wrote")
  func replaced() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", "{\"a\": 1}\n")
    #expect(Command.run(["scan", "data", "--out", "o", "--report", "mine.csv"], in: folder.path).status == 0)
    #expect(Command.run(["scan", "data", "--out", "o", "--report", "none"], in: folder.path).status == 0)
    #expect(folder.read("o/mine.csv") == nil)
    folder.write("o/theirs.csv", "x")
    let refused = Command.run(["scan", "data", "--out", "o"], in: folder.path)
    #expect(refused.status == 2 && refused.error.contains("theirs.csv"))
  }

  @Test("A CI service is told by itself, the step summary is appended to")
  func services() {
    let folder = TemporaryFolder()
    folder.write("data/a.jsonl", "{\"a\": 1, \"b\": NaN}\n{\"a\": 2, \"b\": 0}\n")
    folder.write("summary.md", "before\n")
    let gitHub = Command.run(
      ["scan", "data", "--out", "o", "--quiet"], in: folder.path,
      environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"])
    #expect(gitHub.output.hasPrefix("::error file=data/a.jsonl,line=1,title=number-nan::record 0: b = NaN"))
    let summary = String(decoding: folder.read("summary.md") ?? [], as: UTF8.self)
    #expect(summary.hasPrefix("before\n## shardcheck: failed\n"))
    let azure = Command.run(
      ["scan", "data", "--out", "o", "--quiet"], in: folder.path, environment: ["TF_BUILD": "True"])
    #expect(azure.output.hasPrefix("##vso[task.logissue type=error;sourcepath=data/a.jsonl;linenumber=1;"))
    let none = Command.run(["scan", "data", "--out", "o", "--quiet"], in: folder.path)
    #expect(none.output.isEmpty)
  }

  @Test("Data cannot give commands to a CI service through the report on the terminal")
  func commands() {
    let folder = TemporaryFolder()
    for mark in ["##vso[x]", "##[x]", "::x y::", "a ::x::"] {
      folder.write("data/a.jsonl", "{\"\(mark)\": NaN}\n")
      let outcome = Command.run(["scan", "data", "--out", "o", "--verbose"], in: folder.path)
      let shown = CommandMarks.defused(mark)
      #expect(shown != mark && outcome.output.contains(shown) && !outcome.output.contains(mark), "\(mark)")
    }
  }

  @Test(
    "A comparison in each format", arguments: ["json", "html", "markdown", "csv", "junit", "github", "azure"])
  func comparison(_ format: String) {
    let folder = TemporaryFolder()
    for (name, scale) in [("one", 1.0), ("two", 255)] {
      var random = RepeatableRandom(seed: 5)
      folder.write("\(name).jsonl", (0..<300).map { _ in "{\"a\": \(random.normal() * scale)}\n" }.joined())
      _ = Command.run(["scan", "\(name).jsonl", "--out", name, "--quiet"], in: folder.path)
    }
    let moved = Command.run(["diff", "one", "two", "--format", format], in: folder.path)
    #expect(moved.status == 1, "\(moved.error)")
    let marks = [
      "json": "\"shardcheck-diff\"", "html": "<section id=\"drift\"", "markdown": "| a | numbers |",
      "csv": "a,numbers,yes",
      "junit": "name=\"a\">\n      <failure", "github": "::warning title=drift of a::numbers",
      "azure": "##vso[task.logissue type=warning;code=drift of a;]numbers",
    ]
    #expect(moved.output.contains(marks[format] ?? "?"), "\(moved.output)")
    let same = Command.run(["diff", "one", "one", "--format", format], in: folder.path)
    #expect(same.status == 0 && !same.output.contains("<failure") && !same.output.contains("a,numbers,yes"))
  }

  @Test("The page of checks in the documentation is what is printed")
  func checksPage() throws {
    // Of this file: Tests/CommandTests/ReportTests.swift.
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let path = (root + ["Sources/shardcheck/shardcheck.docc/Checks.md"]).joined(separator: "/")
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    #expect(String(decoding: bytes, as: UTF8.self) == Command.run(["checks", "--markdown"]).output)
  }

  @Test("The manual page has every command and option")
  func manual() {
    let page = Command.run(["man"]).output
    for command in CommandTable.all {
      #expect(page.contains(".SS \"shardcheck \(command.name)"))
      for option in command.options {
        #expect(page.contains("\\-\\-" + option.name.replacing("-", with: "\\-")), "\(option.name)")
      }
    }
  }
}
