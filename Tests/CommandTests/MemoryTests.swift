import ShardTestSupport
import Testing

/// Peak memory depends on threads and fields, not on the size of the data or the number of findings.
struct MemoryTests {
  private static func pairs(_ count: Int) -> String {
    var random = RepeatableRandom(seed: 5)
    var text = ""
    for index in 0..<count {
      text +=
        "{\"key\":\"\(index)\",\"score\":\(random.normal()),\"caption\":\"a caption of some length, number \(index)\"}\n"
    }
    return text
  }

  @Test("A shard four times as large takes no more memory")
  func size() {
    let folder = TemporaryFolder()
    let small = folder.write("small.jsonl", Self.pairs(40_000))
    let large = folder.write("large.jsonl", Self.pairs(160_000))
    let first = Command.run(["scan", small, "--out", folder.path + "/a", "--threads", "2", "--quiet"])
    let second = Command.run(["scan", large, "--out", folder.path + "/b", "--threads", "2", "--quiet"])
    #expect(first.status == 0, "\(first.error)")
    #expect(second.status == 0, "\(second.error)")
    #expect(first.peakMemory > 4 << 20, "nothing was measured")
    #expect(second.peakMemory < first.peakMemory * 11 / 10 + (2 << 20))
  }

  @Test("A finding in every record takes no more memory than a few")
  func findings() {
    let folder = TemporaryFolder()
    let few = folder.write(
      "few.jsonl", String(repeating: "{\"a\": 1.5, \"b\": 2}\n", count: 200_000) + "{\"a\": NaN}\n")
    let many = folder.write("many.jsonl", String(repeating: "{\"a\": NaN, \"b\": 2}\n", count: 200_000))
    let first = Command.run(["scan", few, "--out", folder.path + "/a", "--quiet"])
    let second = Command.run(["scan", many, "--out", folder.path + "/b", "--quiet"])
    #expect(first.status == 1, "\(first.error)")
    #expect(second.status == 1, "\(second.error)")
    #expect(first.peakMemory > 4 << 20, "nothing was measured")
    // What one chunk can hold of findings, not what the shard has: 200,000 of them would be hundreds of MB.
    #expect(second.peakMemory < first.peakMemory + (48 << 20))
  }
}
