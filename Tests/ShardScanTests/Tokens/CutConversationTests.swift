import ShardChecks
import ShardTestSupport
import Testing

/// Conversations whose answers are cut at the limit, in each template and trainer: all are found, and no other.
struct CutConversationTests {
  private static let vicuna =
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and "
    + "polite answers to the user's questions. USER: Q ASSISTANT:"
  private static let chatML =
    "§system\nYou are a helpful assistant.§\n§user\nQ§\n§assistant\n"

  /// What stands before the first label: `§` is a special token, `Q` the question.
  private static let frames: [(rule: String, frame: String)] = [
    ("trainer: monkey", "Q"), ("trainer: textmonkey", "Q"), ("trainer: qwen-vl", chatML),
    ("trainer: llava", "§" + vicuna),
    ("template: chatml", chatML), ("template: vicuna", "§" + vicuna), ("template: plain", "Q"),
    ("template: llama2", "§[INST] Q [/INST]"), ("template: mistral", "§[INST] Q[/INST]"),
    ("template: llama3", "§§user§\n\nQ§§assistant§\n\n"),
  ]

  @Test(arguments: frames)
  func `all that are cut are found`(rule: String, frame: String) throws {
    var random = RepeatableRandom(seed: 31)
    let limit = 400
    let frameTokens = frame.unicodeScalars.count - 1
    var (text, cut) = ("", Set<UInt64>())
    for record in 0..<120 {
      // At the limit on both sides, and anywhere.
      let before =
        record % 2 == 0
        ? limit + Int.random(in: -2...2, using: &random)
        : Int.random(in: frameTokens + 1...900, using: &random)
      let question = String(repeating: "q", count: before - frameTokens)
      let answer = String(repeating: "a", count: Int.random(in: 1...300, using: &random))
      text += "{\"id\": \(record), \"conversations\": [{\"from\": \"user\", \"value\": \"\(question)\"}, "
      text += "{\"from\": \"assistant\", \"value\": \"\(answer)\"}]}\n"
      if before >= limit { cut.insert(UInt64(record)) }
    }
    let (settings, file) = try SmallTokenizer.settings("bytes.json", "{\(rule), max_tokens: \(limit)}")
    let outcome = try scan(text: text, name: "a.jsonl", settings: settings, tokenizer: file)
    var found: Set<UInt64> = []
    for line in outcome.lines {
      for finding in line.findings.findings {
        switch finding.check {
        case "labels-truncated": found.insert(try #require(line.findings.location.record))
        // The answer's end is beyond the limit, which is no loss of all labels.
        case "tokens-too-long": break
        default: Issue.record("\(finding)")
        }
      }
    }
    #expect(found == cut)
    #expect(cut.count > 40 && cut.count < 110)
  }
}
