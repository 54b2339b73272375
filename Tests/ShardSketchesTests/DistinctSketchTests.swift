import CKernels
import ShardModel
import ShardTestSupport
import Testing

@testable import ShardSketches

@Suite struct DistinctSketchTests {
  @Test(arguments: [0, 1, 2, 100, 255, 256])
  func `up to 256 different values are counted exactly`(count: Int) {
    var sketch = DistinctSketch()
    for _ in 0..<3 { sketch.add((0..<count).map { Double($0) }.hashes) }
    #expect(sketch.estimate == count && sketch.isExact)
  }

  @Test(arguments: [257, 1000, 5000, 20_000, 200_000])
  func `the error of an estimate is what is stated`(count: Int) {
    // Over 40 seeds: no estimate off by more than 4 standard errors, their root mean square within 1.4 of one.
    var squares = 0.0
    for seed in 0..<40 as Range<UInt64> {
      var random = RepeatableRandom(seed: seed &* 0x1234_5678_9ABC_DEF1)
      var sketch = DistinctSketch()
      sketch.add((0..<count).map { _ in random.next() })
      #expect(!sketch.isExact)
      let error = Double(sketch.estimate - count) / Double(count) * 64 / 1.04
      #expect(error.magnitude <= 4, "seed \(seed)")
      squares += error * error
    }
    #expect((squares / 40).squareRoot() <= 1.4)
  }

  @Test(arguments: [0.1, 1, 1024, 1e-300])
  func `numbers on a grid are counted as well as random ones`(step: Double) {
    var sketch = DistinctSketch()
    sketch.add((0..<100_000).map { Double($0) * step }.hashes)
    #expect((Double(sketch.estimate) / 100_000 - 1).magnitude < 4 * 1.04 / 64)
  }

  @Test(arguments: [10, 200, 257, 300, 5000], 0..<4 as Range<UInt64>)
  func `the state depends only on the set of hashes`(count: Int, seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    let hashes = (0..<count).map { _ in random.next() } + [0]
    var whole = DistinctSketch()
    whole.add(hashes)
    let repeated = (hashes + hashes + hashes.prefix(count / 2)).shuffled(using: &random)
    let size = repeated.count / 7 + 1
    var parts = stride(from: 0, to: repeated.count, by: size).map { start in
      var part = DistinctSketch()
      part.add(Array(repeated[start..<min(start + size, repeated.count)]))
      return part
    }
    for _ in 0..<4 {
      parts.shuffle(using: &random)
      let merged = parts.reduce(into: DistinctSketch()) { $0.merge($1) }
      #expect(merged == whole, "seed \(seed)")
      #expect(encoded(merged) == encoded(whole), "seed \(seed)")
    }
    var single = DistinctSketch()
    for hash in repeated { single.add([hash]) }
    #expect(single == whole)
  }

  @Test(arguments: [0, 5, 256, 257, 100_000])
  func `a stored sketch is read back as it was and is small`(count: Int) throws {
    var random = RepeatableRandom(seed: 1)
    var sketch = DistinctSketch()
    sketch.add((0..<count).map { _ in random.next() })
    let bytes = encoded(sketch)
    var reader = ByteReader(bytes)
    #expect(try DistinctSketch(decoding: &reader) == sketch)
    #expect(reader.remaining == 0)
    #expect(bytes.count <= (count <= 256 ? 3 + 8 * count : 3073))
  }

  private func encoded(_ sketch: DistinctSketch) -> [UInt8] {
    var writer = ByteWriter()
    sketch.encode(into: &writer)
    return writer.bytes
  }
}
