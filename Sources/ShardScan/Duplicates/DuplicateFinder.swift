import ShardModel

/// Finds the records of a data set whose content an earlier record has, from the indexes of its shards.
///
/// The indexes are read twice: once to see which hashes may occur more than once, and once, if there are any, to take those.
/// They are sorted into partitions by their first bits; each partition is then resolved by a table of the hashes in it. What is
/// found is sorted into ranges of addresses, and comes out in the order of the records. The result does not depend on the
/// limit.
///
/// Memory: on clean data 2.5 bytes a record; never more than the limit. Beyond it hashes (24 bytes a record) and results
/// (16 bytes a duplicate) go through files in the folder of the states. The last step holds the results of one range,
/// which is at most 1/256 of the records. A million equal records take one slot of a table.
///
/// - Complexity: O(records), times the rounds that a partition takes: one for up to some 400 million different records
///   that repeat, within 256 MiB.
struct DuplicateFinder {
  private let limit: Int
  private let folder: String

  static let partitionCount = 256

  /// - Parameters:
  ///   - limit: bytes of memory.
  ///   - folder: where files may be put.
  init(limit: Int, folder: String) {
    self.limit = limit
    self.folder = folder
  }

  /// Compares all records of the indexes, which are given in the order of the shards' names. Addresses are those in
  /// the indexes laid end to end.
  /// - Parameter filled: a filter to which all hashes of the indexes were added while they were made.
  func find(in indexes: [String], filled: RepeatFilter? = nil) throws -> DuplicateAddresses {
    // A record takes at least 18 bytes in an index.
    let size = try indexes.reduce(0) { $0 + (try RecordIndexReader(path: $1).count) }
    guard size < 1 << (64 - RecordIndex.rowBits) else {
      throw FileFailure(path: folder, reason: "more records than can be compared")
    }
    let filter = filled ?? RepeatFilter(for: Int(clamping: size / 18), limit: limit)
    if filled == nil, let filter {
      for path in indexes {
        try RecordIndexReader(path: path).forEachFrame { filter.add($1) }
      }
      filter.finish()
    }
    let hashes = try candidates(in: indexes, filter)
    return try resolve(hashes, end: size)
  }

  /// The hashes that may occur more than once, with their addresses, in partitions.
  private func candidates(in indexes: [String], _ filter: RepeatFilter?) throws -> Partitions {
    let hashes = Partitions(
      width: 3, count: Self.partitionCount, limit: limit / 4, path: folder + "/duplicates-hashes")
    let rows = UnsafeMutablePointer<UInt32>.allocate(capacity: RecordIndex.mostRows)
    defer { rows.deallocate() }
    if let filter, !filter.hasRepeats { return hashes }
    var base: UInt64 = 0
    for path in indexes {
      let index = try RecordIndexReader(path: path)
      try index.forEachFrame { offset, words in
        let address = (base + offset) << RecordIndex.rowBits
        // Safe: a frame has at most `mostRows` records.
        let count = filter?.select(words, into: rows) ?? Self.selectAll(words, into: rows)
        for row in UnsafeBufferPointer(start: rows, count: count) {
          let start = 16 * Int(row)
          let low = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: start, as: UInt64.self))
          let high = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
          try hashes.append(low, high, address | UInt64(row), to: Int(high >> 56))
        }
      }
      base += index.count
    }
    return hashes
  }

  /// All records that are compared.
  private static func selectAll(
    _ hashes: UnsafeRawBufferPointer, into rows: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var count = 0
    for row in 0..<(hashes.count / 16)
    where hashes.loadUnaligned(fromByteOffset: 16 * row, as: UInt64.self) != 0
      || hashes.loadUnaligned(fromByteOffset: 16 * row + 8, as: UInt64.self) != 0
    {
      rows[count] = UInt32(row)
      count += 1
    }
    return count
  }

  private func resolve(_ hashes: Partitions, end: UInt64) throws -> DuplicateAddresses {
    let found = DuplicateAddresses(end: end, limit: limit / 8, folder: folder)
    let largest = (0..<Self.partitionCount).map { hashes.size(of: $0) }.max() ?? 0
    let table = DistinctTable(for: largest, limit: limit / 4)
    for partition in 0..<Self.partitionCount {
      var source = hashes
      var index = partition
      var round = 0
      while source.size(of: index) > 0 {
        table.reset(for: source.size(of: index))
        round += 1
        let later = Partitions(
          width: 3, count: 1, limit: limit / 8, path: "\(folder)/duplicates-round-\(round)")
        try source.take(index) { words in
          for start in stride(from: 0, to: words.count, by: 3) {
            let (low, high, address) = (words[start], words[start + 1], words[start + 2])
            switch table.insert(low: low, high: high, address: address) {
            case .isNew: break
            case .wasSeen(let first): try found.append(address, first: first)
            case .isFull: try later.append(low, high, address, to: 0)
            }
          }
        }
        source = later
        index = 0
      }
    }
    return found
  }
}

/// Addresses of records that have the content of an earlier one, with the address of the first that has it.
final class DuplicateAddresses {
  struct Pair: Equatable {
    var address: UInt64
    var first: UInt64
  }

  private let ranges: Partitions
  private let end: UInt64
  private var nextRange = 0
  private var loaded: [Pair] = []
  private var position = 0

  private static let rangeCount = 256

  /// - Parameter end: of the indexes laid end to end.
  init(end: UInt64, limit: Int, folder: String) {
    self.end = max(1, end)
    ranges = Partitions(
      width: 2, count: Self.rangeCount, limit: limit, path: folder + "/duplicates-found")
  }

  @inline(__always)
  func append(_ address: UInt64, first: UInt64) throws(FileFailure) {
    // Places have 50 bits.
    let range = (address >> RecordIndex.rowBits) &* UInt64(Self.rangeCount) / end
    try ranges.append(address, first, to: min(Int(clamping: range), Self.rangeCount - 1))
  }

  /// The next one in the order of addresses, which `next` will give.
  func peek() throws -> Pair? {
    while position == loaded.count, nextRange < Self.rangeCount {
      loaded.removeAll(keepingCapacity: true)
      position = 0
      try ranges.take(nextRange) { words in
        for start in stride(from: 0, to: words.count, by: 2) {
          loaded.append(Pair(address: words[start], first: words[start + 1]))
        }
      }
      loaded.sort { $0.address < $1.address }
      nextRange += 1
    }
    return position < loaded.count ? loaded[position] : nil
  }

  func next() throws -> Pair? {
    defer { if position < loaded.count { position += 1 } }
    return try peek()
  }
}
