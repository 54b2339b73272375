import ShardModel

/// `summary.json`: the whole result of a scan or a merge, for machines and for a later comparison.
///
/// Strict JSON in a fixed order, so that equal results are equal bytes, and a line for each thing that changes on its
/// own, so that a difference of two summaries is readable. Memory: proportional to the result.
package enum SummaryReport {
  package static let fileName = "summary.json"
  package static let format = "shardcheck-summary"
  package static let version = 1

  /// `redact` leaves out what was read from records: values and ids in examples, and the most frequent values.
  /// Statistics stay.
  package static func render(_ result: ScanResult, redact: Bool = false) -> [UInt8] {
    var writer = JSONWriter(style: .indented)
    writer.beginObject()
    writer.member("format", format)
    writer.name("version")
    writer.value(version)
    write(result.totals, to: &writer)
    write(result.tokenizer, to: &writer)
    write(result.tokens, to: &writer)
    writer.name("checks")
    write(result.checks, redact: redact, to: &writer)
    writer.name("fields")
    writer.beginArray()
    for field in result.fields { write(field, redact: redact, to: &writer) }
    writer.endArray()
    if let pairs = result.pairs { write(pairs, to: &writer) }
    if let images = result.images { write(images, to: &writer) }
    writer.name("findings")
    writer.beginArray()
    for finding in result.findings {
      writer.beginObject(isInline: true)
      writer.member("check", finding.check)
      write(finding, redact: redact, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.name("shards")
    writer.beginArray()
    for shard in result.shards {
      writer.beginObject(isInline: true)
      writeMembers(of: shard, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writeLimits(of: result, to: &writer)
    write(result.gate, to: &writer)
    writer.endObject()
    return writer.finish()
  }

  private static func write(_ totals: ScanTotals, to writer: inout JSONWriter) {
    writer.name("totals")
    writer.beginObject()
    writer.member("shards", totals.shards)
    writer.member("records", totals.records)
    writer.member("bytes", totals.bytes)
    writer.member("storedBytes", totals.storedBytes)
    writer.member("quarantined", totals.quarantined)
    writer.member("errors", totals.errors)
    writer.member("warnings", totals.warnings)
    writer.member("notes", totals.notes)
    writer.endObject()
  }

  /// What stands between this result and a statement about all of the data.
  private static func writeLimits(of result: ScanResult, to writer: inout JSONWriter) {
    writer.name("unchecked")
    writer.beginArray()
    for reason in result.unchecked { writer.value(reason) }
    writer.endArray()
    writer.name("problems")
    writer.beginArray()
    for problem in result.problems {
      writer.beginObject(isInline: true)
      writer.member("path", problem.path)
      writer.member("reason", problem.reason)
      writer.endObject()
    }
    writer.endArray()
    writer.member("interrupted", result.isInterrupted)
    writer.member("limit", result.recordLimit)
  }

  private static func write(_ gate: GateVerdict, to writer: inout JSONWriter) {
    writer.name("gate")
    writer.beginObject()
    writer.member("outcome", gate.outcome.rawValue)
    writer.member("failOn", gate.failOn)
    writer.member("maxQuarantined", gate.maximumQuarantined)
    writer.member("reason", gate.reason)
    writer.endObject()
  }

  /// Writes an object of checks by id, in the order of their ids.
  static func write(_ checks: [String: CheckTally], redact: Bool, to writer: inout JSONWriter) {
    writer.beginObject()
    for (id, tally) in checks.sorted(by: { $0.key < $1.key }) {
      writer.name(id)
      writer.beginObject()
      writer.member("severity", tally.severity.name)
      writer.member("findings", tally.findings)
      writer.member("records", tally.records)
      writer.name("examples")
      writer.beginArray()
      for example in tally.examples {
        writer.beginObject(isInline: true)
        write(example, redact: redact, to: &writer)
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
    writer.endObject()
  }

  /// The members of an example, in the order and with the names of a quarantine line; a place only where there is one.
  private static func write(_ example: FindingExample, redact: Bool, to writer: inout JSONWriter) {
    if let shard = example.shard {
      writer.member("shard", shard)
      if let member = example.location.member { writer.member("member", member) }
      writer.member("record", example.location.record)
      writer.member("line", example.location.line)
      writer.member("offset", example.location.offset)
      writer.member("length", example.location.length)
      writer.member("key", redact ? nil : example.location.key)
    }
    write(example.finding, redact: redact, to: &writer)
  }

  private static func write(_ finding: Finding, redact: Bool, to writer: inout JSONWriter) {
    writer.member("severity", finding.severity.name)
    writer.member("field", finding.field)
    writer.member("value", redact ? nil : finding.value)
    writer.member("message", finding.message)
  }

  /// Writes what is known of a shard but its checks.
  static func writeMembers(of shard: ShardSummary, to writer: inout JSONWriter) {
    writer.member("name", shard.name)
    writer.member("status", shard.status.rawValue)
    writer.member("format", shard.format)
    writer.member("compression", shard.compression)
    writer.member("members", shard.members)
    writer.member("records", shard.records)
    writer.member("bytes", shard.bytes)
    writer.member("storedBytes", shard.storedBytes)
    writer.member("xxh3", shard.digest)
    writer.member("quarantined", shard.quarantined)
    writer.member("errors", shard.errors)
    writer.member("warnings", shard.warnings)
    writer.member("notes", shard.notes)
  }
}
