import ShardModel

/// A file in the output directory.
package struct Report: Sendable {
  /// As in `--report`.
  package let name: String
  /// Relative to the output directory; a trailing `/` marks a folder.
  package let fileName: String
  /// For people, what is in it.
  package let summary: String
  /// Whether it is written without being asked for.
  package let isAlwaysWritten: Bool
  /// Makes the file of a result, with what is said of each check.
  package typealias Render =
    @Sendable (_ result: ScanResult, _ checks: [CheckDescription], _ redact: Bool) -> [UInt8]
  /// Nil for what is written while the scan runs; values are left out if `redact`.
  package let render: Render?
  /// Makes the report that takes the findings one by one; nil where the result is enough.
  package let stream: (@Sendable () -> any FindingReport)?
  /// What a file name ends in that asks for this report.
  package let suffixes: [String]

  package init(
    name: String, fileName: String, summary: String, isAlwaysWritten: Bool = false,
    render: Render? = nil,
    stream: (@Sendable () -> any FindingReport)? = nil, suffixes: [String] = []
  ) {
    self.name = name
    self.fileName = fileName
    self.summary = summary
    self.isAlwaysWritten = isAlwaysWritten
    self.render = render
    self.stream = stream
    self.suffixes = suffixes
  }
}

/// All reports: a new one is a file of its own and a line here.
package enum ReportCatalog {
  package static let all: [Report] = [
    Report(
      name: "quarantine", fileName: QuarantineLine.fileName, summary: "the flagged records, one a line",
      isAlwaysWritten: true, stream: { QuarantineReport() }),
    Report(
      name: "summary", fileName: SummaryReport.fileName, summary: "statistics, findings and the verdict",
      isAlwaysWritten: true, render: { result, _, redact in SummaryReport.render(result, redact: redact) },
      suffixes: [".json"]),
    Report(
      name: "shards", fileName: ShardReport.directoryName + "/", summary: "a report for each shard",
      isAlwaysWritten: true, render: nil),
    Report(
      name: "html", fileName: HTMLReport.fileName, summary: "a page for people, whole in itself",
      isAlwaysWritten: true, render: { HTMLReport.render($0, descriptions: $1, redact: $2) },
      suffixes: [".html", ".htm"]),
    Report(
      name: "markdown", fileName: MarkdownReport.fileName, summary: "the verdict and a table, for a comment",
      render: { result, _, redact in MarkdownReport.render(result, redact: redact) },
      suffixes: [".md", ".markdown"]),
    Report(
      name: "junit", fileName: JUnitReport.fileName, summary: "a case for each check and shard, for CI",
      stream: { JUnitReport() }, suffixes: [".xml"]),
    Report(
      name: "sarif", fileName: SARIFReport.fileName, summary: "a result for each finding, for code scanning",
      stream: { SARIFReport() }, suffixes: [".sarif", ".sarif.json"]),
    Report(
      name: "csv", fileName: "quarantine.csv", summary: "the quarantine list for a spreadsheet",
      stream: { CSVReport() }, suffixes: [".csv"]),
    Report(
      name: "github", fileName: GitHubReport.fileName, summary: "annotations for GitHub Actions",
      render: { result, _, redact in GitHubReport.render(result, redact: redact) }),
    Report(
      name: "azure", fileName: AzureReport.fileName, summary: "annotations for Azure Pipelines",
      render: { result, _, redact in AzureReport.render(result, redact: redact) }),
  ]

  /// Those that are written only when asked for.
  package static var optional: [Report] { all.filter { !$0.isAlwaysWritten } }

  package static func named(_ name: String) -> Report? { all.first { $0.name == name } }

  /// The report that a file of this name asks for: the longest ending decides.
  package static func report(forFile name: String) -> Report? {
    let lower = name.lowercased()
    let matches = all.flatMap { report in report.suffixes.map { (report, $0) } }
      .filter { lower.hasSuffix($0.1) && lower.utf8.count > $0.1.utf8.count }
    return matches.max { $0.1.utf8.count < $1.1.utf8.count }?.0
  }
}
