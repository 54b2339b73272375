import ShardModel

/// A report and where it goes, as `--report` asks for it.
package struct ReportTarget: Sendable {
  package let report: Report
  /// Relative to the output directory, unless it has a slash: then to the directory in which the command runs.
  package let file: String

  package init(_ report: Report, file: String? = nil) {
    self.report = report
    self.file = file ?? report.fileName
  }

  package var isInOutputFolder: Bool { !file.contains("/") }

  /// The report under the name that its file has.
  package var named: Report {
    Report(
      name: report.name, fileName: file, summary: report.summary, render: report.render,
      stream: report.stream,
      suffixes: report.suffixes)
  }

  package struct Failure: Error {
    package let message: String
    package let hint: String
  }

  /// Reads `junit`, `ci.xml`, `out/list.csv` or `none`; later entries for the same file are dropped.
  package static func parse(_ list: [String]) throws(Failure) -> [ReportTarget] {
    let names = ReportCatalog.optional.map(\.name)
    var targets: [ReportTarget] = []
    for entry in list where entry != "none" {
      let target: ReportTarget
      if let report = ReportCatalog.named(entry) {
        guard !report.isAlwaysWritten else { continue }
        target = ReportTarget(report)
      } else if entry.contains(".") || entry.contains("/") {
        guard let report = ReportCatalog.report(forFile: entry), !entry.hasSuffix("/") else {
          let endings = ReportCatalog.all.flatMap(\.suffixes).joined(separator: ", ")
          throw Failure(
            message: "--report: the name '\(entry)' does not tell the format", hint: "expected \(endings)")
        }
        target = ReportTarget(report, file: entry)
      } else {
        let near = NearestName.of(entry, among: names).map { "; did you mean \($0)?" } ?? ""
        throw Failure(
          message: "--report: there is no report '\(entry)'",
          hint: "expected \(names.joined(separator: ", ")), none, or a file name that tells the format\(near)"
        )
      }
      guard !ReportCatalog.all.contains(where: { $0.isAlwaysWritten && $0.fileName == target.file }) else {
        throw Failure(
          message: "--report: \(target.file) is written anyway", hint: "choose another name, or leave it out")
      }
      if !targets.contains(where: { $0.file == target.file }) { targets.append(target) }
    }
    return targets
  }
}
