import ShardChecks
import ShardModel
import ShardReports
import ShardScan

/// Writes the files of the output directory as the results come: the quarantine list line by line, a report for each
/// shard, the summary at the end, and what else was asked for. Every file gets its name when it is whole.
final class OutputFiles: ResultSink {
  private let folder: String
  private let redact: Bool
  private let quarantineFile: FileWriter
  private let reports: ReportSet
  private var buffer = OutputBuffer()
  private static let bufferSize = 1 << 16

  init(folder: String, redact: Bool, targets: [ReportTarget]) throws(FileFailure) {
    self.folder = folder
    self.redact = redact
    reports = try ReportSet(targets, folder: folder, redact: redact)
    quarantineFile = try FileWriter(path: folder + "/" + QuarantineLine.fileName)
  }

  func begin(_ settings: ScanSettings, _ policy: GatePolicy) throws { try reports.begin(settings, policy) }

  func quarantine(_ batch: [LocatedFindings], shard: String) throws {
    QuarantineLine.append(batch, shard: shard, redact: redact, to: &buffer)
    if buffer.count >= Self.bufferSize { try flush() }
    try reports.quarantine(batch, shard: shard)
  }

  func finish(_ shard: ShardSummary) throws {
    try write(ShardReport.render(shard, redact: redact), to: ShardReport.path(for: shard.name))
    try reports.finish(shard)
  }

  /// Writes what is left once the result is known.
  func finish(_ result: ScanResult) throws {
    try flush()
    try quarantineFile.finish()
    for report in ReportCatalog.all where report.isAlwaysWritten {
      guard let render = report.render else { continue }
      try write(render(result, CheckCatalog.descriptions, redact), to: report.fileName)
    }
    try reports.finish(result)
  }

  private func flush() throws(FileFailure) {
    try buffer.withBytes { bytes throws(FileFailure) in try quarantineFile.write(bytes) }
    buffer.removeAll()
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let file = try FileWriter(path: folder + "/" + name)
    try file.write(bytes)
    try file.finish()
  }
}
