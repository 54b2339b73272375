import ShardIngest
import ShardModel
import ShardRules

/// Any bytes as a rules file, and as an expression: the same is said each time, what was read is stored and read back,
/// and stored rules of any bytes only throw.
///
/// The first byte chooses the part.
enum RulesFuzz {
  private static let vocabulary = RulesVocabulary(checks: [
    .init(id: "number-nan", family: "numbers"),
    .init(id: "number-outlier", family: "numbers", parameters: [.init("outliers")]),
  ])

  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    switch choice % 4 {
    case 0: file(bytes)
    case 1: expression(String(decoding: bytes, as: UTF8.self))
    case 2: pattern(bytes)
    default: stored(bytes)
    }
  }

  private static func load(_ bytes: [UInt8]) -> Result<Rules, RulesError> {
    do throws(RulesError) {
      return .success(try Rules(parsing: bytes, file: "f", vocabulary: vocabulary))
    } catch { return .failure(error) }
  }

  private static func file(_ bytes: [UInt8]) {
    let first = load(bytes)
    expect(first == load(bytes), "read twice, with different results")
    switch first {
    case .success(let rules): expectStored(rules)
    case .failure(let error):
      expect(!error.mistakes.isEmpty, "refused without a word")
      for mistake in error.mistakes {
        expect(mistake.position.line >= 1 && mistake.position.column >= 1, "at \(mistake.position)")
      }
    }
  }

  private static func expectStored(_ rules: Rules) {
    var writer = ByteWriter()
    rules.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    expect((try? Rules(decoding: &reader)) == rules, "not read back")
  }

  private static func expression(_ text: String) {
    guard let expression = try? Expression(text) else { return }
    let lines =
      "{\"a\":1,\"b\":[1,{\"x\":2,\"y\":null},\"t\"],\"s\":\"\\u00e9\"}\n[1]\n{\"a\":NaN,\"b\":[[]],\"s\":true}\nx"
    let padded = PaddedBytes(lines.utf8)
    let reader = JSONReader(layout: .lines)
    reader.read(padded.base, count: padded.count, origin: BatchOrigin(), isFinal: true)
    let whole = ExpressionEvaluator(expression).violations(in: reader.batch)
    expect(whole.violatingRecords <= whole.judgedRecords && whole.judgedRecords <= 4, "\(whole)")
    expect(whole.places.allSatisfy { (0..<4).contains($0.row) }, "\(whole)")
  }

  /// A pattern, a zero, a text.
  private static func pattern(_ bytes: [UInt8]) {
    let source = bytes.prefix { $0 != 0 }
    guard let pattern = try? Pattern(String(decoding: source, as: UTF8.self)) else { return }
    let matcher = PatternMatcher(pattern)
    let text = Array(bytes.dropFirst(source.count + 1))
    let first = text.withUnsafeBytes { matcher.match($0) }
    expect(first == text.withUnsafeBytes { matcher.match($0) }, "matched twice, with different results")
  }

  private static func stored(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let rules = try? Rules(decoding: &reader) else { return }
    var writer = ByteWriter()
    rules.encode(into: &writer)
    var again = ByteReader(writer.bytes)
    guard let second = try? Rules(decoding: &again) else { fatalError("not read back: \(rules)") }
    var repeated = ByteWriter()
    second.encode(into: &repeated)
    expect(repeated.bytes == writer.bytes, "read back as something else")
  }
}
