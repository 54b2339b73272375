import Glibc
import ShardModel
import ShardReports
import ShardScan

/// `shardcheck report`: renders stored results again.
enum StoredReport {
  static let terminal = "terminal"
  /// Formats of which standard output takes one.
  static var formats: [String] {
    [terminal] + ReportCatalog.all.filter { $0.render != nil || $0.stream != nil }.map(\.name)
  }

  static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
    guard arguments.operands.count == 1, let folder = arguments.operands.first else {
      throw UsageError(
        "which results?", hint: "name one directory that scan --out wrote: shardcheck report DIR")
    }
    let targets = try OutcomeOptions.reports(arguments, usual: [])
    let format = arguments.value("format") ?? (targets.isEmpty ? terminal : nil)
    Interrupt.install()
    do {
      let stored = try StoredScan(folder)
      let redact = arguments.has("redact") || stored.redacts
      try OutputFolder.note(targets.filter(\.isInOutputFolder).map(\.file), in: folder)
      let sink =
        if let report = format.flatMap({ ReportCatalog.named($0) }) {
          ReportSet(standardOutput: report, redact: redact)
        } else {
          try ReportSet([], folder: folder, redact: redact)
        }
      let files = try ReportSet(targets, folder: folder, redact: redact)
      let result = try stored.replay(sink: Both(sink, files))
      try sink.finish(result)
      try files.finish(result)
      if format == terminal {
        Outcome.show(result, TerminalOptions(arguments), folder: folder, redact: redact, targets: targets)
      }
      return ExitCode.passed
    } catch let failure as ScanRun.MergeFailure {
      return Failure.report(failure.description)
    } catch {
      return Failure.report("\(error)")
    }
  }

  /// What goes to standard output and what goes to files, in one go.
  private final class Both: ResultSink {
    private let sinks: [ReportSet]

    init(_ sinks: ReportSet...) { self.sinks = sinks }

    func begin(_ settings: ScanSettings, _ policy: GatePolicy) throws {
      for sink in sinks { try sink.begin(settings, policy) }
    }

    func quarantine(_ batch: [LocatedFindings], shard: String) throws {
      for sink in sinks { try sink.quarantine(batch, shard: shard) }
    }

    func finish(_ shard: ShardSummary) throws { for sink in sinks { try sink.finish(shard) } }
  }
}
