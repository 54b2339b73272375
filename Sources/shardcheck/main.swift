import Glibc
import ShardChecks
import ShardIngest
import ShardModel
import ShardScan

final class PlainSink: ResultSink {
  func quarantine(_ findings: LocatedFindings, shard: String) throws {
    for f in findings.findings {
      print(
        shard, findings.location.record.map { "\($0)" } ?? "-", findings.location.line ?? 0,
        findings.location.key ?? "", f.check, f.field ?? "", f.value ?? "", f.message)
    }
  }
  func finish(_ shard: ShardSummary) throws {}
}
var out = "/tmp/sc-out"
var threads = 2
var paths: [String] = []
var args = CommandLine.arguments.dropFirst()
while let a = args.popFirst() {
  if a == "--out" {
    out = args.popFirst()!
  } else if a == "--threads" {
    threads = Int(args.popFirst()!)!
  } else {
    paths.append(a)
  }
}
let found = try Discovery.resolve(paths)
try OutputFolder.prepare(out, force: true)
var plan = ScanPlan(inputs: found.inputs, settings: ScanSettings(), output: out)
plan.threads = threads
let sink = PlainSink()
let result = try ScanRun.scan(
  plan, policy: GatePolicy(), found: ScanRecord(settings: ScanSettings()), progress: ScanProgress(),
  sink: sink)
print(result.totals, result.gate, result.problems, result.unchecked)
for f in result.fields {
  print(
    f.path, f.types, f.numbers?.mean ?? 0, f.numbers?.standardDeviation ?? 0, f.distinct ?? 0,
    f.numbers?.fences.map { "\($0)" } ?? "", f.text?.characters.mean ?? 0, f.top?.values.first?.value ?? "")
}
for f in result.findings { print(f) }
