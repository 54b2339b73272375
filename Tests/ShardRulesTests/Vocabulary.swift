import ShardRules

/// A few checks as a catalogue could have them.
let vocabulary = RulesVocabulary(checks: [
  .init(id: "number-nan", family: "numbers", summary: "A number is NaN."),
  .init(
    id: "number-outlier", family: "numbers", summary: "A number is far from all others.",
    parameters: [
      .init("outliers", meaning: "The rule.", expected: "a rule such as iqr:3") { value in
        if case .text(let text) = value { text.contains(":") } else { false }
      }
    ]),
  .init(id: "number-underflow", family: "numbers"),
  .init(
    id: "field-missing", family: "structure",
    parameters: [
      .init("share", expected: "a number") { value in if case .number = value { true } else { false } }
    ]),
  .init(id: "drift-schema", family: "drift"),
])

/// The rules of a text, which must have no mistake.
func rules(_ text: String) throws -> Rules {
  try Rules(parsing: Array(text.utf8), file: "rules.yaml", vocabulary: vocabulary)
}

/// All that is wrong with a text, without the name of the file.
func mistakes(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> [String] {
  do throws(RulesError) {
    _ = try Rules(parsing: bytes, file: "f", vocabulary: vocabulary, limits: limits)
    return []
  } catch {
    return error.lines.map { String($0.dropFirst(2)) }
  }
}

func mistakes(_ text: String) -> [String] { mistakes(Array(text.utf8)) }

/// Foundation has a type of this name too.
typealias Expression = ShardRules.Expression
