import ShardChecks
import ShardIngest
import ShardModel

/// The keys of the samples of one piece.
struct SampleKeys: Sendable {
  private var hashes: [UInt64] = []
  private var text: [UInt8] = []
  private var ends: [Int] = []
  private var records: [RecordView] = []
  private var origin = BatchOrigin()

  init() {}

  init(_ reader: SampleReader) {
    hashes = reader.keyHashes
    text = reader.keyText
    ends = reader.keyEnds
    records = Array(reader.batch.records.values)
    origin = reader.batch.origin
  }

  var count: Int { min(hashes.count, ends.count, records.count) }

  func hash(_ row: Int) -> UInt64 { hashes[row] }

  func record(_ row: Int) -> UInt64 { origin.record + UInt64(row) }

  func location(_ row: Int) -> Location {
    Location(
      record: record(row), offset: origin.offset + UInt64(records[row].offset),
      length: UInt64(records[row].length),
      key: Excerpt.of(text[(row > 0 ? ends[row - 1] : 0)..<ends[row]]))
  }
}

/// Which keys a shard has had.
///
/// Keys are told apart by 64 bits: two of half a million are taken for the same with a chance of 1 in 10^8. Memory: 16
/// bytes a key and the room of a table, at most 24 MiB.
struct SampleKeyTracker {
  static let limit = 1 << 19

  /// The record that had the key first.
  private var first: [UInt64: UInt64] = [:]
  private(set) var isFull = false

  /// Takes the keys of the next piece; returns what is to be said about those that came before.
  mutating func take(_ keys: SampleKeys) -> [LocatedObservations] {
    var repeated: [LocatedObservations] = []
    for row in 0..<keys.count {
      let hash = keys.hash(row)
      if let before = first[hash] {
        repeated.append(
          LocatedObservations(location: keys.location(row), findings: [SampleSplit.finding(before: before)]))
      } else if first.count < Self.limit {
        first[hash] = keys.record(row)
      } else {
        isFull = true
      }
    }
    return repeated
  }
}
