import ShardModel

/// A record breaks a condition of the rules file.
package struct RecordRuleCheck: Check {
  package static let id = "record-rule"

  package static let description = CheckDescription(
    id: id, family: .structure, severity: .error,
    summary: "A record breaks a condition of the rules file.",
    rationale: """
      Fields that do not fit each other (lengths, starts and ends, corners) fail where they meet, far from where they were made.
      """,
    triggering: [
      .init(
        "{\"ids\": [1, 2], \"labels\": [1]}\n",
        rules: "version: 1\nrecords:\n  - rule: len(ids) == len(labels)\n")
    ],
    nonTriggering: [
      .init(
        "{\"ids\": [1, 2], \"labels\": [1, 2]}\n",
        rules: "version: 1\nrecords:\n  - rule: len(ids) == len(labels)\n")
    ])

  /// Found by `RuleChecker`, concluded by `RuleConclusions`.
  package init(_ settings: CheckSettings) {}
}
