import Foundation
import ShardTokens

/// What the references make of hard texts, from `Fixtures/cases.txt`.
struct ReferenceCases: Sendable {
  struct Expected: Sendable {
    var size = 0
    var template: [UInt32] = []
    var ordinary: [[UInt32]] = []
    var special: [[UInt32]] = []
  }

  var texts: [[UInt8]] = []
  var expected: [String: Expected] = [:]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures")

  static let all: ReferenceCases = {
    let url = folder.appendingPathComponent("cases.txt")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { fatalError("no \(url.path)") }
    var cases = ReferenceCases()
    var name = ""
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      let numbers = parts.dropFirst().compactMap { UInt32($0) }
      switch parts[0] {
      case "text": cases.texts.append(bytes(parts.count > 1 ? parts[1] : ""))
      case "tokenizer":
        name = String(parts[1])
        cases.expected[name] = Expected(size: Int(parts[2]) ?? 0)
      case "template": cases.expected[name]?.template = numbers
      case "ordinary": cases.expected[name]?.ordinary.append(numbers)
      default: cases.expected[name]?.special.append(numbers)
      }
    }
    return cases
  }()

  private static func bytes(_ hex: Substring) -> [UInt8] {
    let digits = hex.utf8.compactMap { $0 < 0x3A ? $0 - 0x30 : $0 - 0x61 + 10 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  static func file(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func tokenizer(_ name: String) throws -> Tokenizer { try Tokenizer.load(try file(name), name: name) }

  static let names = [
    "bpe.model", "gpt2.json", "llama2.json", "llama3.json", "pieces.json", "small-cl100k.tiktoken",
    "unigram.json",
    "wordpiece.json", "words.json",
  ]
}
