import ShardModel

/// The quarantine list as one of the reports, for `report --format quarantine`.
package final class QuarantineReport: FindingReport {
  package init() {}

  package func begin(_ context: ReportContext, to bytes: inout OutputBuffer) {}

  package func add(_ batch: [LocatedFindings], shard: String, to bytes: inout OutputBuffer) {
    QuarantineLine.append(batch, shard: shard, redact: false, to: &bytes)
  }
}
