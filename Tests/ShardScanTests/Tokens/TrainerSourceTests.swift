import Foundation
import ShardTokens
import Testing

@testable import ShardChecks
@testable import ShardScan

/// Trainers and templates against what the trainers' own preprocessing makes of conversations, as `.ci/compare-trainers`
/// writes it: a few, with the small tokenizers of the fixtures, and many with published ones where they are named. FastChat's
/// (`vicuna`) and Llama 3's are among the latter alone: they count on a token of the published vocabulary.
struct TrainerSourceTests {
  struct Case: Decodable {
    var trainer: String
    var tokenizer: String
    var image: Bool
    var turns: [[String]]
    var crash: Bool
    var limit: Int
    var first: Int?
    var labelled: Int?
    var tokens: Int?
    var left: Int?

    var conversation: [Turn] {
      turns.enumerated().map { index, turn in
        let role: Turn.Role = turn[0] == "user" ? .user : turn[0] == "assistant" ? .assistant : .system
        return Turn(role, turn[1], images: image && index == 0 ? 1 : 0)
      }
    }
  }

  private static let environment = ProcessInfo.processInfo.environment
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func `labels are those of the trainers' own code`() throws {
    let cases = Self.tests.appendingPathComponent("ShardScanTests/Fixtures/Trainers/cases.jsonl")
    let files = ["qwen.tiktoken": "small-cl100k.tiktoken", "mistral-v1.model": "bpe.model"]
    let seen = try compare(String(contentsOf: cases, encoding: .utf8)) { name in
      let file = try #require(files[name])
      let url = Self.tests.appendingPathComponent("ShardTokensTests/Fixtures/" + file)
      return try Tokenizer.load([UInt8](try Data(contentsOf: url)), name: name)
    }
    #expect(seen.count == 7)
  }

  @Test(.enabled(if: environment["SHARDCHECK_TRAINER_CASES"] != nil))
  func `labels are those of the trainers' own code with published tokenizers`() throws {
    let cases = try String(
      contentsOfFile: Self.environment["SHARDCHECK_TRAINER_CASES"] ?? "", encoding: .utf8)
    let folder = Self.environment["SHARDCHECK_VOCABULARIES"] ?? ""
    let seen = try compare(cases) { try TokenizerFile(path: folder + "/" + $0).tokenizer }
    #expect(seen.count == 9)
    print(seen.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value) labels" }.joined(separator: "\n"))
  }

  /// - Returns: labels that the cut leaves, by trainer.
  private func compare(_ text: String, _ load: (String) throws -> Tokenizer) throws -> [String: Int] {
    var tokenizers: [String: WorkerTokenizer] = [:]
    var seen: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let example = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
      let tokenizer =
        try tokenizers[example.tokenizer] ?? WorkerTokenizer(load(example.tokenizer))
      tokenizers[example.tokenizer] = tokenizer
      try compare(example, tokenizer, line)
      seen[example.trainer, default: 0] += example.left ?? 0
    }
    #expect(!seen.values.contains(0))
    return seen
  }

  private func compare(_ example: Case, _ tokenizer: WorkerTokenizer, _ line: Substring) throws {
    var trainer = try #require(Trainer.named(example.trainer))
    if trainer.markup.contains("<img>") { trainer.pictures = .fixed(256, marks: 2) }
    let whole = trainer.limited(to: 1 << 14).train(on: example.conversation, tokenizer)
    switch whole.failure {
    // The model looks at pictures, not the preprocessing.
    case .pictureCut, .strayPictureEnd, .picturePathUnpadded: return
    default: break
    }
    #expect((whole.failure?.isCrash ?? false) == example.crash, "\(line) \(whole)")
    guard !example.crash, whole.failure?.isCrash != true else { return }
    #expect(whole.labelled == example.labelled, "\(line) \(whole)")
    #expect((whole.beforeFirstLabel ?? -1) == example.first, "\(line) \(whole)")
    if let tokens = example.tokens { #expect(whole.tokens == tokens, "\(line) \(whole)") }
    let cut = trainer.limited(to: example.limit).train(on: example.conversation, tokenizer)
    if cut.failure?.isCrash != true { #expect(cut.left == example.left, "\(line) \(cut)") }
  }
}

extension Trainer {
  /// The same trainer with another limit.
  fileprivate func limited(to limit: Int) -> Trainer {
    var trainer = self
    trainer.limit = limit
    return trainer
  }
}
