import Glibc
import ShardChecks
import ShardModel
import ShardReports
import ShardScan

/// `shardcheck diff`: compares two summaries.
enum Diff {
  static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
    let paths = arguments.operands
    guard paths.count == 2 else {
      throw UsageError(
        paths.count < 2 ? "two summaries are compared" : "only two summaries are compared",
        hint: "shardcheck diff last-week/summary.json this-week/summary.json")
    }
    let before = try BaselineFile.read(paths[0], role: "diff")
    let after = try BaselineFile.read(paths[1], role: "diff")
    let limits = DriftSettings()
    let drifts = DriftComparison(limits).compare(before, after)
    let report = DiffReport(drifts, before: before, after: after, limits: limits)
    if let path = arguments.value("out") {
      do {
        let file = try FileWriter(path: path)
        try file.write(report.rendered(DiffReport.Format(forFile: path)))
        try file.finish()
      } catch {
        throw UsageError("cannot write to \(error)", hint: "choose another file with --out")
      }
    }
    let format =
      arguments.has("json")
      ? .json : arguments.value("format").flatMap { DiffReport.Format(rawValue: $0) } ?? .table
    if format != .table {
      Terminal.write(report.rendered(format))
    } else if !arguments.has("quiet") {
      let terminal = TerminalOptions(arguments)
      let isTerminal = Terminal.isTerminal(STDOUT_FILENO)
      Terminal.write(
        report.table(
          width: isTerminal ? Terminal.width(STDOUT_FILENO) : 80, color: terminal.hasColor,
          isVerbose: terminal.isVerbose))
    }
    // What moved is a warning, as in a scan.
    let fails = (arguments.value("fail-on") ?? "warning") == "warning"
    return fails && report.moved > 0 ? ExitCode.failed : ExitCode.passed
  }
}
