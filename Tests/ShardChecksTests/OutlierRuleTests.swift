import CKernels
import ShardSketches
import ShardTestSupport
import Testing

@testable import ShardChecks

struct OutlierRuleTests {
  private func fences(_ values: [Double], _ rule: OutlierRule = .iqr(3)) -> (ClosedRange<Double>, Bool)? {
    let table = QuantileTable()
    var summary = ck_summary()
    ck_summarize(values, values.count, &summary)
    values.withUnsafeBufferPointer { table.add($0, summary: summary) }
    let sketch = table.snapshot()
    let fromTable = rule.fences(of: table)
    let fromSketch = rule.fences(of: sketch)
    #expect(fromTable == fromSketch)
    return fromSketch.map { ($0.low...$0.high, $0.isLogarithmic) }
  }

  private func normal(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var random = RepeatableRandom(seed: seed)
    return (0..<count).map { _ in random.normal() }
  }

  @Test("The fences of a normal distribution are Tukey's, within the error of the sketch")
  func tukey() throws {
    let (range, isLogarithmic) = try #require(fences(normal(20_000)))
    // Q3 = 0.6745, IQR = 1.349.
    #expect(abs(range.upperBound - 4.7215) < 0.12)
    #expect(abs(range.lowerBound + 4.7215) < 0.12)
    #expect(!isLogarithmic)
  }

  @Test("z and MAD agree with the standard deviation on normal data")
  func deviations() throws {
    for rule in [OutlierRule.z(6), .mad(6)] {
      let (range, _) = try #require(fences(normal(20_000), rule))
      #expect(abs(range.upperBound - 6) < 0.25, "\(rule)")
      #expect(abs(range.lowerBound + 6) < 0.25, "\(rule)")
    }
  }

  @Test("Outliers, however large, do not move the fences")
  func robust() throws {
    let clean = normal(5_000)
    let (before, _) = try #require(fences(clean))
    let (after, _) = try #require(fences(clean + [1e300, -1e300, 1e12, 5e7]))
    #expect(abs(before.upperBound - after.upperBound) < 0.1)
    #expect(abs(before.lowerBound - after.lowerBound) < 0.1)
  }

  @Test("A log-normal field is judged on a log scale, so its tail is no list of outliers")
  func heavyTail() throws {
    var random = RepeatableRandom(seed: 3)
    let values = (0..<20_000).map { _ in exponential(random.normal()) }
    let (range, isLogarithmic) = try #require(fences(values))
    #expect(isLogarithmic)
    #expect(values.count { $0 > range.upperBound } <= 2)
    // Small values are not outside: they must be far on both scales.
    #expect(values.allSatisfy { $0 > range.lowerBound })
  }

  @Test("Where most values are equal, the others are not all outliers")
  func collapsed() throws {
    var random = RepeatableRandom(seed: 4)
    let sparse = (0..<10_000).map { $0 % 10 == 0 ? 5 + random.normal() : 0 }
    let (range, _) = try #require(fences(sparse))
    #expect(sparse.allSatisfy { range.contains($0) })
    #expect(!range.contains(1e4))
    #expect(range.contains(0))
  }

  @Test("Zeros and ones with one absurd value: the step between them is the scale")
  func step() throws {
    let values = (0..<1_000).map { $0 % 10 == 0 ? 1.0 : 0.0 } + [1e9]
    let (range, _) = try #require(fences(values))
    #expect(range.contains(0) && range.contains(1) && range.contains(3))
    #expect(!range.contains(1e9))
  }

  @Test("A constant field and one with few values have no fences")
  func nothing() {
    #expect(fences([Double](repeating: 7, count: 1_000)) == nil)
    #expect(fences([1, 2, 3, 1000]) == nil)
    #expect(fences(normal(100), OutlierRule.none) == nil)
  }

  @Test("Rules are read as they are written", arguments: ["iqr:3", "z:6", "mad:6", "iqr:1.5", "none"])
  func names(_ text: String) { #expect(OutlierRule(text)?.name == text) }

  @Test(
    "Other rules are refused",
    arguments: ["", "iqr", "iqr:", "iqr:0", "iqr:-1", "z:nan", "z:inf", "k:3", "iqr:3:1"])
  func refused(_ text: String) { #expect(OutlierRule(text) == nil) }
}

private func exponential(_ value: Double) -> Double {
  // e^x by its series; exact enough for test data, and needs no import.
  var term = 1.0
  var sum = 1.0
  for index in 1..<60 {
    term *= value / Double(index)
    sum += term
  }
  return sum
}
