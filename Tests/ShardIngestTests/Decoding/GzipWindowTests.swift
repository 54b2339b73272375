import ShardTestSupport
import Testing

@testable import ShardIngest

struct GzipWindowTests {
  /// Text that hardly compresses, so that stored and decoded sizes are near each other.
  private static func noise(_ count: Int, _ random: inout RepeatableRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 32...126, using: &random) }
  }

  @Test(
    "Members that end anywhere around the edge of the input window are read whole, read ahead or not",
    arguments: 0..<24, [false, true])
  func edges(_ shift: Int, readsAhead: Bool) throws {
    var random = RepeatableRandom(seed: UInt64(shift))
    // The decoder's window is 1 MiB of stored bytes, less a margin: end members on every byte around it.
    var stored: [UInt8] = []
    var expected: [UInt8] = []
    while stored.count < (1 << 20) - 70_000 {
      let text = Self.noise(50_000, &random)
      expected += text
      stored += Gzip.compress(text, level: 1)
    }
    let missing = (1 << 20) - 32 + shift - stored.count
    // A header, a stored block of the right length, and a trailer.
    let text = Self.noise(missing - 23, &random)
    expected += text
    stored += Gzip.compress(text, level: 0)
    let last = Array("{\"a\": 1}\n".utf8)
    expected += last
    stored += Gzip.compress(last)
    let folder = ShardTestSupport.TemporaryFolder()
    let stream = try ShardStream(path: folder.write("a.jsonl.gz", stored))
    _ = try stream.nextMember()
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      if readsAhead { _ = stream.readAhead() }
      let got = try read(stream, &buffer)
      if got == 0 { break }
      result += buffer[..<got]
    }
    #expect(result == expected)
  }

  private func read(_ stream: ShardStream, _ buffer: inout [UInt8]) throws -> Int {
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count, alignment: 1)
    defer { target.deallocate() }
    let got = try stream.read(into: target)
    for index in 0..<got { buffer[index] = target[index] }
    return got
  }
}
