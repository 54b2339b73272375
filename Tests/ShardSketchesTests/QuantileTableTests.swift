import ShardTestSupport
import Testing

@testable import ShardSketches

@Suite struct QuantileTableTests {
  @Test(arguments: Distribution.allCases)
  func `a table that was reset is as good as a fresh one`(distribution: Distribution) {
    let used = QuantileTable()
    for (round, other) in Distribution.allCases.enumerated() {
      used.add(other.values(2000, seed: UInt64(round)))
      used.add(other.values(7, seed: UInt64(round)))
      used.reset()
      #expect(used.count == 0 && used.limits == nil && used.snapshot() == QuantileSketch())
      let values = distribution.values(1000, seed: 5)
      used.add(values)
      let fresh = QuantileTable()
      fresh.add(values)
      #expect(used.snapshot() == fresh.snapshot())
      #expect(used.limits == fresh.limits)
      used.reset()
    }
  }

  @Test(arguments: Distribution.allCases)
  func `blocks and single values give what one block gives`(distribution: Distribution) {
    let values = distribution.values(3000, seed: 6)
    let blocks = QuantileTable()
    for part in values.split(seed: 7, parts: 20) { blocks.add(part) }
    let singles = QuantileTable()
    for value in values { singles.add(value, count: 1) }
    #expect(blocks.snapshot() == values.sketch)
    #expect(singles.snapshot() == values.sketch)
    #expect(singles.limits == blocks.limits)
  }

  @Test(arguments: Distribution.allCases)
  func `quantiles of the table are those of its sketch, in the order asked`(distribution: Distribution) {
    let values = distribution.values(3000, seed: 8)
    let table = QuantileTable()
    table.add(values)
    let asked = [0.75, 0.25, 0, 1, 0.5, 0.5]
    #expect(table.quantiles(asked) == table.snapshot().quantiles(asked, within: table.limits))
    #expect(table.quantiles(asked).count == asked.count)
    #expect(table.quantiles([]).isEmpty && QuantileTable().quantiles(asked).isEmpty)
  }

  @Test func `counts beyond 32 bits stay right`() {
    let table = QuantileTable()
    let most = UInt64(UInt32.max)
    for count in [most, most, 1, most + 7, 3 << 40] { table.add(2.5, count: count) }
    table.add([2.5, -1, 7])
    table.add(-1, count: 0)
    let total = 3 * most + 8 + 3 << 40
    #expect(table.count == total + 3)
    let sketch = table.snapshot()
    #expect(sketch.buckets.map(\.count) == [1, total + 1, 1])
    #expect(table.quantiles([0, 0.5, 1]) == sketch.quantiles([0, 0.5, 1], within: -1...7))
    table.reset()
    #expect(table.snapshot() == QuantileSketch())
  }

  @Test func `extremes of the number range have buckets`() {
    let least = Double.leastNonzeroMagnitude
    let most = Double.greatestFiniteMagnitude
    let values = [-most, most, least, -least, 0, -0.0, Double.leastNormalMagnitude]
    let table = QuantileTable()
    table.add(values)
    let sketch = table.snapshot()
    #expect(sketch.count == 7 && sketch.zeros == 4 && sketch.negatives == 1)
    #expect(table.quantiles([0, 1]).allSatisfy { ($0.magnitude / most - 1).magnitude <= 1 / 256 })
    #expect(sketch.histogram(bins: 8).allSatisfy { $0.low.isFinite && $0.high.isFinite })
  }
}
