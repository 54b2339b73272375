import ShardModel

/// Finds the records of a data set whose content an earlier record has, from the indexes of its shards.
///
/// Hashes are sorted into partitions by their first bits; each partition is then resolved by a table of the hashes in it.
/// What is found is sorted into ranges of addresses, and comes out in the order of the records. The result does not
/// depend on the limit.
///
/// Memory: the limit, however many records there are; beyond it hashes (24 bytes a record) and results (16 bytes a
/// duplicate) go through files in the folder of the states. The last step holds the results of one range, which is at
/// most 1/256 of the records. A million equal records take one slot of a table.
///
/// - Complexity: O(records), times the rounds that a partition takes: one for up to some 400 million different records
///   within 256 MiB.
struct DuplicateFinder {
  private let limit: Int
  private let folder: String
  private let hashes: Partitions
  /// Where the next index begins.
  private var end: UInt64 = 0

  static let partitionCount = 256

  /// - Parameters:
  ///   - limit: bytes of memory.
  ///   - folder: where files may be put.
  ///   - size: bytes of all indexes.
  init(limit: Int, size: UInt64, folder: String) {
    self.limit = limit
    self.folder = folder
    // A record takes at least 18 bytes in an index.
    hashes = Partitions(
      width: 3, count: Self.partitionCount, expected: Int(clamping: size / 18), limit: limit / 4,
      path: folder + "/duplicates-hashes")
  }

  /// Adds the index of the next shard in the order of names, and returns where its addresses begin.
  mutating func add(_ index: RecordIndexReader) throws -> UInt64 {
    let base = end
    guard base + index.count < 1 << (64 - RecordIndex.rowBits) else {
      throw FileFailure(path: folder, reason: "more records than can be compared")
    }
    try index.forEachFrame { offset, bytes in
      let address = (base + offset) << RecordIndex.rowBits
      try bytes.withUnsafeBytes { words in
        for row in 0..<(words.count / 16) {
          let low = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 16 * row, as: UInt64.self))
          let high = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 16 * row + 8, as: UInt64.self))
          if low == 0, high == 0 { continue }
          try hashes.append(low, high, address | UInt64(row), to: Int(high >> 56))
        }
      }
    }
    end += index.count
    return base
  }

  /// What was found among all that was added.
  consuming func find() throws -> DuplicateAddresses {
    let found = DuplicateAddresses(end: end, limit: limit / 8, folder: folder)
    let largest = (0..<Self.partitionCount).map { hashes.size(of: $0) }.max() ?? 0
    let table = DistinctTable(for: largest, limit: limit / 4)
    for partition in 0..<Self.partitionCount {
      var source = hashes
      var index = partition
      while source.size(of: index) > 0 {
        table.reset(for: source.size(of: index))
        let later = Partitions(width: 3, count: 1, limit: limit / 8, path: "\(folder)/duplicates-round")
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
    let place = (address >> RecordIndex.rowBits).multipliedFullWidth(by: UInt64(Self.rangeCount))
    let range = end.dividingFullWidth(place).quotient
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
