import ShardModel

@testable import ShardChecks

/// A byte is a token.
final class ByteTokenizer: TextTokenizer {
  let unknown: UInt8?
  var hasUnknown: Bool { unknown != nil }
  let addedTokens: Int
  var inexactTexts: Int { 0 }

  init(unknown: UInt8? = nil, added: Int = 0) {
    self.unknown = unknown
    addedTokens = added
  }

  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int { utf8.count }

  func countUnknown(_ utf8: UnsafeBufferPointer<UInt8>) -> (all: Int, unknown: Int) {
    (utf8.count, utf8.count { $0 == unknown })
  }
}

/// A run of other bytes than spaces is a token.
final class WordTokenizer: TextTokenizer {
  var hasUnknown: Bool { false }
  let addedTokens: Int
  var inexactTexts: Int { 0 }

  init(added: Int = 0) { addedTokens = added }

  func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    utf8.split(separator: UInt8(ascii: " ")).count
  }

  func countUnknown(_ utf8: UnsafeBufferPointer<UInt8>) -> (all: Int, unknown: Int) { (count(utf8), 0) }
}

extension ConversationChecker {
  /// The findings of one conversation.
  func check(_ turns: [Turn], into accumulator: TokenAccumulator = TokenAccumulator()) -> [Finding] {
    var findings: [Finding] = []
    _ = check(turns, into: accumulator, field: { "conversations" }, &findings)
    return findings
  }

  /// The findings of one text.
  func check(text: String, isEmptyTold: Bool = false, into accumulator: TokenAccumulator) -> [Finding] {
    var findings: [Finding] = []
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer {
      check(
        text: $0, characters: text.unicodeScalars.count, isEmptyTold: isEmptyTold, into: accumulator,
        field: { "caption" }, &findings)
    }
    return findings
  }
}

extension Trainer {
  /// The same trainer with another limit.
  func limited(to limit: Int) -> Trainer {
    var trainer = self
    trainer.limit = limit
    return trainer
  }
}
