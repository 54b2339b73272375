/// Limits of decoding.
package struct DecodingOptions: Sendable, Equatable {
  /// The most bytes that one shard may decode to, members and archive framing each counted; nil for no limit.
  package var maximumDecodedBytes: UInt64?

  package init(maximumDecodedBytes: UInt64? = nil) {
    self.maximumDecodedBytes = maximumDecodedBytes
  }
}
