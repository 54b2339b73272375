import ShardModel
import ShardTestSupport
import Testing

/// Where the values of a field lie in each shard.
struct ShardSpreadTests {
  private func shard(_ fields: Range<Int>, scale: Double = 1) -> String {
    (1...9).map { record in
      let members = fields.map { "\"f\(1_000 + $0)\":\(Double(record) * scale)" }
      return "{" + members.joined(separator: ",") + "}\n"
    }.joined()
  }

  @Test("each shard has its quartiles, NaN is counted, and a lone shard has none") func quartiles() throws {
    let folder = TemporaryFolder()
    let paths = [
      folder.write("0.jsonl", shard(0..<1)), folder.write("1.jsonl", shard(0..<1, scale: 100)),
      folder.write("2.jsonl", "{\"f1000\":NaN}\n{\"f1000\":5}\n"),
    ]
    let outcome = try scan(paths, out: folder.path + "/out")
    let slots = try #require(outcome.result.fields.first { $0.path == "f1000" }?.spread?.slots)
    #expect(slots.map(\.shards) == [1, 1, 1] && slots.map(\.notFinite) == [0, 0, 1])
    // Quantiles are within 1/256.
    for (value, exact) in [
      (slots[0].lowerQuartile, 3.0), (slots[0].leastMedian, 5), (slots[0].upperQuartile, 7),
      (slots[1].greatestMedian, 500), (slots[2].leastMedian, 5),
    ] {
      #expect(abs((value ?? 0) / exact - 1) <= 1 / 256.0)
    }
    let lone = try scan([paths[0]], out: folder.path + "/lone")
    #expect(lone.result.fields.allSatisfy { $0.spread == nil })
  }

  @Test("of many fields the first by path are kept, in whatever order they come") func bounded() throws {
    let folder = TemporaryFolder()
    let paths = [
      folder.write("0.jsonl", shard(100..<700)), folder.write("1.jsonl", shard(0..<300)),
      folder.write("2.jsonl", shard(0..<700)),
    ]
    let outcome = try scan(paths, out: folder.path + "/out")
    let kept = outcome.result.fields.filter { $0.spread != nil }
    #expect(kept.map(\.path) == (0..<500).map { "f\(1_000 + $0)" })
    #expect(kept[0].spread?.slots.map(\.shards) == [0, 1, 1])
    #expect(kept[200].spread?.slots.map(\.shards) == [1, 1, 1])
    #expect(kept[400].spread?.slots.map(\.shards) == [1, 0, 1])
  }
}
