import Foundation
import ShardModel
import ShardSketches
import ShardTestSupport
import Testing

struct DistanceTests {
  struct Row: Sendable {
    var left: [Double]
    var right: [Double]
    var expected: [Double]
  }

  static let rows: [Row] = {
    let file = Bundle.module.bundleURL.appendingPathComponent("Fixtures/distances/distances.tsv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let cells = line.split(separator: "\t")
      func counts(_ cell: Substring) -> [Double] { cell.split(separator: ",").compactMap { Double($0) } }
      return Row(
        left: counts(cells[0]), right: counts(cells[1]), expected: cells[2...].compactMap { Double($0) })
    }
  }()

  @Test("Distances are those that numpy computes, to 1e-12")
  func numpy() {
    #expect(Self.rows.count == 400)
    for row in Self.rows {
      let got = [
        Distances.jensenShannon(row.left, row.right), Distances.stability(row.left, row.right),
        Distances.largestDifference(row.left, row.right).distance,
        SamplingNoise.chiSquare(row.left, row.right),
      ]
      for (value, expected) in zip(got, row.expected) {
        // The root of a rounding error is what is left of a distance of 0.
        let isNothing = value < 1e-7 && expected < 1e-7
        #expect(
          (value - expected).magnitude <= 1e-12 * max(1, expected) || isNothing, "\(row.left) \(row.right)")
      }
    }
  }

  @Test("A side without values is at no distance, and disjoint sides are at distance 1")
  func limits() {
    #expect(Distances.jensenShannon([0, 0], [1, 2]) == 0)
    #expect(Distances.stability([], []) == 0)
    #expect(Distances.largestDifference([3], [0]).distance == 0)
    #expect(Distances.jensenShannon([5, 0], [0, 7]) == 1)
    #expect(Distances.stability([5, 0], [0, 7]).isFinite)
    #expect(Distances.largestDifference([1, 3, 0], [2, 1, 5]) == (0.625, 1))
  }

  @Test("What chance adds to the distances of two samples is what the noise expects, within a tenth")
  func noise() {
    var random = RepeatableRandom(seed: 4)
    var (divergence, stability) = (0.0, 0.0)
    let runs = 400
    func sample(_ count: Int) -> [Double] {
      var counts = [Double](repeating: 0, count: 10)
      for _ in 0..<count { counts[Int.random(in: 0..<10, using: &random)] += 1 }
      return counts
    }
    for _ in 0..<runs {
      let (left, right) = (sample(2_000), sample(500))
      divergence += Distances.divergence(left, right) / Double(runs)
      stability += Distances.stability(left, right) / Double(runs)
    }
    let noise = SamplingNoise(bins: 10, 2_000, 500)
    #expect((divergence / noise.divergence - 1).magnitude < 0.1)
    #expect((stability / noise.stability - 1).magnitude < 0.1)
  }

  @Test(
    "The limit of a chi-square is near the quantile that tables give",
    arguments: [(1.0, 3.0902, 10.83), (9.0, 3.0902, 27.88), (40.0, 3.0902, 73.40), (9.0, 1.6449, 16.92)])
  func chiSquare(_ degrees: Double, _ deviations: Double, _ expected: Double) {
    let limit = SamplingNoise.chiSquareLimit(degrees: degrees, deviations: deviations)
    #expect((limit / expected - 1).magnitude < 0.04)
  }
}

struct QuantileBinsTests {
  @Test("Bins are ordered, hold every value, and none but a single bucket holds two shares")
  func shape() {
    for distribution in Distribution.allCases {
      for count in [1, 7, 49, 50, 51, 99, 149, 5_000] {
        let sketch = distribution.values(count, seed: UInt64(count)).sketch
        let bins = sketch.quantileBins()
        #expect(bins.count <= 101 && bins.count >= 1)
        #expect(bins.reduce(0) { $0 + $1.count } == UInt64(count))
        #expect(zip(bins, bins.dropFirst()).allSatisfy { $0.high <= $1.low })
        #expect(bins.allSatisfy { $0.low < $0.high })
        let share = Double((count + 49) / 50)
        for bin in bins where Double(bin.count) >= 2 * share {
          #expect(sketch.buckets.contains { $0.range == bin.low...bin.high && $0.count == bin.count })
        }
      }
    }
    #expect(QuantileSketch().quantileBins().isEmpty)
  }

  @Test("Counts at the deciles of other data are near those of the sketch, and exact at its own")
  func counts() {
    for distribution in Distribution.allCases {
      let (first, second) = (distribution.values(4_000, seed: 1), distribution.values(3_000, seed: 2))
      let (left, right) = (first.sketch, second.sketch)
      let bins = ComparisonBins(of: left.quantileBins())
      #expect(bins.edges == bins.edges.sorted() && bins.count <= 64)
      #expect(bins.counts(of: left.quantileBins()) == bins.counts(of: left))
      #expect(bins.counts(of: left).first == 0 && bins.counts(of: left).last == 0)
      let (near, exact) = (bins.counts(of: right.quantileBins()), bins.counts(of: right))
      #expect((near.reduce(0, +) - 3_000).magnitude < 1e-6)
      var (sumNear, sumExact) = (0.0, 0.0)
      for (a, b) in zip(near, exact) {
        (sumNear, sumExact) = (sumNear + a, sumExact + b)
        #expect((sumNear - sumExact).magnitude <= 3_000 * 2 / 50 + 1e-6, "\(distribution)")
      }
    }
  }

  @Test("Values between two that hold all of the baseline, or beyond it, have bins of their own")
  func gaps() {
    let baseline = [0.0, 1, 1, 0, 1, 0, 1, 1].sketch
    let bins = ComparisonBins(of: baseline.quantileBins())
    #expect(bins.counts(of: [-3.0, 0, 0, 0.5, 1, 7].sketch) == [1, 2, 1, 1, 1])
    #expect(bins.counts(of: [-3.0, 0, 0, 0.5, 1, 7].sketch.quantileBins()) == [1, 2, 1, 1, 1])
  }

  @Test("Merging commutes with counting: the counts of a whole less those of a part are those of the rest")
  func subtraction() {
    let parts = (1...4).map { Distribution.lognormal.values(500, seed: $0).sketch }
    var whole = QuantileSketch()
    for part in parts { whole.merge(part) }
    var rest = QuantileSketch()
    for part in parts.dropFirst() { rest.merge(part) }
    let bins = ComparisonBins(of: whole.quantileBins())
    let difference = zip(bins.counts(of: whole), bins.counts(of: parts[0])).map { $0 - $1 }
    #expect(difference == bins.counts(of: rest))
  }
}
