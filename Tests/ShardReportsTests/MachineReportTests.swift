import ShardModel
import ShardReports
import Testing

@Suite("Formats of other programs") struct MachineReportTests {
  static let nan = CheckDescription(
    id: "number-nan", family: .numbers, severity: .error, summary: "A NaN & <nothing> else.",
    rationale: "The loss becomes NaN.", triggering: [], nonTriggering: [])
  static let outlier = CheckDescription(
    id: "number-outlier", family: .numbers, severity: .warning, summary: "A value far out.",
    rationale: "It pulls the weights.", triggering: [], nonTriggering: [])

  static func finding(_ check: CheckDescription, _ field: String?, _ value: String?, _ message: String)
    -> Finding
  {
    Finding(check: check.id, severity: check.severity, field: field, value: value, message: message)
  }

  static let lines: [(shard: String, findings: LocatedFindings)] = [
    (
      "a/one.jsonl",
      LocatedFindings(
        location: Location(record: 3, line: 4, offset: 90, length: 30, key: "id-3"),
        findings: [
          finding(nan, "features[3]", "NaN", "NaN, expected a finite number"),
          finding(outlier, "x", "-1e9", "expected a value in [0, 1]"),
        ])
    ),
    (
      "b/two & three.tar",
      LocatedFindings(
        location: Location(member: "m.json", record: 0, offset: 5, length: 6, key: "=HYPERLINK(\"x\")"),
        findings: [finding(nan, "<b>", "\u{1}\r\n::error::x]]>\u{FFFE}", "100% of \"it\", ##vso[task.x]y")])
    ),
  ]

  static var result: ScanResult {
    var result = ScanResult()
    result.totals.shards = 2
    result.totals.records = 1_000
    result.totals.quarantined = 2
    result.totals.errors = 2
    result.totals.warnings = 2
    for (shard, located) in lines {
      var summary = ShardSummary(name: shard, status: .complete, format: "jsonl", compression: "none")
      summary.records = 500
      for finding in located.findings {
        var tally = CheckTally(severity: finding.severity)
        tally.findings = 1
        tally.records = 1
        tally.examples = [FindingExample(shard: shard, location: located.location, finding: finding)]
        summary.checks[finding.check] = tally
        if finding.severity == .error { summary.errors += 1 } else { summary.warnings += 1 }
        if var sum = result.checks[finding.check] {
          sum.findings += 1
          sum.records += 1
          sum.examples += tally.examples
          result.checks[finding.check] = sum
        } else {
          result.checks[finding.check] = tally
        }
      }
      result.shards.append(summary)
    }
    let whole = finding(outlier, "y", nil, "one value in all of the data")
    result.findings = [whole]
    result.checks["number-outlier"]?.findings += 1
    result.checks["number-outlier"]?.examples.append(
      FindingExample(shard: nil, location: Location(), finding: whole))
    result.unchecked = ["1 member of an archive is not a record file (jpg 1)"]
    result.problems = [ScanProblem(path: "c/gone,really:.jsonl", reason: "Permission denied")]
    result.gate.outcome = .failed
    result.gate.reason = "2 records with findings of severity error, 0 allowed"
    return result
  }

  static func written(
    _ report: any FindingReport, failOn: Severity? = .error, redact: Bool = false, copies: Int = 1
  ) -> String {
    var bytes = OutputBuffer()
    report.begin(ReportContext(checks: [nan, outlier], failOn: failOn, version: "1.2.3"), to: &bytes)
    for shard in result.shards {
      for (name, findings) in lines where name == shard.name {
        for _ in 0..<copies {
          report.add([redact ? findings.redacted : findings], shard: name, to: &bytes)
        }
      }
      report.finish(redact ? shard.redacted : shard, to: &bytes)
    }
    report.finish(redact ? result.redacted : result, to: &bytes)
    return bytes.text
  }

  @Test("Each format is as it was")
  func snapshots() {
    expectSnapshot(Self.written(CSVReport()), named: "quarantine.csv")
    expectSnapshot(Self.written(JUnitReport()), named: "junit.xml")
    expectSnapshot(Self.written(SARIFReport()), named: "results.sarif")
    for (name, bytes) in [
      ("github.txt", GitHubReport.render(Self.result)), ("azure.txt", AzureReport.render(Self.result)),
      ("report.md", MarkdownReport.render(Self.result)),
    ] {
      expectSnapshot(String(decoding: bytes, as: UTF8.self), named: name)
    }
  }

  @Test("Redaction leaves out values and ids everywhere")
  func redacted() {
    let streamed: [any FindingReport] = [CSVReport(), JUnitReport(), SARIFReport()]
    let rendered = [
      GitHubReport.render(Self.result, redact: true), AzureReport.render(Self.result, redact: true),
      MarkdownReport.render(Self.result, redact: true),
    ]
    let texts =
      streamed.map { Self.written($0, redact: true) } + rendered.map { String(decoding: $0, as: UTF8.self) }
    for text in texts {
      for secret in ["id-3", "HYPERLINK", "-1e9", "::error::x"] {
        #expect(!text.contains(secret), "\(secret)")
      }
      #expect(text.contains("number-nan"))
    }
  }

