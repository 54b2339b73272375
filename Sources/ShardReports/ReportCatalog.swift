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
  /// Makes the file of a result, values left out if `redact`; nil for what is written while the scan runs.
  package let render: (@Sendable (_ result: ScanResult, _ redact: Bool) -> [UInt8])?
  /// Makes the report that takes the findings one by one; nil where the result is enough.
  package let stream: (@Sendable () -> any FindingReport)?
  /// What a file name ends in that asks for this report.
  package let suffixes: [String]

  package init(
    name: String, fileName: String, summary: String, isAlwaysWritten: Bool = false,
    render: (@Sendable (_ result: ScanResult, _ redact: Bool) -> [UInt8])? = nil,
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
      isAlwaysWritten: true, render: { SummaryReport.render($0, redact: $1) }, suffixes: [".json"]),
    Report(
      name: "shards", fileName: ShardReport.directoryName + "/", summary: "a report for each shard",
      isAlwaysWritten: true, render: nil),
    Report(
      name: "markdown", fileName: MarkdownReport.fileName, summary: "the verdict and a table, for a comment",
      render: { MarkdownReport.render($0, redact: $1) }, suffixes: [".md", ".markdown"]),
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
      render: { GitHubReport.render($0, redact: $1) }),
    Report(
      name: "azure", fileName: AzureReport.fileName, summary: "annotations for Azure Pipelines",
      render: { AzureReport.render($0, redact: $1) }),
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
