import ShardRules
import Testing

@Suite struct PatternTests {
  private static func match(_ pattern: String, _ text: [UInt8]) throws -> PatternMatcher.Outcome {
    let matcher = PatternMatcher(try Pattern(pattern))
    return text.withUnsafeBytes { matcher.match($0) }
  }

  @Test(
    arguments: [
      ("^[a-z]+$", "abc", true), ("^[a-z]+$", "aBc", false), ("b", "abc", true), ("^$", "", true),
      ("^\\w+$", "größe", true), ("(?i)ÄRGER", "ärger", true), ("^.$", "é", true), ("^\\d$", "٣", true),
      ("^\\p{Han}+$", "漢字", true), ("^a.b$", "a\nb", false), ("(?s)^a.b$", "a\nb", true),
      ("(?<=x)y", "xy", true), ("^(a+)\\1$", "aaaa", true),
    ])
  func `texts match as they should`(pattern: String, text: String, expected: Bool) throws {
    #expect(try Self.match(pattern, Array(text.utf8)) == (expected ? .matched : .notMatched))
  }

  @Test func `what is not UTF-8 is borne`() throws {
    #expect(try Self.match("b", [0xFF, 0x62]) == .matched)
    #expect(try Self.match("^.*$", [0xC3]) == .notMatched)
    #expect(try Self.match("c", [0xE2, 0x82, 0x61, 0xF0]) == .notMatched)
  }

  @Test(
    arguments: [
      ("^(a+)+$", String(repeating: "a", count: 40) + "b"),
      ("(a|aa)+$", String(repeating: "a", count: 200) + "b"),
      ("^(?:(\\w+)\\s?)*$", String(repeating: "word ", count: 30) + "!"),
      ("(.*?,){20}x", String(repeating: "1,", count: 60)),
      ("^(?:a?){30}a{30}$", String(repeating: "a", count: 29)),
      ("a(?=.*b)c", String(repeating: "a", count: 100_000) + "c"),
      ("(*NO_AUTO_POSSESS)(*NO_START_OPT)a\\w+[cd]", String(repeating: "a", count: 100_000)),
      ("(*NO_JIT)a(?=.*b|.*c|.*d|.*e)", String(repeating: "a", count: 100_000)),
      ("(?:(?=(a*))\\1a|b)*c(?R)?", String(repeating: "a", count: 30_000)),
      ("^(?:.|\\n)*(?:x|y)(?:.|\\n)*z$", String(repeating: "xy", count: 20_000)),
    ])
  func `no pattern hangs`(pattern: String, text: String) throws {
    let outcome = try Self.match(pattern, Array(text.utf8))
    #expect(outcome != .matched)
  }

  @Test func `a search that is given up says so, and the matcher goes on`() throws {
    let matcher = PatternMatcher(try Pattern("^(a+)+$"))
    let hard = Array((String(repeating: "a", count: 40) + "b").utf8)
    #expect(hard.withUnsafeBytes { matcher.match($0) } == .exhausted)
    #expect(Array("aaa".utf8).withUnsafeBytes { matcher.match($0) } == .matched)
    let long = [UInt8](repeating: 0x61, count: 8 << 20)
    #expect(long.withUnsafeBytes { matcher.match($0) } == .matched)
  }

  @Test func `given up searches break no rule and are counted`() throws {
    let evaluator = ExpressionEvaluator(try Expression("s matches '^(a+)+$'"))
    let lines = ["aaa", String(repeating: "a", count: 40) + "b", "b"].map { "{\"s\":\"\($0)\"}" }
    withBatch(lines.joined(separator: "\n")) { batch in
      let found = evaluator.violations(in: batch)
      #expect(found.exhaustedSearches == 1 && found.judgedRecords == 2 && found.places.map(\.row) == [2])
    }
  }

  @Test func `a pattern can be too long or too large`() {
    #expect(throws: Pattern.Failure.self) { try Pattern(String(repeating: "a", count: 5000)) }
    #expect(throws: Pattern.Failure.self) { try Pattern("((a{1000}){1000}){1000}") }
    #expect(throws: Pattern.Failure.self) {
      try Pattern(String(repeating: "(", count: 100) + String(repeating: ")", count: 100))
    }
  }

  @Test func `one pattern serves several threads`() async throws {
    let pattern = try Pattern("^(\\w+)@(\\w+)\\.org$")
    let counts = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let matcher = PatternMatcher(pattern)
          return (0..<2000).count { index in
            Array("user\(index)@host.\(index % 2 == 0 ? "org" : "com")".utf8).withUnsafeBytes {
              matcher.match($0) == .matched
            }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == [1000, 1000, 1000, 1000])
  }
}
