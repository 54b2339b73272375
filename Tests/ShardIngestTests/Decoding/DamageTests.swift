import CXXHash
import ShardTestSupport
import Testing

@testable import ShardIngest

/// Files cut at every byte and with flipped bits: nothing crashes, nothing wrong is delivered as right.
@Suite struct DamageTests {
  static let streams = [
    "one.jsonl.gz", "members.jsonl.gz", "bgzip.jsonl.gz", "header.jsonl.gz", "one.jsonl.zst",
    "frames.jsonl.zst",
    "skippable.jsonl.zst", "one.jsonl.bz2", "streams.jsonl.bz2", "one.jsonl.xz", "streams.jsonl.xz",
    "one.jsonl.lz4", "frames.jsonl.lz4",
  ]

  @Test("a stream cut anywhere gives a prefix and says so", arguments: streams)
  func truncatedStream(_ name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Fixture.bytes(name)
    let records = try Fixture.records()
    let workspace = DecodingWorkspace()
    var clean: [Int] = []
    for length in 1..<whole.count {
      let path = try folder.write(name, whole[..<length])
      let shard = try ReadShard(path, bufferSize: 4096, workspace: workspace)
      #expect(shard.errors.count <= 1)
      #expect(shard.hasOnlyDamage, "cut at \(length): \(shard.errors)")
      #expect(shard.digest == digest(whole[..<length]))
      if shard.compression == .none {
        // Too short to be recognized; the content is what it is.
        #expect(shard.bytes == Array(whole[..<length]))
        #expect(length < 4)
        continue
      }
      #expect(records.starts(with: shard.bytes), "cut at \(length)")
      if shard.errors.isEmpty { clean.append(length) }
      if case .damaged(_, let stored, let decoded)? = shard.errors.first {
        #expect(stored <= UInt64(length))
        #expect(decoded == UInt64(shard.bytes.count), "cut at \(length)")
      }
    }
    // Between streams: at most the end of the first of two, and around skippable frames.
    let expected = Self.boundaries[name] ?? []
    #expect(clean == expected, "\(name)")
  }

  /// Where a shorter file is whole: after the first of two streams.
  static let boundaries: [String: [Int]] = [
    "members.jsonl.gz": [412], "frames.jsonl.zst": [417], "streams.jsonl.bz2": [394],
    "streams.jsonl.xz": [452], "frames.jsonl.lz4": [653], "bgzip.jsonl.gz": [725],
    "skippable.jsonl.zst": [13, 688],
  ]

  @Test("everything before a cut is delivered", arguments: ["one.jsonl.gz", "one.jsonl.zst"])
  func deliversPrefix(_ name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Fixture.bytes(name)
    let one = Array(Array(repeating: whole, count: 400).joined())
    let records = try Fixture.records()
    let cut = whole.count * 399 + whole.count / 2
    let shard = try ReadShard(try folder.write(name, one[..<cut]))
    #expect(shard.bytes.count >= records.count * 399)
    #expect(shard.errors.count == 1)
  }

  @Test(
    "an archive cut anywhere gives its first members and says so",
    arguments: [
      "python.tar", "gnu.tar", "pax.tar", "python.tar.gz", "python.tzst", "python.zip", "stream.zip",
      "python.zip.gz",
      "one.7z",
    ])
  func truncatedArchive(_ name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Fixture.bytes(name)
    let content = try ReadShard(Fixture.path(name))
    #expect(content.errors == [])
    let workspace = DecodingWorkspace()
    // Ends in zero blocks: cut within them it is still whole, once there are two.
    let end =
      name.hasSuffix(".tar") ? (whole.lastIndex { $0 != 0 } ?? 0) / 512 * 512 + 512 + 1024 : whole.count
    for length in stride(from: 513, to: end, by: whole.count > 4000 ? 37 : 1) {
      let path = try folder.write(name, whole[..<length])
      let shard = try ReadShard(path, bufferSize: 4096, workspace: workspace)
      #expect(!shard.errors.isEmpty, "cut at \(length)")
      #expect(shard.hasOnlyDamage, "cut at \(length): \(shard.errors)")
      #expect(shard.digest == digest(whole[..<length]))
      for (part, whole) in zip(shard.parts, content.parts) {
        #expect(part.member.name == whole.member.name)
        #expect(whole.bytes.starts(with: part.bytes))
      }
      for (part, whole) in zip(shard.parts.dropLast(), content.parts) { #expect(part.bytes == whole.bytes) }
    }
  }

  @Test(
    "flipped bits never crash, and a checksum never lets a wrong text pass",
    arguments: [
      ("one.jsonl.gz", true), ("one.jsonl.zst", true), ("one.jsonl.bz2", true), ("one.jsonl.xz", true),
      ("frames.jsonl.lz4", false), ("bgzip.jsonl.gz", true), ("python.tar", false), ("pax.tar", false),
      ("gnu.tar", false), ("python.zip", false), ("stream.zip", false), ("one.7z", false),
      ("python.tar.gz", false),
      ("encrypted.7z", false), ("sparse-gnu.tar", false), ("sparse-pax.tar", false),
    ])
  func flipped(_ fixture: (String, Bool)) throws {
    let folder = try TemporaryFolder()
    let whole = try Fixture.bytes(fixture.0)
    let records = try Fixture.records()
    let contents = Set(try ReadShard(Fixture.path(fixture.0)).parts.map(\.bytes))
    let workspace = DecodingWorkspace()
    var random = RepeatableRandom(seed: 20_26)
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      let path = try folder.write(fixture.0, bytes)
      // A bomb of a flipped size must end too.
      let shard = try ReadShard(
        path, bufferSize: 4096, options: DecodingOptions(maximumDecodedBytes: 1 << 20), workspace: workspace)
      #expect(shard.digest == digest(bytes))
      if fixture.1, shard.errors.isEmpty, shard.compression != .none { #expect(shard.bytes == records) }
      guard shard.errors.isEmpty, shard.container == .zip || shard.container == .sevenZip else { continue }
      // Names have no checksum in a zip, content has.
      for part in shard.parts where part.member.kind == .regular && part.member.compression == .none {
        #expect(contents.contains(part.bytes))
      }
    }
  }

  @Test("the digest covers the whole file after an early stop")
  func earlyStop() throws {
    for name in ["one.jsonl.gz", "python.tar", "python.zip", "one.7z", "records.jsonl"] {
      let shard = try ShardStream(path: Fixture.path(name))
      _ = try shard.nextMember()
      var buffer = [UInt8](repeating: 0, count: 10)
      _ = try buffer.withUnsafeMutableBytes { try shard.read(into: $0) }
      let all = try Fixture.bytes(name)
      try #expect(shard.finishDigest() == digest(all[...]))
      #expect(shard.storedBytes == UInt64(all.count))
    }
  }
}

private func digest(_ bytes: some Collection<UInt8>) -> String {
  let hash = Array(bytes).withUnsafeBytes { XXH3_128bits($0.baseAddress, $0.count) }
  var canonical = XXH128_canonical_t()
  XXH128_canonicalFromHash(&canonical, hash)
  return withUnsafeBytes(of: &canonical) { bytes in
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
