/// The bytes of a shard as stored, with their digest.
protocol StoredSource: ByteSource {
  /// Size when opened, where it is known.
  var regularSize: UInt64? { get }
  /// The end of what was read.
  var furthest: UInt64 { get }
  /// See `PlainSource`.
  func readAhead() -> Bool
  var digestText: String { get }
  func drain() throws(IngestError)
}

extension PlainSource: StoredSource {}
