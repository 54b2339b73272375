import ShardChecks
import ShardModel

/// Conversations of any bytes: every trainer makes something of them that fits together.
///
/// The first byte chooses the trainer, the second the limit; 0xFF begins a turn, and the byte after it has its role and
/// the number of its pictures.
enum ConversationFuzz {
  /// A byte is a token.
  private final class Bytes: TextTokenizer {
    var hasUnknown: Bool { true }
    var addedTokens: Int { 0 }
    var inexactTexts: Int { 0 }

    func count(_ utf8: UnsafeBufferPointer<UInt8>) -> Int { utf8.count }

    func countUnknown(_ utf8: UnsafeBufferPointer<UInt8>) -> (all: Int, unknown: Int) {
      (utf8.count, utf8.count { $0 == 63 })
    }
  }

  static func run(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    var trainer = Trainer.all[Int(input[0]) % Trainer.all.count]
    trainer.limit = Int(input[1]) * 9 + 1
    let turns = turns(input[2...])
    let record = trainer.train(on: turns, Bytes())
    expect(record.left <= record.labelled && record.labelled <= record.tokens, "\(record)")
    expect(record.answersLeft <= record.left && record.limitForAll <= record.tokens, "\(record)")
    expect((record.left > 0) == (record.beforeFirstLabel.map { $0 < trainer.limit } ?? false), "\(record)")
    var settings = CheckSettings(enabled: [])
    settings.rules.tokens.maxTokens = trainer.limit
    let checker = ConversationChecker(trainer, Bytes(), settings)
    let accumulator = TokenAccumulator()
    var findings: [Finding] = []
    _ = checker.check(turns, into: accumulator, field: { "a" }, &findings)
    let isCut = record.failure == nil && record.left == 0
    expect(
      findings.contains { $0.check == "labels-truncated" && $0.severity == .error } == isCut, "\(findings)")
    let isUnknown = record.failure == .pictureSize
    expect(isUnknown || accumulator.drain().tokens == UInt64(record.tokens), "\(record)")
  }

  private static func turns(_ bytes: ArraySlice<UInt8>) -> [Turn] {
    bytes.split(separator: 0xFF).map { part in
      let kind = part.first ?? 0
      let roles: [Turn.Role] = [.user, .assistant, .system, .tool, .other]
      let pictures = [TurnPicture(width: Int(kind) * 7, height: Int(kind) * 5), TurnPicture()]
      return Turn(
        roles[Int(kind & 0x0F) % roles.count], Array(part.dropFirst()),
        pictures: Array(pictures.prefix(Int(kind >> 4) % 3)))
    }
  }
}
