import ShardModel
import ShardSketches
import ShardTestSupport
import Testing

@testable import ShardChecks

struct TokenProfileTests {
  private static func length(_ index: Int) -> Int {
    index % 3 == 0 ? (index * 31) % 700 : (index * index * 7_919 + 13) % 40_000
  }

  private static func profile(_ lengths: some Sequence<Int>) -> TokenProfile {
    var profile = TokenProfile()
    for length in lengths {
      profile.count(length: length, positions: length + 1, limit: 1_000)
      profile.lengths.merge(QuantileSketch(Double(length), count: 1))
    }
    return profile
  }

  @Test("Mean, deviation, losses and costs are numpy's")
  func numpy() throws {
    let summary = Self.profile((0..<1_000).map(Self.length)).summary("a", limit: nil)
    #expect(summary.tokens == 13_770_772)
    #expect(summary.positions == 13_771_772)
    #expect(summary.lengths.minimum == 0 && summary.lengths.maximum == 39_988)
    #expect(summary.lengths.mean == 13_770.772)
    let deviation = try #require(summary.lengths.standardDeviation)
    #expect(abs(deviation - 13_496.984204281585) < 1e-9)
    let expected: [[UInt64]] = [
      [512, 743, 13_324_492, 512_000, 13_771_264], [1_024, 649, 12_982_504, 1_024_000, 13_771_776],
      [2_048, 628, 12_329_099, 2_048_000, 13_772_800], [4_096, 600, 11_068_083, 4_096_000, 13_774_848],
      [8_192, 534, 8_746_897, 8_192_000, 13_778_944], [32_768, 133, 511_548, 32_768_000, 13_795_328],
    ]
    #expect(summary.limits.map { [$0.limit, $0.sequences, $0.tokens, $0.padded, $0.packed] } == expected)
  }

  @Test("Lengths that are all equal, and near equal large ones, keep their deviation")
  func narrow() {
    let equal = Self.profile([Int](repeating: 7, count: 9)).summary(nil, limit: nil)
    #expect(equal.lengths.mean == 7 && equal.lengths.standardDeviation == 0)
    let close = Self.profile((0..<1_000).map { (1 << 30) + $0 % 2 }).summary(nil, limit: nil)
    #expect(close.lengths.standardDeviation.map { abs($0 - 0.500250187656867) < 1e-12 } == true)
  }

  @Test("A limit of the rules stands among the usual ones, once")
  func ownLimit() throws {
    var profile = TokenProfile()
    for length in [900, 1_000, 1_001, 1_500] {
      profile.count(length: length, positions: length, limit: 1_000)
    }
    let own = profile.summary(nil, limit: 1_000)
    #expect(own.limits.map(\.limit) == [512, 1_000, 1_024, 2_048, 4_096, 8_192, 32_768])
    #expect(own.limits[1].sequences == 2 && own.limits[1].tokens == 501)
    #expect(profile.summary(nil, limit: 2_048).limits.count == 6)
  }

  @Test("A label at the limit is lost, one before it is not", arguments: [511, 512, 2_047, 2_048, 40_000])
  func labels(_ first: Int) {
    var profile = TokenProfile()
    profile.count(labelled: 3, first: first, limit: 2_048)
    profile.count(labelled: 0, first: nil, limit: 2_048)
    let lost = profile.summary(nil, limit: nil).limits.filter { $0.unlabelled == 1 }.map(\.limit)
    #expect(lost == TokenProfile.limits.filter { $0 <= UInt64(first) })
    #expect(profile.losses[6].unlabelled == (first >= 2_048 ? 1 : 0))
    #expect(profile.unlabelled == 1 && profile.labelled == 3 && profile.labelledSequences == 2)
  }

  @Test(
    "Parts merged in any order are the whole, and come back from their bytes",
    arguments: 0..<5 as Range<UInt64>)
  func merging(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let lengths = (0..<500).map { _ in Int.random(in: 0..<50_000, using: &random) }
    let whole = Self.profile(lengths)
    var parts: [[Int]] = [[], [], []]
    for length in lengths { parts[Int.random(in: 0..<3, using: &random)].append(length) }
    var merged = TokenProfile()
    for part in parts.shuffled(using: &random) { merged.merge(Self.profile(part)) }
    #expect(merged == whole)
    var writer = ByteWriter()
    TokenProfile.encode(["a": whole, "b": TokenProfile()], into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try TokenProfile.decode(&reader) == ["a": whole, "b": TokenProfile()])
    #expect(reader.remaining == 0)
  }

  @Test("Bytes that are no profile throw or give one that can be shown")
  func hostile() {
    var random = RepeatableRandom(seed: 9)
    var writer = ByteWriter()
    TokenProfile.encode(["a": Self.profile(0..<40)], into: &writer)
    var shown = 0
    for _ in 0..<3_000 {
      var bytes = writer.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      var reader = ByteReader(bytes)
      guard let profiles = try? TokenProfile.decode(&reader) else { continue }
      var total = TokenProfile()
      for profile in profiles.values {
        total.merge(profile)
        total.merge(profile)
      }
      _ = total.summary(nil, limit: 1)
      shown += 1
    }
    #expect(shown > 100)
  }
}
