import ShardChecks
import ShardIngest
import ShardModel
import ShardScan

/// A whole scan of one shard: reading, all checks, the stored state, the verdict; then a merge, which must say the same.
///
/// The first byte chooses the name.
enum ScanFuzz {
  private static let scratch = ScratchFolder("scan")
  private static let names = [
    "a.jsonl", "a.json", "a.csv", "a.tsv", "a.jsonl.gz", "a.tar", "a.jsonl.zst", "a", "a.npy",
    "a.npz",
  ]

  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let name = names[Int(choice) % names.count]
    let path = scratch.write(name, input.dropFirst())
    do {
      let scanned = Sink()
      let merged = Sink()
      let output = scratch.path + "/scan-out"
      let settings = ScanSettings()
      try OutputFolder.prepare(output, force: true)
      let plan = ScanPlan(inputs: [ShardInput(name: name, path: path)], settings: settings, output: output)
      let first = try ScanRun.scan(
        plan, policy: GatePolicy(), found: ScanRecord(settings: settings), progress: ScanProgress(),
        sink: scanned)
      let other = scratch.path + "/merge-out"
      try OutputFolder.prepare(other, force: true)
      let second = try ScanRun.merge(
        [output], output: other, change: { _ in }, threads: 1, policy: GatePolicy(), progress: ScanProgress(),
        sink: merged)
      expect(first.problems.isEmpty, "\(first.problems)")
      expect(first == second, "scan: \(first)\nmerge: \(second)")
      expect(scanned.lines == merged.lines, "scan: \(scanned.lines)\nmerge: \(merged.lines)")
    } catch {
      fatalError("\(error)")
    }
  }
}

/// Keeps the lines of the quarantine list.
final class Sink: ResultSink {
  private(set) var lines: [LocatedFindings] = []

  func quarantine(_ batch: [LocatedFindings], shard: String) { lines += batch }

  func finish(_ shard: ShardSummary) {}
}
