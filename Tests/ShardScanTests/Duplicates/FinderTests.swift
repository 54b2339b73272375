import CKernels
import ShardModel
import ShardTestSupport
import Testing

@testable import ShardScan

/// The finder against a dictionary, with and without room.
struct FinderTests {
  /// Writes an index of these hashes, in frames of any size; gives the address of each record that is compared.
  private func write(
    _ hashes: [(UInt64, UInt64)], to path: String, base: UInt64, _ random: inout RepeatableRandom
  ) throws -> (addresses: [UInt64], size: UInt64) {
    let writer = try RecordIndexWriter(path: path)
    var addresses: [UInt64] = []
    var offset: UInt64 = 8
    var start = 0
    while start < hashes.count {
      let count = min(hashes.count - start, Int.random(in: 1..<300, using: &random))
      let batch = RecordBatch(format: NoFormat())
      batch.hasRecordPerLine = true
      for row in 0..<count { batch.records.append(RecordView(offset: UInt32(8 * row), length: 7)) }
      let part = hashes[start..<(start + count)].map { ck_record_hash(low: $0.0, high: $0.1) }
      let frames = part.withUnsafeBufferPointer { RecordIndex.frames(of: batch, hashes: $0) }
      try writer.write(writer.place(frames))
      for row in 0..<count { addresses.append((base + offset) << RecordIndex.rowBits | UInt64(row)) }
      offset += UInt64(frames.count)
      start += count
    }
    try writer.finish()
    return (addresses, offset + 1)
  }

  private struct NoFormat: RecordFormat {
    func path(of position: UInt32, field: Int, row: Int, in batch: RecordBatch) -> String { "" }
    func elementPosition(number ordinal: Int, list: UInt32, in batch: RecordBatch) -> (
      position: UInt32, index: Int
    )? { nil }
    func valueBytes(at position: UInt32, in batch: RecordBatch) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: nil, count: 0)
    }
    func unescaped(_ text: TextView, in batch: RecordBatch) -> [UInt8] { [] }
    func key(ofRow row: Int, in batch: RecordBatch) -> String? { nil }
  }

  @Test("Finds what a dictionary finds, in order, whatever the memory", arguments: [60, 3_000, 1 << 40])
  func reference(_ kinds: UInt64) throws {
    let folder = TemporaryFolder()
    var random = RepeatableRandom(seed: kinds)
    var firsts: [UInt64: UInt64] = [:]
    var expected: [DuplicateAddresses.Pair] = []
    var paths: [String] = []
    var base: UInt64 = 0
    for shard in 0..<5 {
      let ids = (0..<2_000).map { _ in UInt64.random(in: 0...kinds, using: &random) }
      // 0 is not compared. Halves that are alike in most bits must be told apart.
      let hashes = ids.map { id in id == 0 ? (0, 0) : id % 3 == 0 ? (7, id &* 0x9E37_79B9_7F4A_7C15) : (id, 0)
      }
      let path = "\(folder.path)/\(shard)"
      let (addresses, size) = try write(hashes, to: path, base: base, &random)
      base += size
      paths.append(path)
      for (id, address) in zip(ids, addresses) where id != 0 {
        if let first = firsts[id] {
          expected.append(DuplicateAddresses.Pair(address: address, first: first))
        } else {
          firsts[id] = address
        }
      }
    }
    #expect(kinds > 10_000 ? expected.isEmpty : expected.count > 1_000)
    for limit in [500, 8_000, 60_000, 64 << 20] {
      let found = try DuplicateFinder(limit: limit, folder: folder.path).find(in: paths)
      var pairs: [DuplicateAddresses.Pair] = []
      while let pair = try found.next() { pairs.append(pair) }
      #expect(pairs == expected, "limit \(limit)")
      let left = try Files.list(folder.path) ?? []
      #expect(left == ["0", "1", "2", "3", "4"])
    }
  }

  @Test("Runs come back in order from memory and files", arguments: [8, 1_000, 100_000])
  func partitions(_ limit: Int) throws {
    let folder = TemporaryFolder()
    let partitions = Partitions(width: 2, count: 7, limit: limit, path: folder.path + "/x")
    var expected = [[UInt64]](repeating: [], count: 7)
    var random = RepeatableRandom(seed: 3)
    for word in 0..<UInt64(2_000) {
      let partition = Int.random(in: 0..<7, using: &random)
      expected[partition] += [word, ~word]
      try partitions.append(word, ~word, to: partition)
    }
    #expect(partitions.hasSpilled == (limit < 32_000))
    for partition in 0..<7 {
      #expect(partitions.size(of: partition) == expected[partition].count / 2)
      var words: [UInt64] = []
      try partitions.take(partition) { words += $0 }
      #expect(words == expected[partition])
      #expect(partitions.size(of: partition) == 0)
    }
    #expect(try Files.list(folder.path)?.isEmpty == true)
  }

  @Test("Of hashes that occur once the filter keeps few, of those that occur twice all")
  func filter() throws {
    var random = RepeatableRandom(seed: 4)
    let count = 40_000
    var hashes: [UInt64] = (0..<(2 * count)).map { _ in random.next() }
    hashes += hashes[..<2_000]
    let filter = try #require(RepeatFilter(for: hashes.count / 2, limit: 1 << 20))
    hashes.withUnsafeBytes(filter.add)
    filter.finish()
    var rows = [UInt32](repeating: 0, count: hashes.count / 2)
    let kept = rows.withUnsafeMutableBufferPointer { rows in
      hashes.withUnsafeBytes {
        filter.select($0, into: rows.baseAddress ?? UnsafeMutablePointer(bitPattern: 8)!)
      }
    }
    let found = Set(rows[..<kept])
    #expect((0..<UInt32(1_000)).allSatisfy { found.contains($0) && found.contains($0 + UInt32(count)) })
    #expect(kept < 2_000 + count / 50)
    #expect(RepeatFilter(for: 1 << 30, limit: 1 << 20) == nil)
  }

  @Test("An index that is damaged is refused, whatever the damage")
  func damage() throws {
    let folder = TemporaryFolder()
    var random = RepeatableRandom(seed: 5)
    let hashes = (0..<500).map { _ in (random.next(), random.next()) }
    _ = try write(hashes, to: folder.path + "/a", base: 0, &random)
    let bytes = try #require(folder.read("a"))
    for cut in [0, 7, 8, 9, 40, bytes.count / 2, bytes.count - 1] {
      let path = folder.write("cut", bytes[..<cut])
      #expect(throws: FileFailure.self) {
        try RecordIndexReader(path: path).forEachFrame { _, _ in }
      }
    }
    for _ in 0..<2_000 {
      var bad = bytes
      for _ in 0..<Int.random(in: 1..<4, using: &random) {
        bad[Int.random(in: 8..<120, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let path = folder.write("bad", bad)
      // Either is right; a crash is not.
      _ = try? DuplicateFinder(limit: 1 << 16, folder: folder.path).find(in: [path])
      if let reader = try? RecordIndexReader(path: path) {
        _ = try? reader.header(at: UInt64.random(in: 0..<200, using: &random))
        _ = try? reader.places(at: UInt64.random(in: 0..<200, using: &random))
      }
    }
    #expect(throws: FileFailure.self) { try RecordIndexReader(path: folder.path + "/gone") }
  }
}
