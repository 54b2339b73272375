import ShardTestSupport
import Testing

@testable import ShardIngest

struct ReadAheadTests {
  @Test("Reading ahead changes neither the bytes nor their digest, in any order of calls", arguments: 0..<8)
  func anyOrder(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let content = (0..<Int.random(in: 0...5_000_000, using: &random)).map {
      UInt8(truncatingIfNeeded: $0 &* $0 >> 7)
    }
    let folder = ShardTestSupport.TemporaryFolder()
    let path = folder.write("a", content)
    let workspace = DecodingWorkspace()
    let plain = try PlainSource(path: path, workspace: workspace)
    try plain.drain()

    let source = try PlainSource(path: path, workspace: workspace)
    var buffer = workspace.takeBuffer()
    defer { workspace.giveBack(buffer: buffer) }
    var read: [UInt8] = []
    var exchanges = 0
    while read.count < content.count {
      switch Int.random(in: 0..<3, using: &random) {
      case 0: _ = source.readAhead()
      case 1:
        guard let got = source.exchange(&buffer) else { continue }
        exchanges += 1
        read += buffer[InputWindow.margin..<(InputWindow.margin + got)]
      default:
        let room = Int.random(in: 1...buffer.count, using: &random)
        let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
        try #require(got == min(room, content.count - read.count))
        read += buffer[..<got]
      }
      // What is read ahead is not counted before it is handed out.
      try #require(source.count == UInt64(read.count))
    }
    #expect(read == content)
    #expect(exchanges > 0 || content.count < 3_000_000)
    #expect(source.exchange(&buffer) == nil)
    #expect(try source.read(into: buffer) == 0)
    #expect(source.digestText == plain.digestText)
    #expect(!source.readAhead())
  }
}
