import CKernels
import ShardModel
import ShardTestSupport
import Testing

@testable import ShardSketches

@Suite struct TopValuesTests {
  /// Streams of hashes, from a few values to all different.
  enum Stream: String, CaseIterable, Sendable {
    case few, exactly64, exactly65, skewed, heavyAndDistinct, distinct, blocks

    func hashes(_ count: Int, seed: UInt64) -> [UInt64] {
      var random = RepeatableRandom(seed: seed)
      return (0..<count).map { position in
        let draw = random.next()
        let value: UInt64 =
          switch self {
          case .few: draw % 7
          case .exactly64: draw % 64
          case .exactly65: draw % 65
          case .skewed:
            UInt64((draw % 1000 + 1).leadingZeroBitCount) * 1000 + random.next() % (1 + draw % 100)
          case .heavyAndDistinct: draw % 3 == 0 ? draw : draw % 63
          case .distinct: draw
          case .blocks: UInt64(position / 100)
          }
        return ck_mix64(value &+ 1)
      }
    }
  }

  @Test(arguments: Stream.allCases, 0..<4 as Range<UInt64>)
  func `no count is more than the error too low and none too high`(stream: Stream, seed: UInt64) {
    let hashes = stream.hashes(20_000, seed: seed)
    let exact = counts(hashes)
    let table = TopValuesTable()
    table.add(hashes)
    let found = table.finish()
    #expect(found.error <= 20_000 / 65)
    #expect((found.error == 0) == (exact.count <= 64))
    for entry in found.entries {
      #expect(hashes[Int(entry.index)] == entry.hash)
    }
    expectBounds(found.entries.map { ($0.hash, $0.count) }, error: found.error, exact: exact)
  }

  @Test(arguments: Stream.allCases)
  func `a result is that of the plain algorithm, however the sequence is cut`(stream: Stream) {
    let hashes = stream.hashes(5000, seed: 3)
    let expected = plain(hashes)
    let table = TopValuesTable()
    for size in [5000, 1, 64, 777] {
      table.reset()
      for start in stride(from: 0, to: hashes.count, by: size) {
        table.add(Array(hashes[start..<min(start + size, hashes.count)]), base: UInt32(start))
      }
      let found = table.finish()
      #expect(found.entries == expected.entries, "cut every \(size)")
      #expect(found.error == expected.error, "cut every \(size)")
    }
  }

  @Test(arguments: Stream.allCases, 0..<4 as Range<UInt64>)
  func `merged chunks keep the bound`(stream: Stream, seed: UInt64) {
    let hashes = stream.hashes(30_000, seed: seed)
    let parts = chunks(hashes, size: 1000)
    let merged = parts.reduce(into: TopValues()) { $0.merge($1) }
    #expect(merged.entries.count <= 64)
    #expect(merged.error <= 30_000 / 65 + UInt64(parts.count))
    for entry in merged.entries { #expect(entry.text == "\(entry.hash)") }
    expectBounds(merged.entries.map { ($0.hash, $0.count) }, error: merged.error, exact: counts(hashes))
  }

  @Test(arguments: [Stream.few, .exactly64], 0..<4 as Range<UInt64>)
  func `with few values any split merged in any order is the whole`(stream: Stream, seed: UInt64) {
    let hashes = stream.hashes(6000, seed: seed)
    let whole = chunks(hashes, size: 6000)[0]
    var random = RepeatableRandom(seed: seed)
    for size in [1, 100, 999] {
      let parts = chunks(hashes, size: size).shuffled(using: &random)
      let merged = parts.reduce(into: TopValues()) { $0.merge($1) }
      #expect(merged == whole && merged.isExact)
    }
  }

  @Test(arguments: Stream.allCases)
  func `two states give the same in either order`(stream: Stream) {
    let parts = chunks(stream.hashes(8000, seed: 2), size: 1000)
    for (left, right) in zip(parts, parts.dropFirst()) {
      var (forward, backward) = (left, right)
      forward.merge(right)
      backward.merge(left)
      #expect(forward == backward)
    }
  }

  @Test func `values seen once get no text in a chunk of many values`() {
    let table = TopValuesTable()
    let repeated = [UInt64](repeating: 42, count: 100)
    table.add(repeated + (1000..<1070).map { ck_mix64($0) })
    var asked: [UInt32] = []
    let values = TopValues(chunk: table.finish()) { index in
      asked.append(index)
      return "x"
    }
    #expect(asked == [0])
    #expect(values.entries == [TopValues.Entry(hash: 42, text: "x", count: 99)])
    // One for the counters lowered once, one for the values left out.
    #expect(values.error == 2)
  }

  @Test func `equal counts are ordered by hash`() {
    let table = TopValuesTable()
    table.add([9, 3, 7, 3, 9, 7, 1])
    #expect(table.finish().entries.map(\.hash) == [3, 7, 9, 1])
    #expect(table.finish().entries.map(\.index) == [1, 2, 0, 6])
  }

  @Test(arguments: Stream.allCases)
  func `a stored state is read back as it was`(stream: Stream) throws {
    let values = chunks(stream.hashes(3000, seed: 1), size: 500).reduce(into: TopValues()) { $0.merge($1) }
    var writer = ByteWriter()
    values.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try TopValues(decoding: &reader) == values)
    #expect(reader.remaining == 0)
  }

  private func chunks(_ hashes: [UInt64], size: Int) -> [TopValues] {
    let table = TopValuesTable()
    return stride(from: 0, to: hashes.count, by: size).map { start in
      table.reset()
      table.add(Array(hashes[start..<min(start + size, hashes.count)]), base: UInt32(start))
      return TopValues(chunk: table.finish()) { "\(hashes[Int($0)])" }
    }
  }

  private func counts(_ hashes: [UInt64]) -> [UInt64: UInt64] {
    hashes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  private func expectBounds(_ found: [(UInt64, UInt64)], error: UInt64, exact: [UInt64: UInt64]) {
    var rest = exact
    for (hash, count) in found {
      let truth = rest.removeValue(forKey: hash) ?? 0
      #expect(count <= truth && truth <= count + error)
    }
    #expect((rest.values.max() ?? 0) <= error)
  }

  /// Misra and Gries as written down.
  private func plain(_ hashes: [UInt64]) -> (entries: [TopValuesTable.Entry], error: UInt64) {
    var counters: [UInt64: TopValuesTable.Entry] = [:]
    var error: UInt64 = 0
    for (index, hash) in hashes.enumerated() {
      if counters[hash] != nil {
        counters[hash]?.count += 1
      } else if counters.count < 64 {
        counters[hash] = TopValuesTable.Entry(hash: hash, count: 1, index: UInt32(index))
      } else {
        error += 1
        for key in Array(counters.keys) { counters[key]?.count -= 1 }
        counters = counters.filter { $0.value.count > 0 }
      }
    }
    return (counters.values.sorted { ($1.count, $0.hash) < ($0.count, $1.hash) }, error)
  }
}
