import ShardChecks
import ShardModel
import ShardReports
import ShardScan

/// Where a report goes.
enum ReportOutput {
  case file(FileWriter)
  case standardOutput

  func write(_ bytes: [UInt8]) throws(FileFailure) {
    switch self {
    case .file(let file): try file.write(bytes)
    case .standardOutput: Terminal.write(bytes)
    }
  }

  /// Writes what the buffer holds and empties it.
  func flush(_ buffer: inout OutputBuffer) throws(FileFailure) {
    switch self {
    case .file(let file): try buffer.withBytes { bytes throws(FileFailure) in try file.write(bytes) }
    case .standardOutput: Terminal.write(buffer.bytes)
    }
    buffer.removeAll()
  }

  func finish() throws(FileFailure) {
    if case .file(let file) = self { try file.finish() }
  }
}

/// The reports that were asked for, written as the results come. Memory: a buffer for each.
final class ReportSet: ResultSink {
  private final class Entry {
    let report: Report
    let stream: (any FindingReport)?
    let output: ReportOutput
    var buffer = OutputBuffer()

    init(_ report: Report, _ output: ReportOutput) {
      self.report = report
      stream = report.stream?()
      self.output = output
    }
  }

  private static let bufferSize = 1 << 16
  private var entries: [Entry] = []
  private let redact: Bool

  /// - Parameter folder: what names without a slash are relative to.
  init(_ targets: [ReportTarget], folder: String, redact: Bool) throws(FileFailure) {
    self.redact = redact
    for target in targets {
      let path = target.isInOutputFolder ? folder + "/" + target.file : target.file
      entries.append(Entry(target.report, .file(try FileWriter(path: path))))
    }
  }

  init(standardOutput report: Report, redact: Bool) {
    self.redact = redact
    entries = [Entry(report, .standardOutput)]
  }

  func begin(_ settings: ScanSettings, _ policy: GatePolicy) throws {
    let context = ReportContext(
      checks: CheckCatalog.descriptions.filter { settings.checks.enabled.contains($0.id) },
      failOn: policy.failOn, version: Commands.version)
    try each { $0.begin(context, to: &$1) }
  }

  func quarantine(_ batch: [LocatedFindings], shard: String) throws {
    guard entries.contains(where: { $0.stream != nil }) else { return }
    let batch = redact ? batch.map(\.redacted) : batch
    try each { $0.add(batch, shard: shard, to: &$1) }
  }

  func finish(_ shard: ShardSummary) throws {
    let shard = redact ? shard.redacted : shard
    try each { $0.finish(shard, to: &$1) }
  }

  /// Writes what is left once the result is known.
  func finish(_ result: ScanResult) throws {
    let shown = redact ? result.redacted : result
    try each { $0.finish(shown, to: &$1) }
    for entry in entries {
      if let render = entry.report.render {
        try entry.output.write(render(result, CheckCatalog.descriptions, redact))
      }
      try entry.output.flush(&entry.buffer)
      try entry.output.finish()
    }
  }

  private func each(_ body: (any FindingReport, inout OutputBuffer) -> Void) throws {
    for entry in entries {
      guard let stream = entry.stream else { continue }
      body(stream, &entry.buffer)
      if entry.buffer.count >= Self.bufferSize { try entry.output.flush(&entry.buffer) }
    }
  }
}
