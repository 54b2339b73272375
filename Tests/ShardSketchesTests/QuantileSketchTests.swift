import ShardModel
import ShardTestSupport
import Testing

@testable import ShardSketches

@Suite struct QuantileSketchTests {
  static let quantiles = [0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1]

  @Test(arguments: Distribution.allCases, 0..<4 as Range<UInt64>)
  func `a quantile is within 1/256 of the exact order statistic`(distribution: Distribution, seed: UInt64)
    throws
  {
    for count in [1, 2, 5, 1000, 20_000] {
      let values = distribution.values(count, seed: seed)
      let sorted = values.sorted()
      let sketch = values.sketch
      let limits = sorted[0]...sorted[count - 1]
      #expect(sketch.count == UInt64(count))
      for quantile in Self.quantiles {
        let exact = sorted[Int(quantile * Double(count - 1))]
        let free = try #require(sketch.quantile(quantile))
        let clamped = try #require(sketch.quantile(quantile, within: limits))
        #expect((free - exact).magnitude <= exact.magnitude / 256, "seed \(seed), \(quantile) of \(count)")
        #expect((clamped - exact).magnitude <= exact.magnitude / 256, "seed \(seed), \(quantile) of \(count)")
        #expect(limits.contains(clamped))
      }
    }
  }

  @Test(arguments: Distribution.allCases, 0..<4 as Range<UInt64>)
  func `any split merged in any order is the whole`(distribution: Distribution, seed: UInt64) {
    let values = distribution.values(5000, seed: seed)
    var random = RepeatableRandom(seed: seed)
    let parts = values.split(seed: seed, parts: 12).map(\.sketch).shuffled(using: &random)
    let left = parts.reduce(into: QuantileSketch()) { $0.merge($1) }
    let right = parts.reversed().reduce(into: QuantileSketch()) { sum, part in
      var part = part
      part.merge(sum)
      sum = part
    }
    #expect(left == values.sketch)
    #expect(right == left)
    #expect(encoded(left) == encoded(values.sketch))
  }

  @Test func `zeros of both signs, negatives and shares are counted`() {
    let sketch = [-2, -1, -0.0, 0, 0, 1, 2, 4].sketch
    #expect(sketch.zeros == 3 && sketch.negatives == 2 && sketch.count == 8)
    #expect(sketch.count(above: 1) == 2)
    #expect(sketch.fraction(above: -1) == 6.0 / 8)
    #expect(sketch.count(above: .infinity) == 0 && sketch.count(above: -.infinity) == 8)
    #expect(sketch.count(above: .nan) == 0)
    #expect(QuantileSketch().fraction(above: 0) == 0 && QuantileSketch().quantile(0.5) == nil)
  }

  @Test(arguments: Distribution.allCases)
  func `each value is in the range of its bucket`(distribution: Distribution) throws {
    for value in distribution.values(1000, seed: 3) {
      let bucket = try #require([value].sketch.mode)
      #expect(bucket.range.contains(value) && bucket.range.contains(bucket.middle))
      #expect((bucket.middle - value).magnitude <= value.magnitude / 256)
    }
  }

  @Test func `the values that differ from the most frequent one have quantiles of their own`() throws {
    let sketch = ([Double](repeating: 0, count: 900) + (1...100).map { Double($0) }).sketch
    let mode = try #require(sketch.mode)
    #expect(mode == QuantileSketch.Bucket(index: 0, count: 900))
    let rest = sketch.removing(mode.index)
    #expect(rest.count == 100 && rest.zeros == 0)
    #expect(try #require(rest.quantile(0.5)) > 49)
    #expect(QuantileSketch().mode == nil)
  }

  @Test(arguments: Distribution.allCases, [1, 2, 10, 64])
  func `bins of a histogram are adjacent, few and hold every value once`(
    distribution: Distribution, bins: Int
  ) {
    let values = distribution.values(5000, seed: 9)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let histogram = values.sketch.histogram(bins: bins, within: low...high)
    #expect((1...(bins + 2)).contains(histogram.count))
    #expect(histogram.reduce(0) { $0 + $1.count } == 5000)
    #expect(histogram.first?.low == low && histogram.last?.high == high)
    for (bin, next) in zip(histogram, histogram.dropFirst()) {
      #expect(bin.high == next.low && bin.low < bin.high)
    }
    for bin in histogram {
      let inside = values.filter { bin.low < $0 && $0 < bin.high }.count
      let touching = values.filter { bin.low <= $0 && $0 <= bin.high }.count
      #expect((UInt64(inside)...UInt64(touching)).contains(bin.count))
    }
  }

  @Test func `bins of integers are equally wide and one far value is a tail`() {
    let values = (0..<1000).map { Double($0 % 100) } + [1e300]
    let histogram = values.sketch.histogram(bins: 10)
    #expect(histogram.count == 11)
    #expect(histogram.last?.count == 1)
    for bin in histogram.dropLast() { #expect((90...110).contains(bin.count)) }
    #expect(QuantileSketch().histogram(bins: 10).isEmpty && values.sketch.histogram(bins: 0).isEmpty)
  }

  @Test(arguments: Distribution.allCases)
  func `a stored sketch is read back as it was and is small`(distribution: Distribution) throws {
    let sketch = distribution.values(3000, seed: 4).sketch
    let bytes = encoded(sketch)
    var reader = ByteReader(bytes)
    #expect(try QuantileSketch(decoding: &reader) == sketch)
    #expect(reader.remaining == 0)
    #expect(bytes.count <= 10 + 5 * sketch.buckets.count)
  }

  private func encoded(_ sketch: QuantileSketch) -> [UInt8] {
    var writer = ByteWriter()
    sketch.encode(into: &writer)
    return writer.bytes
  }
}
