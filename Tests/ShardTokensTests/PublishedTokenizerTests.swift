import Foundation
import ShardTokens
import Testing

/// Published vocabularies, where `SHARDCHECK_VOCABULARIES` names a folder of them: the sizes that are known, and
/// what a text of one letter gives. `.ci/compare-tokens` compares their tokens with the references'.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SHARDCHECK_VOCABULARIES"] != nil))
struct PublishedTokenizerTests {
  private static let sizes = [
    ("cl100k_base.tiktoken", 100_277), ("qwen.tiktoken", 151_860), ("deepseek.json", 129_280),
    ("minilm.json", 30_522), ("o200k_base.tiktoken", 200_019),
    ("llama3.model", 128_256), ("llama3.json", 128_256), ("llama4.model", 202_048),
  ]

  private static func load(_ name: String) throws -> Tokenizer? {
    let folder = ProcessInfo.processInfo.environment["SHARDCHECK_VOCABULARIES"] ?? ""
    guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { return nil }
    return try Tokenizer.load([UInt8](data), name: name)
  }

  @Test(arguments: sizes)
  func `vocabularies have their size`(name: String, size: Int) throws {
    guard let tokenizer = try Self.load(name) else { return }
    #expect(tokenizer.vocabularySize == size)
  }

  /// Tokens of 2 to 8 letters make a long run, whatever is around them.
  @Test(arguments: sizes)
  func `a long run of one letter has the tokens of its parts`(name: String, size: Int) throws {
    guard let tokenizer = try Self.load(name), tokenizer.kind != "WordPiece" else { return }
    let counter = TokenCounter(tokenizer)
    let few = counter.count([UInt8](repeating: 0x61, count: 1 << 14))
    #expect(counter.count([UInt8](repeating: 0x61, count: 1 << 21)) == few << 7)
    #expect(counter.inexactTexts == 0)
  }
}
