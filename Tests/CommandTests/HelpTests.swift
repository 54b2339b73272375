import ShardTestSupport
import Testing

@testable import shardcheck

struct HelpTests {
  @Test(
    "Every command has a page with an example, in 80 columns",
    arguments: CommandTable.all.map(\.name))
  func pages(_ name: String) {
    for arguments in [[name, "--help"], [name, "-h"], ["help", name]] {
      let outcome = Command.run(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("example"))
      #expect(
        outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("shardcheck ") })
    }
  }

  @Test("The list of checks and the page of each fit into 80 columns")
  func checks() {
    let list = Command.run(["checks"])
    #expect(list.status == 0)
    #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    for line in list.output.split(separator: "\n") where line.hasPrefix("  ") && !line.hasPrefix("   ") {
      let id = String(line.dropFirst(2).prefix { $0 != " " })
      let page = Command.run(["checks", id])
      #expect(page.status == 0)
      #expect(page.output.contains("What to do with it"), "\(id)")
      #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(id)")
    }
  }

  @Test("Completions name every command and option", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) {
    let script = Command.run(["completions", shell]).output
    for command in CommandTable.all {
      #expect(script.contains(command.name))
      for option in command.options { #expect(script.contains(option.name), "\(option.name)") }
    }
  }

  @Test(
    "Sizes are read as people write them",
    arguments: [
      ("64MiB", 67_108_864), ("512KB", 512_000), ("1G", 1 << 30), ("1000", 1_000), ("7b", 7), ("2k", 2_048),
    ] as [(String, UInt64)])
  func sizes(_ text: String, _ bytes: UInt64) { #expect(ByteSize.parse(text) == bytes) }

  @Test(
    "What is no size is refused",
    arguments: ["", "MiB", "-1", "1.5G", "64 Mb", "99999999999999999999", "20000000TB"])
  func noSizes(_ text: String) { #expect(ByteSize.parse(text) == nil) }
}
