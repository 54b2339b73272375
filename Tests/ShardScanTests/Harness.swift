import ShardChecks
import ShardIngest
import ShardModel
import ShardScan
import ShardTestSupport

/// Takes in what a scan says, in order.
final class RecordingSink: ResultSink {
  struct Line: Equatable {
    var shard: String
    var findings: LocatedFindings
  }

  private(set) var lines: [Line] = []
  private(set) var shards: [ShardSummary] = []

  func quarantine(_ batch: [LocatedFindings], shard: String) {
    lines += batch.map { Line(shard: shard, findings: $0) }
  }

  func finish(_ shard: ShardSummary) { shards.append(shard) }
}

/// The whole outcome of a scan or merge.
struct Outcome {
  var result: ScanResult
  var lines: [RecordingSink.Line]
  var shards: [ShardSummary]

  /// Check ids of the record, sorted.
  func checks(record: UInt64?, shard: String? = nil) -> [String] {
    lines.filter { $0.findings.location.record == record && (shard == nil || $0.shard == shard) }
      .flatMap { $0.findings.findings.map(\.check) }.sorted()
  }

  /// `record check field` for each finding on the list.
  var brief: [String] {
    lines.flatMap { line in
      line.findings.findings.map { finding in
        "\(line.findings.location.record.map { "\($0)" } ?? "-") \(finding.check) \(finding.field ?? "-")"
      }
    }
  }
}

extension ScanSettings {
  /// For data that repeat themselves because something else is tested.
  static var withoutDuplicates: ScanSettings {
    var settings = ScanSettings()
    settings.checks.enabled.subtract(["record-duplicate", "image-duplicate", "image-near-duplicate"])
    return settings
  }

  /// For records whose pictures are not there or are none.
  static var withoutPictures: ScanSettings {
    var settings = ScanSettings()
    settings.checks.imageMode = .none
    return settings
  }
}

func scan(
  _ paths: [String], out: String, threads: Int = 1, settings: ScanSettings = ScanSettings(),
  policy: GatePolicy = GatePolicy(), tokenizer: TokenizerFile? = nil
) throws -> Outcome {
  let found = try Discovery.resolve(paths)
  try OutputFolder.prepare(out, force: false)
  var plan = ScanPlan(inputs: found.inputs, settings: settings, output: out)
  plan.threads = threads
  plan.tokenizer = tokenizer?.tokenizer
  let sink = RecordingSink()
  let result = try ScanRun.scan(
    plan, policy: policy, found: ScanRecord(settings: settings), progress: ScanProgress(), sink: sink)
  return Outcome(result: result, lines: sink.lines, shards: sink.shards)
}

func merge(_ folders: [String], out: String, policy: GatePolicy = GatePolicy()) throws -> Outcome {
  try OutputFolder.prepare(out, force: false)
  let sink = RecordingSink()
  let result = try ScanRun.merge(
    folders, output: out, change: { _ in }, threads: 1, policy: policy, progress: ScanProgress(), sink: sink)
  return Outcome(result: result, lines: sink.lines, shards: sink.shards)
}

/// Scans one text as one shard.
func scan(
  text: String, name: String = "a.jsonl", threads: Int = 1, settings: ScanSettings = ScanSettings(),
  tokenizer: TokenizerFile? = nil
) throws -> Outcome {
  let folder = TemporaryFolder()
  let path = folder.write("data/" + name, text)
  return try scan(
    [path], out: folder.path + "/out", threads: threads, settings: settings,
    tokenizer: tokenizer)
}
