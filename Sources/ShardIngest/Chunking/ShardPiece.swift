import ShardModel

/// How a shard is read.
package struct IngestOptions: Sendable, Equatable {
  package var format = FormatChoice.auto
  package var decoding = DecodingOptions()
  /// Longer records are skipped and reported.
  package var maximumRecordBytes = 64 << 20
  /// Read no more records of a shard than this.
  package var recordLimit: UInt64?
  /// Where chunks are cut.
  package var chunks = ChunkBounds()

  package init() {}
}

/// One piece of a shard, in order.
package enum ShardPiece: Sendable {
  /// Whole records, in the buffer.
  case records(count: Int, origin: BatchOrigin, layout: RecordLayout, isFinal: Bool)
  /// A record longer than the limit, skipped.
  case tooLong(origin: BatchOrigin, length: UInt64)
  /// The bytes cannot be read further; what stood before was delivered.
  case failure(IngestError, origin: BatchOrigin)
  /// A member that is no file of records.
  case passedOver(Member)
  /// A member that no archive of data should have.
  case unexpected(Member, reason: String)
  /// A member whose form is sound and known, but whose values are not read.
  case notDecoded(reason: String, origin: BatchOrigin, isHazard: Bool)
}

/// Where a stream of records is cut into chunks.
package struct ChunkBounds: Sendable, Equatable {
  /// Bytes of decoded data after which a chunk is cut.
  package var bytes = ChunkSource.chunkSize
  /// What is done once for a column in a chunk must pay: records with thousands of fields come in longer chunks.
  package var fewestRecords = 32
  package var longestUsual = ChunkSource.longestUsual
  /// What may be said about each record must not add up: tiny records come in shorter chunks.
  package var mostRecords = 1 << 14

  package init() {}
}
