import ShardChecks
import ShardModel

/// A record that has the content of an earlier one.
struct DuplicateRecord {
  var memberOrdinal: UInt64
  /// Without the record's own key, which no index holds.
  var location: Location
  var finding: Finding
  /// Set where pictures are compared.
  var copies: ImageCopies?
}

/// The duplicates among the records of all shards, given out shard by shard in the order of names and records.
///
/// Memory: that of `DuplicateFinder`, the places of one chunk's records, and the headers of up to 1,024 chunks.
final class DuplicateRecords {
  private struct Shard {
    var name: String
    var path: String
    /// Where its index begins in all indexes laid end to end.
    var base: UInt64
  }

  private var shards: [Shard] = []
  private var places: [String: Int] = [:]
  private let found: DuplicateAddresses
  private let end: UInt64
  private var readers: [Int: RecordIndexReader] = [:]
  /// Headers of frames by where they begin, a slot each.
  private var headers: [(start: UInt64, header: RecordIndex.Header)?]
  /// The frame of the last duplicate.
  private var frame: (start: UInt64, header: RecordIndex.Header, places: [Location])?
  private let unique: [UInt64: FieldUnique.Field]
  private let comparesPictures: Bool
  /// Duplicates of one chunk, last first, where records are compared in several ways.
  private var waiting: [DuplicateRecord] = []
  private var ahead: (record: DuplicateRecord, chunk: UInt64)?

  private static let headerLimit = 1_024
  private static let readerLimit = 32

  /// Compares the records of all shards.
  ///
  /// - Parameters:
  ///   - shards: names, in their order, and paths of their indexes.
  ///   - unique: the fields that are compared beside the whole.
  ///   - limit: bytes of memory.
  ///   - folder: where files may be put.
  ///   - filled: a filter to which the hashes of all records were added.
  init(
    of shards: [(name: String, index: String)], unique: [FieldUnique.Field] = [],
    comparesPictures: Bool = false, limit: Int, folder: String,
    filled: RepeatFilter? = nil
  ) throws {
    self.unique = Dictionary(uniqueKeysWithValues: unique.map { ($0.comparison, $0) })
    self.comparesPictures = comparesPictures
    var end: UInt64 = 0
    for (name, path) in shards {
      places[name] = self.shards.count
      self.shards.append(Shard(name: name, path: path, base: end))
      end += try RecordIndexReader(path: path).count
    }
    self.end = end
    headers = Array(repeating: nil, count: Self.headerLimit)
    found = try DuplicateFinder(limit: limit, folder: folder).find(
      in: shards.map(\.index), filled: filled)
  }

  /// The next duplicate of the shard, or nil where it has no more. Shards are asked for in the order of their names.
  func next(in shard: String) throws -> DuplicateRecord? {
    if unique.isEmpty, !comparesPictures { return try nextStored(in: shard)?.record }
    // The frames of a chunk follow each other, one for each comparison; their records go out in order.
    while waiting.isEmpty, let first = try ahead ?? nextStored(in: shard) {
      ahead = nil
      waiting = [first.record]
      while let next = try nextStored(in: shard) {
        guard next.chunk == first.chunk, next.record.memberOrdinal == first.record.memberOrdinal else {
          ahead = next
          break
        }
        waiting.append(next.record)
      }
      if comparesPictures { waiting = ImageCopies.settled(waiting) }
      waiting.sort {
        ($1.location.record ?? 0, $1.finding.check, $1.finding.field ?? "")
          < ($0.location.record ?? 0, $0.finding.check, $0.finding.field ?? "")
      }
    }
    return waiting.popLast()
  }

  /// The next one as it is stored, with the offset of its chunk.
  private func nextStored(in shard: String) throws -> (record: DuplicateRecord, chunk: UInt64)? {
    guard let index = places[shard], let pair = try found.peek() else { return nil }
    let end = index + 1 < shards.count ? shards[index + 1].base : end
    guard pair.address >> RecordIndex.rowBits < end else { return nil }
    _ = try found.next()
    let start = pair.address >> RecordIndex.rowBits
    if frame?.start != start {
      let (header, places) = try reader(index).places(at: start - shards[index].base)
      frame = (start, header, places)
    }
    let row = Int(pair.address & (1 << RecordIndex.rowBits - 1))
    guard let frame, row < frame.places.count else {
      throw FileFailure(path: shards[index].path, reason: "a record is gone")
    }
    let duplicate = DuplicateRecord(
      memberOrdinal: frame.header.memberOrdinal, location: frame.places[row],
      finding: try finding(first: pair.first, field: frame.header.field),
      copies: ImageCopies(rawValue: frame.header.comparison))
    return (duplicate, frame.header.offset)
  }

  private func finding(first address: UInt64, field: String?) throws -> Finding {
    let start = address >> RecordIndex.rowBits
    let index = shardIndex(of: start)
    let slot = Int(start % UInt64(Self.headerLimit))
    let header: RecordIndex.Header
    if let known = headers[slot], known.start == start {
      header = known.header
    } else {
      header = try reader(index).header(at: start - shards[index].base)
      headers[slot] = (start, header)
    }
    let record = header.record &+ (address & (1 << RecordIndex.rowBits - 1))
    if let field = unique[header.comparison] {
      return field.finding(record: record, member: header.member, shard: shards[index].name)
    }
    if let copies = ImageCopies(rawValue: header.comparison) {
      return copies.finding(
        field: field ?? "", record: record, member: header.member, shard: shards[index].name)
    }
    return RecordDuplicate.finding(record: record, member: header.member, shard: shards[index].name)
  }

  /// The shard whose index holds a place.
  private func shardIndex(of start: UInt64) -> Int {
    var low = 0
    var high = shards.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if shards[middle].base <= start { low = middle } else { high = middle }
    }
    return low
  }

  private func reader(_ index: Int) throws(FileFailure) -> RecordIndexReader {
    if let known = readers[index] { return known }
    if readers.count >= Self.readerLimit { readers.removeAll() }
    let reader = try RecordIndexReader(path: shards[index].path)
    readers[index] = reader
    return reader
  }
}
