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
  /// Makes the file of a result, values left out if `redact`; nil for what is written while the scan runs. `checks`
  /// describe the checks.
  package let render:
    (@Sendable (_ result: ScanResult, _ checks: [CheckDescription], _ redact: Bool) -> [UInt8])?
}

/// All reports: a new one is a file of its own and a line here.
package enum ReportCatalog {
  package static let all: [Report] = [
    Report(
      name: "quarantine", fileName: QuarantineLine.fileName, summary: "the flagged records, one a line",
      isAlwaysWritten: true, render: nil),
    Report(
      name: "summary", fileName: SummaryReport.fileName, summary: "statistics, findings and the verdict",
      isAlwaysWritten: true, render: { result, _, redact in SummaryReport.render(result, redact: redact) }),
    Report(
      name: "shards", fileName: ShardReport.directoryName + "/", summary: "a report for each shard",
      isAlwaysWritten: true, render: nil),
    Report(
      name: "html", fileName: HTMLReport.fileName, summary: "a page for people, whole in itself",
      isAlwaysWritten: true, render: { HTMLReport.render($0, descriptions: $1, redact: $2) }),
  ]

  /// Those that are written only when asked for.
  package static var optional: [Report] { all.filter { !$0.isAlwaysWritten } }

  package static func named(_ name: String) -> Report? { all.first { $0.name == name } }
}
