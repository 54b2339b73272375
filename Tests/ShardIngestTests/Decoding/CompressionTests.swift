import Testing

@testable import ShardIngest

@Suite struct CompressionTests {
  static let whole: [(String, Compression)] = [
    ("records.jsonl", .none), ("one.jsonl.gz", .gzip), ("named.jsonl.gz", .gzip), ("pigz.jsonl.gz", .gzip),
    ("igzip.jsonl.gz", .gzip), ("bgzip.jsonl.gz", .gzip), ("members.jsonl.gz", .gzip),
    ("header.jsonl.gz", .gzip),
    ("padded.jsonl.gz", .gzip), ("one.jsonl.zst", .zstd), ("frames.jsonl.zst", .zstd),
    ("skippable.jsonl.zst", .zstd), ("long27.jsonl.zst", .zstd), ("one.jsonl.bz2", .bzip2),
    ("streams.jsonl.bz2", .bzip2), ("one.jsonl.xz", .xz), ("streams.jsonl.xz", .xz), ("one.jsonl.lz4", .lz4),
    ("frames.jsonl.lz4", .lz4),
  ]

  @Test("every format gives the same records whatever the buffer", arguments: whole, [1, 7, 1 << 20])
  func decodes(_ fixture: (String, Compression), bufferSize: Int) throws {
    let shard = try ReadShard(Fixture.path(fixture.0), bufferSize: bufferSize)
    #expect(shard.errors == [])
    #expect(shard.compression == fixture.1)
    #expect(shard.container == .none)
    #expect(shard.names == [nil])
    try #expect(shard.bytes == Fixture.records())
    #expect(shard.mismatch == nil)
  }

  @Test(
    "what is wrong is found after all that is right",
    arguments: [
      ("crc.jsonl.gz", "gzip checksum or size mismatch", 712, 2278),
      ("size.jsonl.gz", "gzip checksum or size mismatch", 712, 2278),
      ("trailing.jsonl.gz", "data after the end of the gzip stream", 712, 2278),
    ] as [(String, String, UInt64, UInt64)])
  func reports(_ fixture: (String, String, UInt64, UInt64)) throws {
    let shard = try ReadShard(Fixture.path(fixture.0))
    try #expect(shard.bytes == Fixture.records())
    #expect(
      shard.errors == [.damaged(reason: fixture.1, storedOffset: fixture.2, decodedOffset: fixture.3)])
  }

  @Test("headers that ask for too much memory are refused")
  func refusesWindows() throws {
    let zstd = try ReadShard(Fixture.path("long28.jsonl.zst"))
    #expect(zstd.errors == [.unsupported(reason: "zstd window is larger than 128 MiB")])
    #expect(zstd.bytes == [])
    let xz = try ReadShard(Fixture.path("dictionary.jsonl.xz"))
    #expect(xz.errors == [.unsupported(reason: "xz dictionary is larger than 128 MiB")])
  }

  @Test(
    "an empty file and a compressed nothing are empty shards",
    arguments: [
      ("empty.jsonl.gz", Compression.none), ("nothing.jsonl.gz", .gzip),
    ])
  func empty(_ fixture: (String, Compression)) throws {
    let shard = try ReadShard(Fixture.path(fixture.0))
    #expect(shard.errors == [])
    #expect(shard.parts.map(\.bytes) == [[]])
    #expect(shard.compression == fixture.1)
    #expect(shard.mismatch == nil)
  }

  @Test("the content decides, and a name that says otherwise is reported")
  func mismatch() throws {
    let plain = try ReadShard(Fixture.path("plain.jsonl.gz"))
    try #expect(plain.bytes == Fixture.records())
    #expect(plain.mismatch == "the name says gzip, the content is neither compressed nor an archive")
    let folder = try TemporaryFolder()
    let path = try folder.write("a.jsonl", try Fixture.bytes("one.jsonl.zst"))
    let hidden = try ReadShard(path)
    try #expect(hidden.bytes == Fixture.records())
    #expect(hidden.mismatch == "the name says neither compressed nor an archive, the content is zstd")
  }

  @Test(
    "streams of one format one after the other are one text",
    arguments: [
      "one.jsonl.gz", "bgzip.jsonl.gz", "one.jsonl.zst", "one.jsonl.bz2", "one.jsonl.xz", "one.jsonl.lz4",
    ])
  func concatenated(_ name: String) throws {
    let folder = try TemporaryFolder()
    let one = try Fixture.bytes(name)
    let path = try folder.write(name, Array(repeating: one, count: 50).joined())
    let shard = try ReadShard(path, bufferSize: 1000)
    #expect(shard.errors == [])
    try #expect(shard.bytes == Array(Array(repeating: Fixture.records(), count: 50).joined()))
  }

  @Test(
    "garbage after the last stream is damage at its byte",
    arguments: [
      "one.jsonl.gz", "one.jsonl.zst", "one.jsonl.bz2", "one.jsonl.xz", "one.jsonl.lz4",
    ])
  func garbage(_ name: String) throws {
    let folder = try TemporaryFolder()
    let one = try Fixture.bytes(name)
    let shard = try ReadShard(try folder.write(name, one + [UInt8](repeating: 0x7B, count: 20)))
    #expect(shard.errors.count == 1)
    #expect(shard.hasOnlyDamage)
    // liblzma takes the garbage for a broken stream, and the block of output before it is lost.
    guard shard.compression != .xz else { return }
    try #expect(shard.bytes == Fixture.records())
    if case .damaged(_, let stored, _)? = shard.errors.first {
      #expect((UInt64(one.count)...UInt64(one.count + 20)).contains(stored))
    }
  }

  @Test("a member longer than every buffer comes through")
  func long() throws {
    let folder = try TemporaryFolder()
    let records = try Fixture.records()
    let stored = try Fixture.bytes("one.jsonl.gz")
    let count = 2000
    let path = try folder.write("long.jsonl.gz", Array(repeating: stored, count: count).joined())
    let shard = try ReadShard(path)
    #expect(shard.errors == [])
    #expect(shard.bytes.count == records.count * count)
    #expect(Array(shard.bytes.suffix(records.count)) == records)
  }

  @Test(
    "the decoded limit is exact",
    arguments: ["records.jsonl", "one.jsonl.gz", "one.jsonl.zst", "one.jsonl.xz"])
  func limit(_ name: String) throws {
    let records = try Fixture.records()
    let fits = try ReadShard(
      Fixture.path(name), bufferSize: 100,
      options: DecodingOptions(maximumDecodedBytes: UInt64(records.count)))
    #expect(fits.errors == [])
    #expect(fits.bytes == records)
    let over = try ReadShard(
      Fixture.path(name), bufferSize: 100, options: DecodingOptions(maximumDecodedBytes: 1000))
    #expect(over.bytes == Array(records[..<1000]))
    #expect(over.errors == [.limit(reason: "decodes to more than 1000 bytes", decodedOffset: 1000)])
  }

  @Test("a missing file and a directory are unreadable")
  func unreadable() throws {
    #expect(throws: IngestError.unreadable(path: "/nowhere/a", reason: "no such file or directory")) {
      _ = try ShardStream(path: "/nowhere/a")
    }
    #expect(throws: IngestError.unreadable(path: "/", reason: "is a directory")) {
      _ = try ShardStream(path: "/")
    }
  }
}
