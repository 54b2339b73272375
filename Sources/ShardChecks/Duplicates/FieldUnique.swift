import ShardModel
import ShardRules

/// A value stands twice in a field that the rules file calls unique.
package struct FieldUnique: Check {
  package static let description = CheckDescription(
    id: "field-unique", family: .duplicates, severity: .error,
    summary: "Two records have the same value in a field that the rules file calls unique.",
    rationale: """
      An id that stands twice makes joins multiply rows and lets a sample of the training set pass for one of the test set.
      """,
    triggering: [
      .init(
        "{\"id\": 1, \"a\": 2}\n{\"id\": 1, \"a\": 3}\n", rules: "version: 1\nfields:\n  id: {unique: true}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"id\": 1, \"a\": 2}\n{\"id\": 2, \"a\": 2}\n", rules: "version: 1\nfields:\n  id: {unique: true}\n"
      ),
      .init(
        "{\"id\": null}\n{\"id\": null}\n{\"a\": 1}\n", rules: "version: 1\nfields:\n  id: {unique: true}\n"),
    ])

  package init(_ settings: CheckSettings) {}

  /// A field of which no two records may have the same value. Null is no value.
  package struct Field: Sendable {
    package let glob: String
    /// From 1: its place among the rules.
    package let comparison: UInt64
    package let severity: Severity?

    /// - Parameters:
    ///   - record: the first record with this value, from 0.
    ///   - member: the member of the archive that holds it.
    package func finding(record: UInt64, member: String?, shard: String) -> Finding {
      let place = member.map { "\($0) in \(shard)" } ?? shard
      var finding = FieldUnique.finding(
        field: glob, "the same value as in record \(record) of \(place), expected a unique one (rules)")
      finding.severity = severity ?? finding.severity
      finding.isSeverityFixed = severity != nil
      return finding
    }
  }
}

extension CheckSettings {
  /// The fields that the rules file calls unique.
  package var uniqueFields: [FieldUnique.Field] {
    guard enabled.contains(FieldUnique.description.id) else { return [] }
    return rules.fields.enumerated().compactMap { index, rule in
      rule.unique == true
        ? FieldUnique.Field(glob: rule.glob, comparison: UInt64(index + 1), severity: rule.severity) : nil
    }
  }
}
