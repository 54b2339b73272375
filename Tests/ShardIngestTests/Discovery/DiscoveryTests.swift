import Foundation
import Testing

@testable import ShardIngest

@Suite struct DiscoveryTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in [
      "b.jsonl", "a.csv.gz", "sub/c.json", "sub/deep/d.tar", "s-000.tar", "s-001.tar", "s-010.tar",
    ] {
      try folder.write(name, "x".utf8)
    }
    try folder.write("README.md", "text".utf8)
    try folder.write("notes.xyz", "text".utf8)
    try folder.write(".hidden.jsonl", "x".utf8)
    try folder.write(".cache/e.jsonl", "x".utf8)
    try folder.write("part-0", [0x1F, 0x8B, 8, 0])
  }

  private func resolve(_ arguments: String...) throws -> DiscoveryResult {
    try Discovery.resolve(arguments.map { $0.replacingOccurrences(of: "$", with: folder.path) })
  }

  private func names(_ result: DiscoveryResult) -> [String] {
    result.inputs.map { $0.name.replacingOccurrences(of: folder.path + "/", with: "") }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/" + name, withDestinationPath: target)
  }

  @Test("a directory gives its data files in byte order and counts the rest")
  func directory() throws {
    let result = try resolve("$")
    #expect(
      names(result) == [
        "a.csv.gz", "b.jsonl", "part-0", "s-000.tar", "s-001.tar", "s-010.tar", "sub/c.json",
        "sub/deep/d.tar",
      ])
    #expect(result.problems == [])
    #expect(result.skipped.hidden == 2)
    #expect(result.skipped.unrecognized == 2)
    #expect(
      result.skipped.unrecognizedExamples == [folder.path + "/README.md", folder.path + "/notes.xyz"])
  }

  @Test("names are normalized and each file comes once")
  func duplicates() throws {
    let result = try resolve("$//sub/./", "$/./sub/c.json", "$/b.jsonl", "$/notes.xyz")
    #expect(names(result) == ["b.jsonl", "notes.xyz", "sub/c.json", "sub/deep/d.tar"])
  }

  @Test("spellings that differ only in their bytes are different files")
  func unicode() throws {
    try folder.write("u/\u{E9}.jsonl", "x".utf8)
    try folder.write("u/e\u{301}.jsonl", "x".utf8)
    let result = try resolve("$/u")
    #expect(result.inputs.count == 2)
    #expect(result.inputs.map { $0.name.utf8.count } == result.inputs.map { $0.path.utf8.count })
  }

  @Test("links are followed inside the root only, without loops and without doubles")
  func links() throws {
    try folder.write("data/real/x.jsonl", "x".utf8)
    try folder.write("data/.blobs/abc", "x".utf8)
    try link("data/loop", to: "..")
    try link("data/self", to: ".")
    try link("data/again", to: "real")
    try link("data/outside.jsonl", to: "../b.jsonl")
    try link("data/nothing.jsonl", to: "missing.jsonl")
    try link("data/same.jsonl", to: "real/x.jsonl")
    try link("data/blob.jsonl", to: ".blobs/abc")
    let result = try resolve("$/data")
    #expect(names(result) == ["data/blob.jsonl", "data/real/x.jsonl"])
    #expect(result.skipped.links == 6)
  }

  @Test(
    "globs match as in a shell",
    arguments: [
      ("$/*.jsonl", ["b.jsonl"]), ("$/s-{000..002}.tar", ["s-000.tar", "s-001.tar"]),
      ("$/s-{000,010}.tar", ["s-000.tar", "s-010.tar"]), ("$/s-0?0.tar", ["s-000.tar", "s-010.tar"]),
      ("$/**/*.tar", ["s-000.tar", "s-001.tar", "s-010.tar", "sub/deep/d.tar"]),
      ("$/s-00[!1]*", ["s-000.tar"]), ("$/*/c.*", ["sub/c.json"]),
      ("$/sub/**", ["sub/c.json", "sub/deep/d.tar"]), ("$/.h*", [".hidden.jsonl"]), ("$/n*", ["notes.xyz"]),
      ("$/{b,sub/c}.json*", ["b.jsonl", "sub/c.json"]), ("$/su[a-c]", ["sub/c.json", "sub/deep/d.tar"]),
    ])
  func globs(_ glob: (String, [String])) throws {
    #expect(names(try resolve(glob.0)) == glob.1)
  }

  @Test("a numbered file that braces name and that is missing is a problem")
  func missingInRange() throws {
    let result = try resolve("$/s-{000..002}.tar")
    #expect(result.problems.map(\.path) == [folder.path + "/s-002.tar"])
  }

  @Test("a file of that very name goes before a glob")
  func literal() throws {
    try folder.write("odd[1].jsonl", "x".utf8)
    try folder.write("odd1.jsonl", "x".utf8)
    #expect(names(try resolve("$/odd[1].jsonl")) == ["odd[1].jsonl"])
    #expect(names(try resolve("$/odd\\[1].json*")) == ["odd[1].jsonl"])
  }

  @Test("a list holds one path a line")
  func list() throws {
    let text = "# shards\n\n\(folder.path)/b.jsonl\r\n\(folder.path)/sub\n\(folder.path)/gone.jsonl\n"
    try folder.write("list", text.utf8)
    let result = try resolve("@$/list")
    #expect(names(result) == ["b.jsonl", "sub/c.json", "sub/deep/d.tar"])
    #expect(result.problems.map(\.path) == [folder.path + "/gone.jsonl"])
  }

  @Test("arguments that name nothing say so")
  func errors() throws {
    #expect(throws: DiscoveryError.noInput(hint: nil)) { try Discovery.resolve([]) }
    #expect(throws: DiscoveryError.notFound(path: "/nowhere")) { try Discovery.resolve(["/nowhere"]) }
    #expect(throws: DiscoveryError.notFound(path: "")) { try Discovery.resolve([""]) }
    #expect(throws: DiscoveryError.noMatch(glob: "/nowhere/*.x")) { try Discovery.resolve(["/nowhere/*.x"]) }
    #expect(throws: DiscoveryError.standardInputTwice) { try Discovery.resolve(["-", "@-"]) }
    #expect(throws: DiscoveryError.unreadableList(path: "/nowhere", reason: "no such file or directory")) {
      try Discovery.resolve(["@/nowhere"])
    }
    #expect(
      throws: DiscoveryError.badPattern(glob: "{1..9999999}", reason: "stands for more than 1000000 names")
    ) {
      try Discovery.resolve(["{1..9999999}"])
    }
    try folder.write("only/a.txt", "x".utf8)
    let error = #expect(throws: DiscoveryError.self) { try resolve("$/only") }
    #expect(
      error?.description == "no shards found: 1 files are not recognized (\(folder.path)/only/a.txt);"
        + " a file named by itself is checked whatever its name")
  }

  @Test("standard input is an input of its own")
  func standardInput() throws {
    #expect(try Discovery.resolve(["-"]).inputs == [.standardInput])
  }

  @Test("a directory for results is passed over")
  func excluding() throws {
    let result = try Discovery.resolve([folder.path], excluding: [folder.path + "/sub"])
    #expect(!names(result).contains("sub/c.json"))
  }
}
