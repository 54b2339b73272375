@testable import ShardChecks

/// A byte is a token.
final class ByteTokenizer: TextTokenizer {
  var vocabularySize: Int { 256 }
  var unknown: UInt32?

  init(unknown: UInt32? = nil) { self.unknown = unknown }

  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int { utf8.count }

  func encode(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt32] { utf8.map { UInt32($0) } }

  func id(ofSpecial name: String) -> UInt32? { nil }
}

/// A run of other bytes than spaces is a token.
final class WordTokenizer: TextTokenizer {
  var vocabularySize: Int { 1 << 20 }
  var unknown: UInt32? { nil }

  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    utf8.split(separator: UInt8(ascii: " ")).count
  }

  func encode(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    (0..<count(utf8)).map { UInt32($0) }
  }

  func id(ofSpecial name: String) -> UInt32? { nil }
}

extension Trainer {
  /// The same trainer with another limit.
  func limited(to limit: Int) -> Trainer {
    var trainer = self
    trainer.limit = limit
    return trainer
  }
}
