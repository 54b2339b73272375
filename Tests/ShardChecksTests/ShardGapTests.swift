import Testing

@testable import ShardChecks

struct ShardGapTests {
  @Test("A missing number is named, with its width")
  func one() {
    let gaps = ShardGap.gaps(in: ["d/s-00000.tar", "d/s-00001.tar", "d/s-00003.tar", "d/s-00004.tar"])
    #expect(gaps.map(\.name) == ["d/s-00002.tar"])
  }

  @Test("A run of missing numbers is one finding")
  func run() {
    let names = [0, 1, 2, 3, 7, 8].map { "part-00\($0)-of-009.jsonl.gz".replacing("-of-009", with: "") }
    let gaps = ShardGap.gaps(in: names)
    #expect(gaps.count == 1)
    #expect(gaps.first?.name == "part-004.jsonl.gz")
    #expect(gaps.first?.finding.message.hasPrefix("3 shards") == true)
  }

  @Test(
    "What is no series has no gap",
    arguments: [
      ["a.jsonl", "b.jsonl", "c.jsonl"], ["2019.csv", "2021.csv"], ["a1.csv", "a500.csv", "a900.csv"],
      ["s-0.tar", "s-1.tar", "s-2.tar"], ["x.mp3", "y.mp4", "z.mp7"], [],
    ])
  func none(_ names: [String]) { #expect(ShardGap.gaps(in: names).isEmpty) }

  @Test("Two series with the same names in two folders are apart")
  func folders() {
    let names = ["a/0.csv", "a/1.csv", "a/2.csv", "b/3.csv", "b/5.csv", "b/6.csv"]
    #expect(ShardGap.gaps(in: names).map(\.name) == ["b/4.csv"])
  }
}
