import CKernels
import ShardTestSupport
import Testing

@testable import ShardChecks

struct MetadataRangeTests {
  @Test(
    "A column that holds is one of which each finite value is in the range, and a clean column holds",
    arguments: [MetadataRange.cosine, .probability, .size])
  func holds(_ range: MetadataRange) {
    var random = RepeatableRandom(seed: 6)
    let clean: [Double] = range == .size ? [1, 640, 480, 0x1p51 + 1] : [0, 0.25, 1, 1.001, 0x1p-1074]
    let odd: [Double] = [
      .nan, .infinity, -.infinity, -1.0011, 1.0011, 0.5, 1.5, 0, -0.0, -1, 31, 0x1p51 + 0.5, 0x1p52,
      0x1p53 + 2,
      1e300, 640.25,
    ]
    var held = 0
    for round in 0..<2_000 {
      let values = (0..<Int.random(in: 1..<40, using: &random)).map { _ in
        round % 2 == 0 && Int.random(in: 0..<20, using: &random) == 0
          ? odd.randomElement(using: &random) ?? 0 : clean.randomElement(using: &random) ?? 0
      }
      let finite = values.filter(\.isFinite)
      var summary = ck_summary()
      ck_summarize(finite, finite.count, &summary)
      let facts = NumberFacts(summary: summary, finite: finite.count)
      let holds = values.withUnsafeBufferPointer { range.holds($0, facts) }
      if holds { #expect(finite.allSatisfy(range.contains), "\(values)") }
      if round % 2 == 1 { #expect(holds, "\(values)") }
      if holds { held += 1 }
    }
    #expect(held >= 1_000 && held < 2_000)
  }
}
