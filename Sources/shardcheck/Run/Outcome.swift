import Glibc
import ShardModel
import ShardReports
import ShardScan

/// Exit codes, as documented in `shardcheck scan --help`.
enum ExitCode {
  static let passed: Int32 = 0
  static let failed: Int32 = 1
  static let notStarted: Int32 = 2
  static let incomplete: Int32 = 3
  static let interrupted: Int32 = 130

  static func of(_ result: ScanResult) -> Int32 {
    if result.isInterrupted { return interrupted }
    switch result.gate.outcome {
    case .passed: return passed
    case .failed: return failed
    case .incomplete: return incomplete
    }
  }
}

/// What scan and merge do alike: prepare the folder, run, write the files, show the report.
enum Outcome {
  static func produce(
    _ options: OutcomeOptions, ticker: ProgressTicker?, run: (OutputFiles) throws -> ScanResult
  ) -> Int32 {
    do {
      try OutputFolder.prepare(options.out, force: options.force)
      try OutputFolder.note(options.reports.filter(\.isInOutputFolder).map(\.file), in: options.out)
    } catch let refusal as OutputFolder.Refusal {
      return Failure.report(
        refusal.description, hint: "choose another directory with --out, or add --force to write beside it")
    } catch {
      return Failure.report("cannot write to \(error)", hint: "choose another directory with --out")
    }
    ticker?.begin()
    do {
      let files = try OutputFiles(
        folder: options.out, redact: options.redact, targets: options.reports)
      let result = try run(files)
      try files.finish(result)
      ticker?.end()
      for problem in result.problems {
        Terminal.writeError("shardcheck: \(Printable.line(problem.path)): \(problem.reason)\n")
      }
      if !options.terminal.isQuiet {
        show(
          result, options.terminal, folder: options.out, redact: options.redact, targets: options.reports)
      }
      Annotations.write(result, redact: options.redact)
      return ExitCode.of(result)
    } catch let failure as ScanRun.MergeFailure {
      ticker?.end()
      return Failure.report(failure.description)
    } catch {
      ticker?.end()
      return Failure.report("\(error)")
    }
  }

  /// Writes the report for people to standard output.
  static func show(
    _ result: ScanResult, _ terminal: TerminalOptions, folder: String, redact: Bool, targets: [ReportTarget]
  ) {
    let isTerminal = Terminal.isTerminal(STDOUT_FILENO)
    var shown = TerminalReport.Options()
    shown.width = isTerminal ? Terminal.width(STDOUT_FILENO) : 80
    shown.usesColor = terminal.hasColor
    shown.isVerbose = terminal.isVerbose
    shown.redact = redact
    shown.outputDirectory = folder
    shown.reports = ReportCatalog.all.filter(\.isAlwaysWritten) + targets.map(\.named)
    Terminal.write(TerminalReport.render(result, options: shown))
  }
}

/// Errors of the command itself, on standard error.
enum Failure {
  static func report(_ message: String, details: [String] = [], hint: String? = nil) -> Int32 {
    Terminal.writeError("shardcheck: \(Printable.line(message))\n")
    for detail in details { Terminal.writeError("  \(Printable.line(detail))\n") }
    if let hint { Terminal.writeError("  \(Printable.line(hint))\n") }
    return ExitCode.notStarted
  }

  static func report(_ error: UsageError) -> Int32 {
    report(error.message, details: error.details, hint: error.hint)
  }
}
