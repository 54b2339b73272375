import ShardModel
import Testing

@Suite struct FieldGlobTests {
  @Test(
    arguments: [
      ("meta.score", "meta.score", true), ("meta.*", "meta.score", true), ("meta.*", "meta", false),
      ("*", "a.b[].c", true), ("a?", "ab", true), ("a?", "abc", false), ("*.x", "boxes[].x", true),
      ("boxes[]", "boxes[]", true), ("boxes[]", "boxes[].x", false), ("a*b*c", "a1b2bc", true),
      ("", "", true),
      ("", "a", false), ("**a", "ba", true),
    ])
  func `a pattern matches a path as a whole`(pattern: String, path: String, expected: Bool) {
    #expect(FieldGlob(pattern).matches(path) == expected)
  }

  @Test(
    arguments: [
      ("meta", "meta.score", true), ("meta", "metadata", false), ("boxes", "boxes[].x", true),
      ("m*", "meta.score", true), ("meta.score", "meta", false), ("debug.*", "debug.a.b", true),
    ])
  func `a pattern covers what its matches hold`(pattern: String, path: String, expected: Bool) {
    #expect(FieldGlob(pattern).covers(path) == expected)
  }

  @Test(
    arguments: [
      ("meta.score", "meta", true), ("meta.score", "met", false), ("meta.*", "meta", true),
      ("a.b", "c", false),
      ("*x", "anything", true), ("boxes[].x", "boxes", true),
    ])
  func `a path is entered where a part of it could match`(pattern: String, path: String, expected: Bool) {
    #expect(FieldGlob(pattern).mayHold(path) == expected)
  }
}
