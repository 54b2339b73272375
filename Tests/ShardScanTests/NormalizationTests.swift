import ShardChecks
import ShardModel
import ShardScan
import ShardTestSupport
import Testing

struct NormalizationTests {
  private func shards(_ folder: TemporaryFolder, _ values: [(Int) -> Double]) -> [String] {
    values.enumerated().map { shard, value in
      folder.write("data/part-\(shard).jsonl", (0..<200).map { "{\"pixel\":\(value($0))}\n" }.joined())
    }
  }

  private func findings(_ values: [(Int) -> Double]) throws -> [String] {
    let folder = TemporaryFolder()
    let outcome = try scan(shards(folder, values), out: folder.path + "/out")
    return outcome.lines.filter { $0.findings.location.record == nil }.flatMap { line in
      line.findings.findings.filter { $0.check == "normalization-shard" }
        .map { "\(line.shard.suffix(12)) \($0.field ?? "") \($0.message)" }
    }
  }

  @Test("One shard from 0 to 255 among shards from 0 to 1 is named, with the arithmetic that mends it")
  func oddShard() throws {
    let fractions: (Int) -> Double = { Double($0 * 37 % 256) / 255 }
    let bytes: (Int) -> Double = { Double($0 * 37 % 256) }
    let found = try findings([fractions, fractions, bytes, fractions])
    #expect(
      found == [
        "part-2.jsonl pixel the numbers are not on a common scale here, between 0 and 1 in 3 of 4 shards; divide by 255"
      ])
  }

  @Test("Shards of whole numbers, and shards that differ by little, are alike")
  func alike() throws {
    let small: (Int) -> Double = { Double($0 * 37 % 256) / 256 }
    #expect(try findings([small, { small($0) * 3 }, small]).isEmpty)
    #expect(try findings([{ Double($0) }, { Double($0 + 200) }, { Double($0 + 400_000) }]).isEmpty)
  }

  @Test("A merge of scans names the same shards")
  func merged() throws {
    let folder = TemporaryFolder()
    let values: [(Int) -> Double] = [
      { Double($0 % 100) / 100 }, { Double($0 % 100) * 2.55 }, { Double($0 % 99) / 100 },
    ]
    let paths = shards(folder, values)
    let whole = try scan(paths, out: folder.path + "/whole")
    _ = try scan([paths[1]], out: folder.path + "/b")
    _ = try scan([paths[0], paths[2]], out: folder.path + "/a")
    let merged = try merge([folder.path + "/b", folder.path + "/a"], out: folder.path + "/merged")
    #expect(merged.lines == whole.lines)
    #expect(whole.result.checks["normalization-shard"]?.findings == 1)
  }

  @Test("Dimensions of vectors that never move, or are on another scale, are named")
  func dimensions() throws {
    let lines = (0..<60).map { index in
      let sway = Double(index * 7 % 13 - 6)
      return "{\"action\":[\(sway / 10),\(sway / 9),0.25,\(sway * 30),\(sway / 11),\(sway / 12)]}\n"
    }
    let found = try scan(text: lines.joined()).result.findings
    #expect(
      found.map { "\($0.check) \($0.field ?? "")" }.sorted() == [
        "field-constant action[2]", "normalization-field action[3]",
      ])
    #expect(found.contains { $0.message.contains("dimension 2 of 6 is the same in all 60 vectors") })
  }
}
