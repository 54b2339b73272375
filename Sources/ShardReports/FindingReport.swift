import ShardModel

/// What a report of single findings is told before the first of them.
package struct ReportContext: Sendable {
  /// The checks that ran, in the order of the catalogue.
  package var checks: [CheckDescription]
  /// Findings from this severity on fail the gate; nil: none do.
  package var failOn: Severity?
  /// Of shardcheck.
  package var version: String

  package init(checks: [CheckDescription], failOn: Severity?, version: String) {
    self.checks = checks
    self.failOn = failOn
    self.version = version
  }
}

/// A report that takes findings as they come, so that their number does not matter to memory.
///
/// The calls come in the order of the quarantine list: `begin`, then for each shard its findings and the shard itself,
/// then `finish` with the result. Each appends to the caller's buffer, which is written out and emptied in between.
/// Values and keys have been left out already where the user wants that.
package protocol FindingReport: AnyObject {
  func begin(_ context: ReportContext, to bytes: inout OutputBuffer)
  /// - Parameter batch: findings of one shard, in order.
  func add(_ batch: [LocatedFindings], shard: String, to bytes: inout OutputBuffer)
  func finish(_ shard: ShardSummary, to bytes: inout OutputBuffer)
  func finish(_ result: ScanResult, to bytes: inout OutputBuffer)
}

extension FindingReport {
  package func add(_ batch: [LocatedFindings], shard: String, to bytes: inout OutputBuffer) {}
  package func finish(_ shard: ShardSummary, to bytes: inout OutputBuffer) {}
  package func finish(_ result: ScanResult, to bytes: inout OutputBuffer) {}
}

extension LocatedFindings {
  /// Without what was read: values and the record's own id.
  package var redacted: LocatedFindings {
    var copy = self
    copy.location.key = nil
    for index in copy.findings.indices { copy.findings[index].value = nil }
    return copy
  }
}

extension ShardSummary {
  /// Without what was read: values and ids in examples.
  package var redacted: ShardSummary {
    var copy = self
    copy.checks = copy.checks.mapValues(\.redacted)
    return copy
  }
}

extension ScanResult {
  /// Without what was read: values and ids in examples, and the most frequent values.
  package var redacted: ScanResult {
    var copy = self
    copy.checks = copy.checks.mapValues(\.redacted)
    for index in copy.findings.indices { copy.findings[index].value = nil }
    for index in copy.fields.indices { copy.fields[index].top = nil }
    for index in copy.shards.indices { copy.shards[index] = copy.shards[index].redacted }
    return copy
  }
}

extension CheckTally {
  fileprivate var redacted: CheckTally {
    var copy = self
    for index in copy.examples.indices {
      copy.examples[index].location.key = nil
      copy.examples[index].finding.value = nil
    }
    return copy
  }
}
