import ShardModel
import ShardTestSupport
import Testing

@testable import ShardSketches

/// States come from files that anyone may have written: whatever the bytes are, reading throws or gives a state
/// that can be used.
@Suite struct HostileBytesTests {
  static let mutations = 4000

  @Test func `changed moments are refused or usable`() throws {
    let good = Distribution.normal.values(100, seed: 1).moments
    try mutate(encoded(good.encode)) { reader throws(DecodingFailure) in
      var state = try Moments(decoding: &reader)
      state.merge(good)
      #expect(state.mean?.isFinite == true)
      #expect(state.standardDeviation.map { $0 >= 0 } ?? true)
    }
  }

  @Test func `changed quantile sketches are refused or usable`() throws {
    let good = Distribution.withZeros.values(300, seed: 1).sketch
    try mutate(encoded(good.encode)) { reader throws(DecodingFailure) in
      var state = try QuantileSketch(decoding: &reader)
      state.merge(good)
      #expect(state.quantile(0.5) != nil)
      #expect(state.histogram(bins: 20).reduce(0) { $0 + $1.count } == state.count)
      _ = (state.mode, state.zeros, state.negatives, state.fraction(above: 0))
    }
  }

  @Test(arguments: [20, 3000])
  func `changed distinct sketches are refused or usable`(count: Int) throws {
    var good = DistinctSketch()
    good.add(Distribution.normal.values(count, seed: 1).hashes)
    try mutate(encoded(good.encode)) { reader throws(DecodingFailure) in
      var state = try DistinctSketch(decoding: &reader)
      state.merge(good)
      #expect(state.estimate > 0)
    }
  }

  @Test func `changed frequent values are refused or usable`() throws {
    let table = TopValuesTable()
    table.add(Distribution.tokens.values(60, seed: 1).hashes)
    let good = TopValues(chunk: table.finish()) { "value \($0)" }
    try mutate(encoded(good.encode)) { reader throws(DecodingFailure) in
      var state = try TopValues(decoding: &reader)
      state.merge(good)
      #expect(state.entries.count <= 64)
    }
  }

  @Test func `states that contradict themselves are refused`() {
    func sketch(_ reader: inout ByteReader) throws { _ = try QuantileSketch(decoding: &reader) }
    func moments(_ reader: inout ByteReader) throws { _ = try Moments(decoding: &reader) }
    func distinct(_ reader: inout ByteReader) throws { _ = try DistinctSketch(decoding: &reader) }
    func top(_ reader: inout ByteReader) throws { _ = try TopValues(decoding: &reader) }
    let tooMany: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
    let cases: [(String, [UInt8], (inout ByteReader) throws -> Void)] = [
      ("a bucket twice", [2, 1, 1, 0, 1], sketch),
      ("an empty bucket", [1, 1, 0], sketch),
      ("more values than there can be", [1, 1] + tooMany, sketch),
      ("a count of buckets without buckets", tooMany, sketch),
      ("a mean that is not a number", [2] + [UInt8](repeating: 0xFF, count: 48), moments),
      ("hashes out of order", [1, 2] + [UInt8](repeating: 9, count: 16), distinct),
      ("a register out of range", [0] + [UInt8](repeating: 0xFF, count: 3072), distinct),
      ("a frequent value seen 0 times", [0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 65], top),
    ]
    for (name, bytes, read) in cases {
      var reader = ByteReader(bytes)
      #expect(throws: DecodingFailure.self, "\(name)") { try read(&reader) }
    }
  }

  private func encoded(_ encode: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    encode(&writer)
    return writer.bytes
  }

  /// Hands `body` thousands of versions of encoded state: cut short, with bits flipped, bytes set and parts repeated.
  private func mutate(
    _ state: [UInt8], _ body: (inout ByteReader) throws(DecodingFailure) -> Void
  ) throws {
    var intact = ByteReader(state)
    try body(&intact)
    var random = RepeatableRandom(seed: 77)
    for _ in 0..<Self.mutations {
      var bytes = state
      for _ in 0...(random.next() % 4) where !bytes.isEmpty {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 5 {
        case 0: bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 1: bytes[place] = [0, 0x7F, 0x80, 0xFF][Int(random.next() % 4)]
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
        default: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      var reader = ByteReader(bytes)
      do throws(DecodingFailure) { try body(&reader) } catch { #expect(!error.description.isEmpty) }
    }
  }
}
