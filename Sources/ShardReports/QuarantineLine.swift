import ShardModel

/// A line of `quarantine.jsonl`: all findings about one record, or about one shard as a whole.
///
/// Written while the scan runs, so it appends to the caller's buffer and builds nothing in between.
package enum QuarantineLine {
  package static let fileName = "quarantine.jsonl"

  /// Appends a line with its line feed for each. `redact` leaves out what was read: the values and the record's own id.
  package static func append(
    _ batch: [LocatedFindings], shard: String, redact: Bool, to bytes: inout OutputBuffer
  ) {
    // In spans no finding is copied, and no count of references touched.
    let lines = batch.span
    for index in lines.indices { append(lines[index], shard: shard, redact: redact, to: &bytes) }
  }

  private static func append(
    _ findings: LocatedFindings, shard: String, redact: Bool, to bytes: inout OutputBuffer
  ) {
    let location = findings.location
    JSONText.append(raw: "{\"shard\":", to: &bytes)
    JSONText.append(shard, to: &bytes)
    if let member = location.member {
      JSONText.append(raw: ",\"member\":", to: &bytes)
      JSONText.append(member, to: &bytes)
    }
    JSONText.append(raw: ",\"record\":", to: &bytes)
    JSONText.append(location.record, to: &bytes)
    JSONText.append(raw: ",\"line\":", to: &bytes)
    JSONText.append(location.line, to: &bytes)
    JSONText.append(raw: ",\"offset\":", to: &bytes)
    JSONText.append(location.offset, to: &bytes)
    JSONText.append(raw: ",\"length\":", to: &bytes)
    JSONText.append(location.length, to: &bytes)
    JSONText.append(raw: ",\"key\":", to: &bytes)
    JSONText.append(redact ? nil : location.key, to: &bytes)
    JSONText.append(raw: ",\"severity\":", to: &bytes)
    append(findings.severity, to: &bytes)
    JSONText.append(raw: ",\"findings\":[", to: &bytes)
    let all = findings.findings.span
    for index in all.indices {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(all[index], redact: redact, to: &bytes)
    }
    JSONText.append(raw: "]}\n", to: &bytes)
  }

  private static func append(_ finding: Finding, redact: Bool, to bytes: inout OutputBuffer) {
    JSONText.append(raw: "{\"check\":", to: &bytes)
    JSONText.append(finding.check, to: &bytes)
    JSONText.append(raw: ",\"severity\":", to: &bytes)
    append(finding.severity, to: &bytes)
    JSONText.append(raw: ",\"field\":", to: &bytes)
    JSONText.append(finding.field, to: &bytes)
    JSONText.append(raw: ",\"value\":", to: &bytes)
    JSONText.append(redact ? nil : finding.value, to: &bytes)
    JSONText.append(raw: ",\"message\":", to: &bytes)
    JSONText.append(finding.message, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ severity: Severity, to bytes: inout OutputBuffer) {
    switch severity {
    case .note: JSONText.append(raw: "\"note\"", to: &bytes)
    case .warning: JSONText.append(raw: "\"warning\"", to: &bytes)
    case .error: JSONText.append(raw: "\"error\"", to: &bytes)
    }
  }
}
