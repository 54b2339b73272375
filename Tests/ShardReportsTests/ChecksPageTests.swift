import ShardModel
import ShardReports
import Testing

@Suite("Pages about checks") struct ChecksPageTests {
  static let checks = [
    CheckDescription(
      id: "record-malformed", family: .structure, severity: .error,
      summary: "A record that does not follow the grammar of its format.",
      rationale: "Loaders stop at it or drop it without a word.",
      triggering: [CheckDescription.Example("{\"a\": 1\n")],
      nonTriggering: [CheckDescription.Example("{\"a\": 1}\n")]),
    CheckDescription(
      id: "number-outlier", family: .numbers, severity: .warning,
      summary: "A number far outside of what the whole data set has | by a rule that one value cannot move.",
      rationale: "One value of 1e30 dominates a batch's loss. Scaling by the maximum makes all others zero.",
      parameters: [
        CheckDescription.Parameter(
          "outliers", default: "iqr:3", "The rule and its factor, as for --outliers.")
      ],
      triggering: [
        CheckDescription.Example("x\n1\n1000\n", file: "a.csv", options: ["--outliers", "iqr:3"])
      ],
      nonTriggering: []),
    CheckDescription(
      id: "field-constant", family: .numbers, severity: .note,
      summary: "A field that always has the same value.",
      rationale: "It teaches nothing.", triggering: [], nonTriggering: []),
  ]

  @Test("the list") func list() {
    expectSnapshot(ChecksPage.list(Self.checks), named: "checks-list.txt")
  }

  @Test("one check") func one() {
    expectSnapshot(ChecksPage.explain(Self.checks[1]), named: "checks-one.txt")
  }

  @Test("the table of the README") func markdown() {
    expectSnapshot(ChecksPage.markdownTable(Self.checks), named: "checks.md")
  }

  @Test("a name is a check or a family") func names() {
    #expect(
      ChecksPage.checks(named: "numbers", in: Self.checks)?.map(\.id) == ["number-outlier", "field-constant"])
    #expect(ChecksPage.checks(named: "number-outlier", in: Self.checks)?.count == 1)
    #expect(ChecksPage.checks(named: "images", in: Self.checks) == nil)
    #expect(
      ChecksPage.names(of: Self.checks) == [
        "record-malformed", "number-outlier", "field-constant", "structure", "numbers",
      ])
  }
}
