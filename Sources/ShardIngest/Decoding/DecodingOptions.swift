/// Limits of decoding.
package struct DecodingOptions: Sendable, Equatable {
  /// The most bytes that one shard may decode to, members and archive framing each counted; nil for no limit.
  package var maximumDecodedBytes: UInt64?
  /// Which tars are read as one stream of samples (`ShardStream.isSamples`) instead of member by member.
  package var samples = SampleChoice.never

  package init(maximumDecodedBytes: UInt64? = nil) {
    self.maximumDecodedBytes = maximumDecodedBytes
  }
}

/// Which tars hold samples.
package enum SampleChoice: Sendable, Equatable {
  case never, always
  /// Those that look like it, see `SampleSniffer`.
  case recognized
}
