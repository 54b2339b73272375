import ShardReports
import Testing

@Suite("Marks of commands in text") struct CommandMarksTests {
  @Test(
    "A mark is broken up, what only looks like one is not",
    arguments: [
      ("##vso[task.x]y", "\\u{23}#vso[task.x]y"), ("a##[b]", "a\\u{23}#[b]"),
      ("::error::x", "\\u{3a}:error::x"),
      ("a ::b", "a \\u{3a}:b"), ("std::vector", "std::vector"), ("# [x] ##", "# [x] ##"), ("", ""),
      ("###[", "#\\u{23}#["),
    ])
  func marks(_ text: String, _ shown: String) { #expect(CommandMarks.defused(text) == shown) }
}
