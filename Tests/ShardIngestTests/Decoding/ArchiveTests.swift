import Testing

@testable import ShardIngest

@Suite struct ArchiveTests {
  @Test("tars of every format have the names and the content that were put in", arguments: [1, 7, 1 << 20])
  func tars(bufferSize: Int) throws {
    let long = "long/" + String(repeating: "n", count: 60) + "/" + String(repeating: "m", count: 90)
    let longer = "long/" + String(repeating: "q", count: 180)
    for (name, extra) in [("ustar.tar", [long]), ("pax.tar", [long]), ("gnu.tar", [long, longer])] {
      let shard = try ReadShard(Fixture.path(name), bufferSize: bufferSize)
      #expect(shard.errors == [])
      #expect(shard.container == .tar)
      let regular = shard.parts.filter { $0.member.kind == .regular }
      #expect(
        regular.map(\.member.name) == [
          "dir/0001.json", "dir/0001.txt", "dir/0002.jsonl.gz", "dir/0003.gz", "dir/empty.json",
          "dir/größe.txt",
        ] + extra)
      #expect(
        shard.parts.filter { $0.member.kind == .link }.map(\.member.name) == ["dir/link.txt", "dir/same.txt"])
      try #expect(regular[0].bytes == Array(Fixture.records()[..<700]))
      #expect(regular[0].member.size == 700)
      #expect(regular[1].bytes == Array("a caption\n".utf8))
      try #expect(regular[2].bytes == Fixture.records())
      #expect(regular[2].member.compression == .gzip)
      #expect(regular[3].bytes == Array("not gzip".utf8))
      #expect(regular[3].member.compression == .none)
      #expect(regular[4].bytes == [])
      #expect(regular.dropFirst(6).allSatisfy { $0.bytes == Array("long name\n".utf8) })
    }
    let old = try ReadShard(Fixture.path("v7.tar"), bufferSize: bufferSize)
    #expect(old.names == ["dir/0001.json", "dir/0001.txt"])
    #expect(old.container == .tar)
  }

  @Test(
    "a tar can be compressed in any way",
    arguments: [
      ("python.tar", Compression.none), ("python.tar.gz", .gzip), ("python.tzst", .zstd),
      ("python.tar.xz", .xz),
    ])
  func compressed(_ fixture: (String, Compression)) throws {
    let shard = try ReadShard(Fixture.path(fixture.0))
    #expect(shard.errors == [])
    #expect(shard.names == ["s/0001.json", "s/0001.txt", "s/0002.json", "s/größe.txt"])
    #expect(shard.compression == fixture.1)
    #expect(shard.mismatch == nil)
  }

  @Test(
    "what tar programs let pass is damage",
    arguments: [
      ("noend.tar", 3, "tar ends without its end marker of two zero blocks", 3072),
      ("badheader.tar", 1, "tar header checksum mismatch", 1024),
      ("joined.tar", 4, "data after the end marker of the tar", 10240),
    ] as [(String, Int, String, UInt64)])
  func damagedTar(_ fixture: (String, Int, String, UInt64)) throws {
    let shard = try ReadShard(Fixture.path(fixture.0))
    #expect(shard.parts.count == fixture.1)
    #expect(
      shard.errors == [.damaged(reason: fixture.2, storedOffset: fixture.3, decodedOffset: fixture.3)])
  }

  @Test("sparse members are not passed off as content", arguments: ["sparse-gnu.tar", "sparse-pax.tar"])
  func sparse(_ name: String) throws {
    let shard = try ReadShard(Fixture.path(name))
    #expect(shard.errors == [])
    #expect(shard.parts.map(\.member.kind) == [.other, .regular])
    #expect(shard.names == ["sparse.bin", "dir/0001.txt"])
    #expect(shard.parts[1].bytes == Array("a caption\n".utf8))
  }

  @Test("empty archives have no members and no error", arguments: ["empty.tar", "empty.zip"])
  func empty(_ name: String) throws {
    let shard = try ReadShard(Fixture.path(name))
    #expect(shard.parts == [])
    #expect(shard.errors == [])
    #expect(shard.mismatch == nil)
  }

  @Test("zip by directory, by local headers and within gzip", arguments: ["python.zip", "python.zip.gz"])
  func zips(_ name: String) throws {
    let shard = try ReadShard(Fixture.path(name), bufferSize: 7)
    #expect(shard.errors == [])
    #expect(shard.container == .zip)
    #expect(shard.names == ["dir/0001.json", "dir/größe.txt", "dir/0001.txt"])
    try #expect(shard.parts[0].bytes == Fixture.records())
    #expect(shard.parts[2].bytes == Array("caption\n".utf8))
    let stream = try ReadShard(Fixture.path("stream.zip"))
    #expect(stream.names == ["0001.json", "0001.txt"])
    #expect(stream.errors == [])
  }

  @Test("a damaged zip member does not hide the others")
  func zipChecksum() throws {
    let shard = try ReadShard(Fixture.path("crc.zip"))
    #expect(shard.names == ["dir/0001.json", "dir/größe.txt", "dir/0001.txt"])
    #expect(shard.errors.count == 1)
    #expect(shard.hasOnlyDamage)
  }

  @Test("7z is read from a file and refused from a stream")
  func sevenZip() throws {
    let shard = try ReadShard(Fixture.path("one.7z"))
    #expect(shard.errors == [])
    #expect(shard.container == .sevenZip)
    #expect(Set(shard.names) == ["dir/0001.json", "dir/0001.txt", "dir/größe.txt"])
    let stream = try ReadShard(Fixture.path("one.7z.gz"))
    #expect(
      stream.errors == [.unsupported(reason: "7z can only be read from an uncompressed regular file")])
  }

  @Test("encryption is named as such", arguments: ["encrypted.zip", "encrypted-aes.zip", "encrypted.7z"])
  func encrypted(_ name: String) throws {
    let shard = try ReadShard(Fixture.path(name))
    #expect(shard.names == ["dir/0001.txt"])
    #expect(shard.parts[0].member.isEncrypted)
    #expect(shard.errors == [.encrypted(member: "dir/0001.txt")])
    let names = try ReadShard(Fixture.path("encrypted-names.7z"))
    #expect(names.errors == [.encrypted(member: nil)])
  }

  @Test("the limit counts all members")
  func limit() throws {
    let shard = try ReadShard(
      Fixture.path("python.zip"), options: DecodingOptions(maximumDecodedBytes: 2280))
    #expect(shard.bytes.count == 2280)
    #expect(shard.errors == [.limit(reason: "decodes to more than 2280 bytes", decodedOffset: 2280)])
  }

  @Test("headers upon headers end in an error")
  func absurdHeaders() throws {
    let folder = try TemporaryFolder()
    let gnu = try Fixture.bytes("gnu.tar")
    let start = try #require((0..<(gnu.count / 512)).first { gnu[$0 * 512 + 156] == UInt8(ascii: "L") }) * 512
    let longName = Array(gnu[start..<(start + 1024)])
    let path = try folder.write("deep.tar", Array(Array(repeating: longName, count: 200).joined()) + gnu)
    let shard = try ReadShard(path)
    #expect(shard.parts == [])
    #expect(shard.errors.count == 1)
  }

  @Test("a workspace serves one shard after the other")
  func reuse() throws {
    let workspace = DecodingWorkspace()
    for _ in 0..<3 {
      for name in ["one.jsonl.gz", "python.tar.gz", "one.jsonl.zst", "python.zip", "one.jsonl.xz", "gnu.tar"]
      {
        try #expect(ReadShard(Fixture.path(name), workspace: workspace) == ReadShard(Fixture.path(name)))
      }
    }
  }
}