  @Test(
    "A cell is no formula",
    arguments: [
      ("=1+1", "\"'=1+1\""), ("+1", "+1"), ("-1.5e-3", "-1.5e-3"), ("-1+1", "\"'-1+1\""),
      ("@SUM(A1)", "\"'@SUM(A1)\""), ("\t=1", "\"'\\t=1\""), ("\r", "\"'\\r\""), (" =1", "\"' =1\""),
      ("\u{FF1D}1", "\"'\u{FF1D}1\""), ("a\"b", "\"a\"\"b\""), ("a;b", "\"a;b\""), ("a\nb", "a\\nb"),
      ("", ""),
      ("-", "\"'-\""), ("plain", "plain"), ("\u{2003}=1", "\"'\u{2003}=1\""),
    ])
  func cells(_ text: String, _ cell: String) {
    let report = CSVReport()
    var bytes = OutputBuffer()
    let finding = Finding(check: "c", severity: .error, value: text, message: "m")
    report.add([LocatedFindings(location: Location(), findings: [finding])], shard: "s", to: &bytes)
    #expect(bytes.text == "s,,,,0,0,,error,c,,\(cell),m\r\n")
  }

  @Test("A SARIF file holds so many results and says what it leaves out")
  func limit() throws {
    let text = Self.written(SARIFReport(limit: 5), copies: 4)
    let json = try StrictJSON(Array(text.utf8))
    guard case .array(let runs)? = json["runs"], case .array(let results)? = runs[0]["results"] else {
      Issue.record("no results")
      return
    }
    #expect(results.count == 5)
    #expect(text.contains("8 results are left out: a run holds at most 5"))
    #expect(text.contains("\"results\":5,\"resultsLeftOut\":8"))
  }

  @Test("A fingerprint stays when other records come and go, and tells findings apart")
  func fingerprints() {
    func prints(_ change: (inout Location) -> Void) -> String {
      var (shard, located) = Self.lines[0]
      change(&located.location)
      var bytes = OutputBuffer()
      let report = SARIFReport()
      report.begin(ReportContext(checks: [], failOn: nil, version: "1"), to: &bytes)
      report.add([located], shard: shard, to: &bytes)
      let text = bytes.text
      return text.split(separator: "shardcheckFinding/v1\":\"").dropFirst().map { $0.prefix(32) }.joined(
        separator: " ")
    }
    let first = prints { _ in }
    #expect(Set(first.split(separator: " ")).count == 2)
    #expect(
      prints {
        $0.record = 7
        $0.line = 8
        $0.offset = 1_000
      } == first)
    #expect(prints { $0.key = "id-4" } != first)
    #expect(prints { $0.member = "m" } != first)
  }

  @Test("At most ten annotations of a severity, the last says how many more; every check comes first once")
  func annotations() {
    var result = ScanResult()
    for index in 0..<8 {
      var tally = CheckTally(severity: .error)
      tally.findings = 100
      tally.examples = (0..<3).map { number in
        FindingExample(
          shard: "s\(number)", location: Location(line: 1),
          finding: Finding(check: "check-\(index)", severity: .error, message: "m"))
      }
      result.checks["check-\(index)"] = tally
    }
    result.totals.errors = 800
    let lines = String(decoding: GitHubReport.render(result), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(
      lines.last
        == "::error title=shardcheck::791 more findings of severity error; the quarantine list has all")
    for index in 0..<8 { #expect(lines[index].contains("file=s0,line=1,title=check-\(index)::")) }
  }

  @Test("What is milder than the gate does not fail a case")
  func milder() {
    #expect(Self.written(JUnitReport(), failOn: .warning).split(separator: "<failure").count == 5)
    #expect(!Self.written(JUnitReport(), failOn: nil).contains("<failure"))
  }

  @Test(
    "A name or a file name tells the report",
    arguments: [
      ("junit", "junit.xml"), ("ci.xml", "ci.xml"), ("OUT.SARIF", "OUT.SARIF"), ("a/b.csv", "a/b.csv"),
      ("x.sarif.json", "x.sarif.json"), ("x.md", "x.md"), ("y.json", "y.json"),
    ])
  func targets(_ entry: String, _ file: String) throws {
    let target = try #require(try ReportTarget.parse([entry]).first)
    #expect(target.file == file && target.isInOutputFolder == !file.contains("/"))
    let expected = ["junit": "junit", "xml": "junit", "SARIF": "sarif", "csv": "csv", "md": "markdown"]
    let ending = String(entry.split(separator: ".").last ?? "")
    #expect(target.report.name == (entry.hasSuffix("sarif.json") ? "sarif" : expected[ending] ?? "summary"))
  }

  @Test(
    "What tells no report is refused",
    arguments: ["juint", "a.txt", ".xml", "a/", "summary.json", "x/y.xml/"])
  func noTargets(_ entry: String) {
    #expect(throws: ReportTarget.Failure.self) { try ReportTarget.parse([entry]) }
  }

  @Test("Nothing is written twice, and none is nothing")
  func lists() throws {
    #expect(
      try ReportTarget.parse(["junit", "junit.xml", "none", "csv"]).map(\.file) == [
        "junit.xml", "quarantine.csv",
      ])
    #expect(try ReportTarget.parse(["none"]).isEmpty)
  }
}
