import ShardChecks
import ShardModel

/// Everything known about one shard after it was read: what is stored, merged and judged.
package struct ShardState: Sendable, Equatable {
  package var name: String
  /// What to open for a second read; empty for standard input.
  package var path: String
  package var status = ShardSummary.Status.complete
  package var format = ""
  package var compression = ""
  package var members: UInt64 = 0
  package var records: UInt64 = 0
  package var bytes: UInt64 = 0
  package var storedBytes: UInt64 = 0
  package var digest: String?
  /// Members that are no files of records, by ending.
  package var passedOver: [String: UInt64] = [:]
  package var profile = ShardProfile()

  package init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  package func encode(into writer: inout ByteWriter) {
    for text in [name, path, status.rawValue, format, compression, digest ?? ""] {
      writer.write(text)
    }
    for count in [members, records, bytes, storedBytes] { writer.write(count) }
    writer.write(UInt64(passedOver.count))
    for ending in passedOver.keys.sorted() {
      writer.write(ending)
      writer.write(passedOver[ending] ?? 0)
    }
    profile.encode(into: &writer)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(name: try reader.readString(), path: try reader.readString())
    guard let status = ShardSummary.Status(rawValue: try reader.readString()) else {
      throw DecodingFailure("unknown status")
    }
    self.status = status
    format = try reader.readString()
    compression = try reader.readString()
    let digest = try reader.readString()
    self.digest = digest.isEmpty ? nil : digest
    members = try reader.readTally()
    records = try reader.readTally()
    bytes = try reader.readTally()
    storedBytes = try reader.readTally()
    for _ in 0..<(try reader.readCount(minimumSize: 2)) {
      let ending = try reader.readString()
      passedOver[ending] = try reader.readTally()
    }
    profile = try ShardProfile(decoding: &reader)
  }
}
