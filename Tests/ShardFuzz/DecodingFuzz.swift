import ShardIngest

/// A shard of any bytes through `ShardStream`, twice: with a large buffer and with small ones, which must agree.
///
/// The first byte chooses the name.
enum DecodingFuzz {
  private static let scratch = ScratchFolder("decoding")
  private static let names = [
    "a.jsonl.gz", "a.jsonl.zst", "a.tar", "a.tar.gz", "a.tar.zst", "a.zip", "a.7z", "a.jsonl.bz2",
    "a.jsonl.xz",
    "a.jsonl.lz4", "a.jsonl", "a",
  ]
  private static let workspace = Shared(DecodingWorkspace())
  private static let limit: UInt64 = 1 << 20
  /// No archive of the largest input holds more members (a tar header is 512 bytes) than this.
  private static let maximumMembers = 1_000

  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let name = names[Int(choice) % names.count]
    let path = scratch.write(name, input.dropFirst())
    let whole = read(path, bufferSize: 1 << 16)
    let pieces = read(path, bufferSize: 1 + Int(choice) / names.count * 13)
    expect(whole == pieces, "large buffer: \(whole)\nsmall buffer: \(pieces)")
  }

  /// What a caller sees of the shard, for comparison.
  private static func read(_ path: String, bufferSize: Int) -> [String] {
    var seen: [String] = []
    do throws(IngestError) {
      let options = DecodingOptions(maximumDecodedBytes: limit)
      let stream = try ShardStream(path: path, options: options, workspace: workspace.value)
      seen.append("\(stream.compression) \(stream.container) \(stream.nameMismatch ?? "-")")
      readMembers(of: stream, bufferSize: bufferSize, &seen)
      expect(stream.decodedBytes <= limit, "\(stream.decodedBytes) bytes decoded")
      seen.append(try stream.finishDigest())
    } catch {
      fatalError("a file that can be read is not: \(error)")
    }
    return seen
  }

  private static func readMembers(of stream: ShardStream, bufferSize: Int, _ seen: inout [String]) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 1)
    defer { buffer.deallocate() }
    for _ in 0..<maximumMembers {
      do throws(IngestError) {
        guard let member = try stream.nextMember() else {
          expect((try? stream.nextMember()) == nil, "a member after the last")
          return
        }
        seen.append("member \(member)")
      } catch {
        expect(!error.isOutsideTheBytes, "\(error)")
        seen.append("error \(error)")
        continue
      }
      var count = 0
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      do throws(IngestError) {
        while true {
          let got = try stream.read(into: buffer)
          if got == 0 { break }
          expect(got <= buffer.count, "\(got) bytes in a buffer of \(buffer.count)")
          for byte in buffer[..<got] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
          count += got
        }
      } catch {
        expect(!error.isOutsideTheBytes, "\(error)")
        seen.append("error \(error)")
      }
      seen.append("\(count) bytes \(hash)")
    }
    fatalError("the members never end: \(seen.suffix(4))")
  }
}

/// One value for one thread: a fuzzer has no other.
struct Shared<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
