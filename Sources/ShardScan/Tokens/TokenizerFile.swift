import CXXHash
import ShardChecks
import ShardIngest
import ShardModel
import ShardTokens

/// A tokenizer that was read from a file, once for all workers.
package struct TokenizerFile: Sendable {
  package let tokenizer: Tokenizer
  package let identity: TokenizerIdentity

  /// A file could not be read, or is no tokenizer that is supported; says which part of it is not.
  package struct Failure: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "\(path): \(reason)" }
  }

  /// Reads a tokenizer's file, packed with gzip or not.
  /// - Complexity: O(bytes), and O(n log n) in tokens for some kinds.
  package init(path: String) throws(Failure) {
    let stored: [UInt8]
    do throws(FileFailure) {
      stored = try Files.contents(of: path, limit: Tokenizer.maximumBytes)
    } catch {
      throw Failure(path: path, reason: error.reason)
    }
    try self.init(path: path, stored)
  }

  private init(path: String, _ stored: [UInt8]) throws(Failure) {
    var bytes = stored
    if stored.starts(with: [0x1F, 0x8B]) { bytes = try Self.unpacked(stored, path) }
    var name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".gz") { name.removeLast(3) }
    do throws(TokenizerError) {
      tokenizer = try Tokenizer.load(bytes, name: name)
    } catch {
      throw Failure(path: path, reason: "not a tokenizer that can be used: \(error)")
    }
    let hash = stored.withUnsafeBytes { xxh128_long($0.baseAddress, $0.count) }
    identity = TokenizerIdentity(
      path: path, kind: tokenizer.kind, vocabularySize: tokenizer.vocabularySize,
      digest: Self.hexadecimal(hash.high64) + Self.hexadecimal(hash.low64))
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func unpacked(_ bytes: [UInt8], _ path: String) throws(Failure) -> [UInt8] {
    let source = GzipSource(MemorySource(bytes), workspace: DecodingWorkspace())
    var result: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count: Int
      do throws(IngestError) {
        count = try source.read(into: &part)
      } catch {
        throw Failure(path: path, reason: error.description)
      }
      if count == 0 { return result }
      result += part[..<count]
      guard result.count <= Tokenizer.maximumBytes else {
        throw Failure(path: path, reason: "more than \(Tokenizer.maximumBytes) bytes unpacked")
      }
    }
  }

  /// Bytes as a stream.
  private final class MemorySource: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
      let part = rest.prefix(buffer.count)
      buffer.copyBytes(from: part)
      rest = rest.dropFirst(part.count)
      return part.count
    }
  }
}

/// Which tokenizer counted: two scans with the same can be judged together.
package struct TokenizerIdentity: Sendable, Equatable {
  /// Where it was read; says nothing of what it is.
  package var path: String
  package var kind: String
  package var vocabularySize: Int
  /// XXH3-128 of the file's bytes, 32 hexadecimal digits.
  package var digest: String

  func encode(into writer: inout ByteWriter) {
    writer.write(path)
    writer.write(kind)
    writer.write(vocabularySize)
    writer.write(digest)
  }

  init(path: String, kind: String, vocabularySize: Int, digest: String) {
    self.path = path
    self.kind = kind
    self.vocabularySize = vocabularySize
    self.digest = digest
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    path = try reader.readString()
    kind = try reader.readString()
    vocabularySize = try reader.readInt()
    digest = try reader.readString()
  }
}

/// The tokenizer as checks see it; for one worker.
final class WorkerTokenizer: TextTokenizer {
  private let counter: TokenCounter
  let hasUnknown: Bool
  let addedTokens: Int
  private let hasSpecials: Bool

  init(_ tokenizer: Tokenizer) {
    counter = TokenCounter(tokenizer)
    hasSpecials = !tokenizer.specialTokens.isEmpty
    hasUnknown = counter.unknown != nil
    addedTokens = tokenizer.prefix.count + tokenizer.suffix.count
  }

  var inexactTexts: Int { counter.inexactTexts }

  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int { counter.count(UnsafeRawBufferPointer(utf8)) }

  func countParsingSpecials(_ utf8: UnsafeBufferPointer<UInt8>) -> Int? {
    hasSpecials ? counter.count(UnsafeRawBufferPointer(utf8), allowingSpecial: true) : nil
  }

  func normalized(_ utf8: [UInt8]) -> [UInt8] { counter.normalized(utf8) }

  func countUnknown(_ utf8: UnsafeBufferPointer<UInt8>) -> (all: Int, unknown: Int) {
    counter.countUnknown(UnsafeRawBufferPointer(utf8))
  }
}
