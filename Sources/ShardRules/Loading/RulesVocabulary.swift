/// The checks that a rules file may speak of. The catalogue of checks is not known here.
package struct RulesVocabulary: Sendable {
  package struct Parameter: Sendable {
    package let name: String
    package let meaning: String
    /// What a value must be, for messages: `a number above 0`.
    package let expected: String
    package let accepts: @Sendable (RuleValue) -> Bool

    package init(
      _ name: String, meaning: String = "", expected: String = "a number, a text or a boolean",
      accepts: @escaping @Sendable (RuleValue) -> Bool = { _ in true }
    ) {
      self.name = name
      self.meaning = meaning
      self.expected = expected
      self.accepts = accepts
    }
  }

  package struct Check: Sendable {
    package let id: String
    package let family: String
    package let summary: String
    package let parameters: [Parameter]

    package init(id: String, family: String, summary: String = "", parameters: [Parameter] = []) {
      self.id = id
      self.family = family
      self.summary = summary
      self.parameters = parameters
    }
  }

  package let checks: [Check]

  package init(checks: [Check]) { self.checks = checks }

  /// In the order in which the checks name them.
  package var families: [String] {
    var seen: Set<String> = []
    return checks.map(\.family).filter { seen.insert($0).inserted }
  }

  /// Those of the check, or those of all checks of the family by name.
  package func parameters(of target: String) -> [Parameter] {
    var seen: Set<String> = ["severity", "max"]
    return checks.filter { $0.id == target || $0.family == target }.flatMap(\.parameters)
      .filter { seen.insert($0.name).inserted }
  }
}
