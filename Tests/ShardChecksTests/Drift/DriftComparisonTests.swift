import ShardModel
import ShardTestSupport
import Testing

@testable import ShardChecks
@testable import ShardSketches

/// Fields with values of known distributions, as a scan would sum them up.
enum Sample: String, CaseIterable, Sendable {
  case normal, logNormal, uniform, integer, constant, categorical, sparseNull

  func shape(_ count: Int, seed: UInt64, shift: Double = 0) -> FieldShape {
    var random = RepeatableRandom(seed: seed)
    var profile = NumberProfile()
    var texts: [String: UInt64] = [:]
    var shape = FieldShape(path: "a")
    let table = QuantileTable()
    for _ in 0..<count {
      switch self {
      case .normal: table.add(random.normal() + shift, count: 1)
      case .logNormal:
        // The product of factors near 1.
        let value = (0..<12).reduce(1.0) { product, _ in
          product * Double.random(in: 0.4...2.2, using: &random)
        }
        table.add(value * (1 + 5 * shift), count: 1)
      case .uniform: table.add(Double.random(in: 0..<1, using: &random) + shift / 3, count: 1)
      case .integer: table.add(Double(Int.random(in: 0..<12, using: &random)) + 2 * shift.rounded(), count: 1)
      case .constant: table.add(3 + shift, count: 1)
      case .categorical:
        let roll = Int.random(in: 0..<100, using: &random)
        let edge = 40 - Int(shift * 30)
        texts[roll < edge ? "cat" : roll < 70 ? "dog" : roll < 90 ? "cow" : "ant\(roll)", default: 0] += 1
      case .sparseNull:
        if Double.random(in: 0..<1, using: &random) < 0.03 + shift / 5 {
          shape.types.null += 1
        } else {
          table.add(random.normal(), count: 1)
        }
      }
    }
    profile.sketch = table.snapshot()
    if self == .categorical {
      let entries = texts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .filter { $0.value > 1 }.map { TopSummary.Entry(value: $0.key, count: $0.value) }
      let listed = entries.reduce(0) { $0 + $1.count }
      shape.types.text = UInt64(count)
      shape.top = TopSummary(values: entries, error: 0, rest: UInt64(count) - listed)
    } else {
      shape.types.number = profile.sketch.count
      shape.numbers = Distribution(
        bins: profile.sketch.quantileBins(), median: profile.sketch.quantile(0.5) ?? 0)
    }
    return shape
  }
}

struct DriftComparisonTests {
  private func compare(_ left: FieldShape, _ right: FieldShape) -> FieldDrift {
    DriftComparison().compare(
      Baseline(records: left.occurrences, fields: [left]),
      Baseline(records: right.occurrences, fields: [right]))[0]
  }

  @Test("Two samples of the same data never differ, over 100 seeds", arguments: Sample.allCases)
  func quiet(_ sample: Sample) {
    for seed in 0..<100 as Range<UInt64> {
      var sizes = [(25, 25), (50, 50), (60, 500), (200, 100), (1_000, 1_000), (100, 4_000)]
      if seed < 2 { sizes += [(50_000, 50_000), (100_000, 100)] }
      for (first, second) in sizes {
        let drift = compare(
          sample.shape(first, seed: 2 * seed + 1), sample.shape(second, seed: 2 * seed + 2_000))
        #expect(!drift.isBeyond, "seed \(seed), \(first) and \(second): \(drift)")
      }
    }
  }

  @Test("A shift of a standard deviation or of a third of the shares is found", arguments: Sample.allCases)
  func loud(_ sample: Sample) {
    for seed in 0..<20 as Range<UInt64> {
      for (first, second) in [(300, 300), (2_000, 200), (5_000, 5_000)] {
        let drift = compare(
          sample.shape(first, seed: seed), sample.shape(second, seed: seed + 100, shift: 1))
        #expect(drift.isBeyond, "seed \(seed), \(first) and \(second): \(drift)")
      }
    }
  }

  @Test("A field compared with itself is at no distance")
  func same() {
    for sample in Sample.allCases {
      let shape = sample.shape(777, seed: 3)
      let drift = compare(shape, shape)
      #expect(drift.measures.allSatisfy { ($0.jensenShannon ?? 0) == 0 && ($0.largest ?? 0) == 0 })
      #expect(drift.measures.count == 1 && !drift.isBeyond)
    }
  }

  @Test("Elements of few lists are few observations, however many they are")
  func lists() {
    func side(_ lists: UInt64, _ shift: Double) -> Baseline {
      var list = FieldShape(path: "a")
      list.types.list = lists
      var elements = Sample.normal.shape(20_000, seed: lists, shift: shift)
      elements.path = "a[]"
      return Baseline(records: lists, fields: [list, elements])
    }
    let few = DriftComparison().compare(side(30, 0), side(5_000, 1)).first { $0.path == "a[]" }
    #expect(few?.isBeyond == false)
    let many = DriftComparison().compare(side(3_000, 0), side(5_000, 1)).first { $0.path == "a[]" }
    #expect(many?.isBeyond == true)
  }

  @Test("New and lost fields are told once, at the top, and only where they were frequent")
  func presence() {
    func side(_ records: UInt64, _ fields: [(String, UInt64)]) -> Baseline {
      Baseline(
        records: records,
        fields: fields.map { path, count in
          var field = FieldShape(path: path)
          field.types.text = count
          return field
        })
    }
    let drifts = DriftComparison().compare(
      side(100, [("a", 100), ("m", 100), ("m.x", 100), ("m.l[]", 900), ("rare", 3)]),
      side(100, [("a", 100), ("b", 60), ("odd", 1)]))
    #expect(drifts.filter(\.isBeyond).map { "\($0.path) \($0.presence)" } == ["b added", "m lost"])
    #expect(drifts.map(\.path) == ["a", "b", "m", "m.l[]", "m.x", "odd", "rare"])
  }

  @Test("Of lists of frequent values that are cut only what is certain counts")
  func cut() {
    func shape(_ values: [(String, UInt64)], error: UInt64, rest: UInt64) -> FieldShape {
      var shape = FieldShape(path: "a")
      shape.types.text = values.reduce(rest) { $0 + $1.1 }
      shape.top = TopSummary(
        values: values.map { TopSummary.Entry(value: $0.0, count: $0.1) }, error: error, rest: rest)
      return shape
    }
    let known = shape([("a", 500), ("b", 300), ("c", 200)], error: 0, rest: 0)
    let cut = shape([("a", 500)], error: 0, rest: 500)
    #expect(compare(known, cut).measures[0].largest == 0)
    let vague = shape([("a", 300)], error: 250, rest: 700)
    #expect(compare(known, vague).measures[0].largest == 0)
    let other = shape([("z", 800)], error: 0, rest: 200)
    let measure = compare(known, other).measures[0]
    #expect(measure.category == "z" && measure.largest == 0.8 && measure.isBeyond)
  }
}

struct DriftTextTests {
  @Test(
    "Numbers have three digits",
    arguments: [
      (0.3149, "0.315"), (131.49, "131"), (0, "0"), (1.0, "1"), (-0.00012345, "-0.000123"),
      (123_456, "123000"), (9.999, "10"), (1e300, "1e+300"), (0.1 + 0.2, "0.3"),
    ] as [(Double, String)])
  func number(_ value: Double, _ text: String) { #expect(DriftText.number(value) == text) }

  @Test("Shares are percent", arguments: [(0.123, "12.3%"), (0, "0%"), (1, "100%"), (1e-7, "<0.001%")])
  func percent(_ share: Double, _ text: String) { #expect(DriftText.percent(share) == text) }
}
