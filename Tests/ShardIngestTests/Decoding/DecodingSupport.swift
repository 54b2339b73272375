import Foundation
import Testing

@testable import ShardIngest

/// Files made by other programs; see the README beside them.
enum Fixture {
  static func path(_ name: String) -> String {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/decoding").path ?? ""
    return folder + "/" + name
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// What every `*.jsonl.*` fixture decodes to.
  static func records() throws -> [UInt8] { try bytes("records.jsonl") }
}

/// A folder that is deleted with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "shardcheck-ingest-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// All that a shard gave, read to its end in spite of errors.
struct ReadShard: Equatable {
  struct Part: Equatable {
    var member: Member
    var bytes: [UInt8]
  }

  var parts: [Part] = []
  var errors: [IngestError] = []
  var digest = ""
  var compression = Compression.none
  var container = Container.none
  var mismatch: String?

  var bytes: [UInt8] { parts.flatMap(\.bytes) }
  var hasOnlyDamage: Bool { errors.allSatisfy { $0.isDamage } }
  var names: [String?] { parts.map(\.member.name) }

  init(
    _ path: String, bufferSize: Int = 1 << 20, options: DecodingOptions = DecodingOptions(),
    workspace: DecodingWorkspace = DecodingWorkspace()
  ) throws {
    let shard = try ShardStream(path: path, options: options, workspace: workspace)
    compression = shard.compression
    container = shard.container
    mismatch = shard.nameMismatch
    var buffer = [UInt8](repeating: 0, count: bufferSize)
    while true {
      do throws(IngestError) {
        guard let member = try shard.nextMember() else { break }
        parts.append(Part(member: member, bytes: []))
        while true {
          let got = try buffer.withUnsafeMutableBytes { bytes -> Result<Int, IngestError> in
            do throws(IngestError) { return .success(try shard.read(into: bytes)) } catch {
              return .failure(error)
            }
          }.get()
          if got == 0 { break }
          parts[parts.count - 1].bytes += buffer[..<got]
        }
      } catch {
        errors.append(error)
        guard errors.count < 100 else { break }
      }
    }
    #expect(shard.decodedBytes == UInt64(bytes.count))
    digest = try shard.finishDigest()
  }
}

extension IngestError {
  var isDamage: Bool {
    if case .damaged = self { return true }
    return false
  }
}
