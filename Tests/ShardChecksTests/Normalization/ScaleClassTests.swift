import CKernels
import Foundation
import ShardSketches
import ShardTestSupport
import Testing

@testable import ShardChecks

/// The class that a careful person would say, for distributions that fields have.
struct ScaleClassTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var count: Int
    var isWhole: Bool
    var expected: ScaleClass?
    var value: @Sendable (inout RepeatableRandom, Int) -> Double

    init(
      _ name: String, _ count: Int, _ expected: ScaleClass?, isWhole: Bool = false,
      _ value: @escaping @Sendable (inout RepeatableRandom, Int) -> Double
    ) {
      self.name = name
      self.count = count
      self.isWhole = isWhole
      self.expected = expected
      self.value = value
    }

    var testDescription: String { "\(name), \(count)" }
  }

  private static func uniform(_ random: inout RepeatableRandom) -> Double {
    Double(random.next() >> 11) * 0x1p-53
  }

  static let cases: [Case] = [
    Case("no values", 0, nil) { _, _ in 0 },
    Case("too few values", 19, nil) { random, _ in uniform(&random) },
    Case("constant zero", 1_000, nil) { _, _ in 0 },
    Case("constant one half", 1_000, nil) { _, _ in 0.5 },
    Case("uniform in 0 to 1", 20, .zeroOne) { random, _ in uniform(&random) },
    Case("uniform in 0 to 1", 10_000, .zeroOne) { random, _ in uniform(&random) },
    Case("probabilities near 0", 10_000, .zeroOne) { random, _ in pow(uniform(&random), 8) },
    Case("probabilities near 1", 1_000, .zeroOne) { random, _ in 1 - pow(uniform(&random), 8) },
    Case("cosine similarities of pairs", 5_000, .zeroOne) { random, _ in 0.3 + 0.02 * random.normal() },
    Case("pixels over 255", 5_000, .zeroOne) { random, _ in Double(random.next() % 256) / 255 },
    Case("pixels over 255 in half precision", 5_000, .zeroOne) { random, _ in
      Double(Float16(Double(random.next() % 256) / 255))
    },
    Case("ones with rounding above", 1_000, .zeroOne) { random, _ in
      1 + (uniform(&random) - 0.5) * 1e-7
    },
    Case("flags", 1_000, .zeroOne, isWhole: true) { random, _ in Double(random.next() % 2) },
    Case("rare flags", 10_000, .zeroOne, isWhole: true) { _, index in index % 500 == 0 ? 1 : 0 },
    Case("pixels scaled twice", 5_000, .raw) { random, _ in Double(random.next() % 256) / 255 / 255 },
    Case("uniform in -1 to 1", 30, .minusOneOne) { random, _ in uniform(&random) * 2 - 1 },
    Case("uniform in -1 to 1", 10_000, .minusOneOne) { random, _ in uniform(&random) * 2 - 1 },
    Case("pixels over 127.5 less 1", 5_000, .minusOneOne) { random, _ in
      Double(random.next() % 256) / 127.5 - 1
    },
    Case("hyperbolic tangents", 5_000, .minusOneOne) { random, _ in tanh(2 * random.normal()) },
    Case("robot actions at rest", 5_000, .minusOneOne) { random, index in
      index % 10 == 0 ? uniform(&random) * 2 - 1 : 0
    },
    Case("signs", 1_000, .minusOneOne, isWhole: true) { random, _ in Double(random.next() % 3) - 1 },
    Case("components of unit vectors of 768", 10_000, .raw) { random, _ in
      random.normal() / 768.0.squareRoot()
    },
    Case("standard normal", 25, .standardized) { random, _ in random.normal() },
    Case("standard normal", 300, .standardized) { random, _ in random.normal() },
    Case("standard normal", 100_000, .standardized) { random, _ in random.normal() },
    Case("standardized uniform", 10_000, .standardized) { random, _ in
      (uniform(&random) - 0.5) * 12.0.squareRoot()
    },
    Case("standardized exponential", 10_000, .standardized) { random, _ in -log(1 - uniform(&random)) - 1 },
    Case("standardized flags", 1_000, .standardized) { random, _ in random.next() % 2 == 0 ? -1.02 : 0.98 },
    Case("standard normal with sentinels", 10_000, .standardized) { random, index in
      index % 1_000 == 0 ? -9_999 : random.normal()
    },
    Case("standardized heavy tails", 20_000, .standardized) { random, _ in
      let squares = (0..<6).map { _ in random.normal() }.map { $0 * $0 }.reduce(0, +)
      return random.normal() / (squares / 6).squareRoot() / 1.5.squareRoot()
    },
    Case("pixels with mean and deviation of CLIP", 10_000, .raw) { random, _ in
      (Double(random.next() % 256) - 0.4814) / 0.2686
    },
    Case("normal off center", 5_000, .raw) { random, _ in random.normal() + 0.5 },
    Case("normal three times too wide", 5_000, .raw) { random, _ in random.normal() * 3 },
    Case("normal off center", 40, .raw) { random, _ in random.normal() + 3 },
    Case("bytes", 30, .byte, isWhole: true) { random, _ in Double(random.next() % 256) },
    Case("bytes", 10_000, .byte, isWhole: true) { random, _ in Double(random.next() % 256) },
    Case("bytes of bright pictures", 1_000, .byte, isWhole: true) { random, _ in
      255 - Double(random.next() % 40)
    },
    Case("bytes, mostly black", 10_000, .byte, isWhole: true) { random, index in
      index % 5 == 0 ? Double(random.next() % 256) : 0
    },
    Case("ages", 5_000, .raw, isWhole: true) { random, _ in Double(random.next() % 100) },
    Case("digits", 5_000, .raw, isWhole: true) { random, _ in Double(random.next() % 10) },
    Case("counts beyond bytes", 5_000, .raw, isWhole: true) { random, _ in Double(random.next() % 300) },
    Case("token ids", 5_000, .raw, isWhole: true) { random, _ in Double(random.next() % 151_936) },
    Case("record numbers", 5_000, .raw, isWhole: true) { _, index in Double(index) },
    Case("counts around 0", 5_000, .raw, isWhole: true) { random, _ in Double(random.next() % 9) - 4 },
    Case("pixels as floats", 5_000, .raw) { random, _ in uniform(&random) * 255 },
    Case("percent", 5_000, .raw) { random, _ in uniform(&random) * 100 },
    Case("angles", 5_000, .raw) { random, _ in (uniform(&random) * 2 - 1) * .pi },
    Case("log-normal", 10_000, .raw) { random, _ in exp(random.normal()) },
    Case("prices", 10_000, .raw) { random, _ in exp(3 + 2 * random.normal()) },
    Case("Cauchy", 10_000, .raw) { random, _ in tan(.pi * (uniform(&random) - 0.5)) },
    Case("times", 5_000, .raw, isWhole: true) { random, _ in 1.7e9 + Double(random.next() % 1_000_000) },
    Case("0 to 1 with a few bytes among it", 20_000, .zeroOne) { random, index in
      index % 400 == 0 ? 100 + Double(random.next() % 156) : uniform(&random)
    },
    Case("half 0 to 1, half 0 to 255", 10_000, .raw) { random, index in
      index % 2 == 0 ? uniform(&random) : uniform(&random) * 255
    },
    Case("two bells apart", 10_000, .raw) { random, index in (index % 2 == 0 ? -5 : 5) + random.normal() },
  ]

  @Test("The class is the one that a careful person would say", arguments: cases, [1, 2, 3])
  func table(_ example: Case, _ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    let values = (0..<example.count).map { example.value(&random, $0) }
    let found = ScaleClass(of: profile(values), isWhole: example.isWhole)
    #expect(found == example.expected, "\(found?.name ?? "none")")
  }

  private func profile(_ values: [Double]) -> NumberProfile {
    var profile = NumberProfile()
    let table = QuantileTable()
    values.withUnsafeBufferPointer {
      var summary = ck_summary()
      ck_summarize($0.baseAddress, $0.count, &summary)
      table.add($0, summary: summary)
      profile.moments = Moments($0, summary: summary)
    }
    profile.sketch = table.snapshot()
    return profile
  }
}
