import Testing

@testable import ShardIngest

@Suite struct GlobPatternTests {
  @Test(
    "patterns match whole names",
    arguments: [
      ("*", "abc", true), ("*", ".abc", false), (".*", ".abc", true), ("a*c", "abbbc", true),
      ("a*c", "abbb", false),
      ("a*b*c", "aXbYbZc", true), ("?", "é", true), ("?", "", false), ("[a-c]x", "bx", true),
      ("[!a-c]x", "bx", false),
      ("[^a-c]x", "dx", true), ("[]]", "]", true), ("[a-]", "-", true), ("[", "[", true),
      ("[abc", "[abc", true),
      ("\\*", "*", true), ("\\*", "a", false), ("[z-a]", "m", false), ("**", "ab", true), ("", "", true),
      ("a\\", "a\\", true),
    ])
  func matches(_ row: (String, String, Bool)) {
    #expect(GlobPattern(row.0[...]).matches(row.1) == row.2, "\(row)")
  }

  @Test("many stars cost no more than the product of both lengths", .timeLimit(.minutes(1)))
  func hostile() {
    let pattern = GlobPattern(String(repeating: "*a", count: 200)[...])
    #expect(!pattern.matches(String(repeating: "a", count: 5000) + "b"))
  }

  @Test(
    "braces expand as in bash",
    arguments: [
      ("a{b,c}d", ["abd", "acd"]), ("{08..11}", ["08", "09", "10", "11"]), ("{3..1}", ["3", "2", "1"]),
      ("{0..10..5}", ["0", "5", "10"]), ("{a}", ["{a}"]), ("{a,b{1..2}}", ["a", "b1", "b2"]),
      ("{,x}y", ["y", "xy"]), ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]), ("{a", ["{a"]), ("a}", ["a}"]),
      ("\\{a,b}", ["\\{a,b}"]), ("{1..2..0}", ["{1..2..0}"]), ("{-1..1}", ["-1", "0", "1"]),
      ("{..}", ["{..}"]), ("{a.b..c}", ["{a.b..c}"]),
    ])
  func braces(_ row: (String, [String])) throws {
    #expect(try BraceExpansion.expand(row.0) == row.1)
  }

  @Test("a product of ranges is bounded")
  func bounded() {
    #expect(throws: DiscoveryError.self) { try BraceExpansion.expand("{1..999999}{1..999999}") }
    #expect(throws: DiscoveryError.self) {
      try BraceExpansion.expand("{-9223372036854775808..9223372036854775807}")
    }
  }
}
