import ShardTestSupport
import Testing

/// `--preset`, alone and under `--rules`.
struct PresetTests {
  private static let record =
    #"{"conversations": [{"from": "user", "value": "<img>PATH</img>What?"}, {"from": "assistant", "value": "A dog."}]}"#

  @Test(
    "Every preset can be printed, and what is printed is a rules file",
    arguments: ["monkey", "qwen-vl", "llava", "internvl", "laion", "webdataset"])
  func printed(_ name: String) {
    let folder = TemporaryFolder()
    let printed = Command.run(["rules", "--preset", name])
    #expect(printed.status == 0)
    #expect(printed.output.contains("version: 1\n"))
    folder.write("copy.yaml", printed.output)
    #expect(Command.run(["rules", "copy.yaml"], in: folder.path).status == 0)
  }

  @Test("The limit of a model's paths is that of its preset, or that of the rules over it")
  func limits() {
    let folder = TemporaryFolder()
    let path = String(repeating: "d/", count: 200) + "1.jpg"
    folder.write("a.jsonl", Self.record.replacing("PATH", with: path) + "\n")
    folder.write("own.yaml", "version: 1\npairs: {max_image_path: 100}\n")
    func status(_ options: [String]) -> Int32 {
      Command.run(
        ["scan", "a.jsonl", "--out", "out", "--force", "--quiet", "--image-decode", "none"] + options,
        in: folder.path
      ).status
    }
    #expect(status(["--preset", "monkey"]) == 0)
    #expect(status(["--preset", "qwen-vl"]) == 1)
    #expect(status(["--preset", "monkey", "--rules", "own.yaml"]) == 1)
    #expect(status([]) == 0)
  }

  @Test("An unknown preset exits 2 and names the nearest")
  func unknown() {
    for arguments in [["rules", "--preset", "lava"], ["scan", "x", "--preset", "lava"]] {
      let outcome = Command.run(arguments)
      #expect(outcome.status == 2)
      #expect(outcome.error.contains("llava"), "\(outcome.error)")
    }
  }
}
