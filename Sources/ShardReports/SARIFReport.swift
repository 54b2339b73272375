import ShardModel

/// `results.sarif`: SARIF 2.1.0 (OASIS), a result for each finding of the quarantine list and each about a field or
/// the data set.
///
/// GitHub takes 25,000 results of a run, so no more are written; the file says how many were left out. Lines and bytes
/// are those of the decoded shard, or of the member that `properties.member` names. A fingerprint is made of the check,
/// the shard, the record's own id (else its number) and the field: it stays the same while the finding does.
package final class SARIFReport: FindingReport {
  package static let fileName = "results.sarif"
  /// GitHub's limit for a run.
  package static let resultLimit: UInt64 = 25_000
  private let limit: UInt64
  private var rules: [String: Int] = [:]
  private var written: UInt64 = 0
  private var leftOut: UInt64 = 0
  private var lastURI: (shard: String, uri: String)?
  private var text = OutputBuffer()
  private var series = Series()

  /// What a finding mostly has in common with the one before it.
  private struct Series {
    var check = ""
    var field: String?
    var shard: String?
    var member: String?
    var isAboutAll = true
    /// Of these.
    var print: Fingerprint?
    var rule: Int?
  }

  package init(limit: UInt64 = SARIFReport.resultLimit) { self.limit = limit }

  package func begin(_ context: ReportContext, to bytes: inout OutputBuffer) {
    JSONText.append(
      raw:
        "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":",
      to: &bytes)
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("driver")
    writer.beginObject()
    writer.member("name", "shardcheck")
    writer.member("version", context.version)
    writer.member("semanticVersion", context.version)
    writer.name("rules")
    writer.beginArray()
    for (index, check) in context.checks.enumerated() {
      rules[check.id] = index
      SARIFRule.write(check, to: &writer)
    }
    writer.endArray()
    writer.endObject()
    writer.endObject()
    bytes += writer.finish().dropLast()
    JSONText.append(raw: ",\"columnKind\":\"unicodeCodePoints\",\"results\":[", to: &bytes)
  }

  package func add(_ batch: [LocatedFindings], shard: String, to bytes: inout OutputBuffer) {
    let lines = batch.span
    for line in lines.indices {
      let findings = lines[line].findings.span
      for index in findings.indices {
        add(findings[index], lines[line].location, shard: shard, to: &bytes)
      }
    }
  }

  package func finish(_ result: ScanResult, to bytes: inout OutputBuffer) {
    for finding in result.findings {
      add(finding, nil, shard: result.shards.first?.name, to: &bytes)
    }
    JSONText.append(raw: "\n],\"invocations\":[", to: &bytes)
    var writer = JSONWriter()
    writer.beginObject()
    // Whether the tool ran as it should, not what it found.
    writer.member("executionSuccessful", !result.isInterrupted && result.problems.isEmpty)
    writer.name("toolExecutionNotifications")
    writer.beginArray()
    if leftOut > 0 {
      Self.write(
        "warning", "\(leftOut) results are left out: a run holds at most \(limit); quarantine.jsonl has all",
        to: &writer)
    }
    for problem in result.problems { Self.write("error", "\(problem.path): \(problem.reason)", to: &writer) }
    if result.isInterrupted { Self.write("error", "interrupted before all shards were read", to: &writer) }
    for reason in result.unchecked { Self.write("note", "not checked: \(reason)", to: &writer) }
    writer.endArray()
    writer.endObject()
    bytes += writer.finish().dropLast()
    JSONText.append(raw: "],\"properties\":", to: &bytes)
    var properties = JSONWriter()
    properties.beginObject()
    properties.member("gate", result.gate.outcome.rawValue)
    properties.member("results", written)
    properties.member("resultsLeftOut", leftOut)
    properties.endObject()
    bytes += properties.finish().dropLast()
    JSONText.append(raw: "}]}\n", to: &bytes)
  }

  private static func write(_ level: String, _ text: String, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("level", level)
    writer.name("message")
    writer.beginObject()
    writer.member("text", text)
    writer.endObject()
    writer.endObject()
  }

  /// - Parameter location: nil for a finding about a field or the data set; GitHub refuses a result without a file, so
  ///   it stands at the first shard.
  @inline(__always)
  private func add(_ finding: Finding, _ location: Location?, shard: String?, to bytes: inout OutputBuffer) {
    guard written < limit else {
      leftOut += 1
      return
    }
    JSONText.append(raw: written == 0 ? "\n" : ",\n", to: &bytes)
    written += 1
    // Written without the writer: there are many of these.
    JSONText.append(raw: "{\"ruleId\":", to: &bytes)
    JSONText.append(finding.check, to: &bytes)
    if series.print == nil || series.check != finding.check || series.field != finding.field
      || series.shard != shard || series.member != location?.member || series.isAboutAll != (location == nil)
    {
      series = Series(
        check: finding.check, field: finding.field, shard: shard, member: location?.member,
        isAboutAll: location == nil, print: Self.commonPrint(finding, location, shard: shard),
        rule: rules[finding.check])
    }
    if let rule = series.rule {
      JSONText.append(raw: ",\"ruleIndex\":", to: &bytes)
      JSONText.append(rule, to: &bytes)
    }
    JSONText.append(raw: ",\"level\":", to: &bytes)
    JSONText.append(finding.severity.name, to: &bytes)
    JSONText.append(raw: ",\"message\":{\"text\":\"", to: &bytes)
    text.removeAll()
    FindingText.append(finding, at: location ?? Location(), to: &text)
    text.withBytes { line in
      if Printable.isPlain(line) {
        JSONText.append(inside: line, to: &bytes)
      } else {
        JSONText.append(inside: Printable.line(String(decoding: line, as: UTF8.self)), to: &bytes)
      }
    }
    JSONText.append(raw: "\"}", to: &bytes)
    if let shard {
      if lastURI?.shard != shard { lastURI = (shard, SARIFLocation.uri(shard)) }
      JSONText.append(raw: ",\"locations\":[", to: &bytes)
      SARIFLocation(uri: lastURI?.uri ?? "", location: location, field: finding.field).append(to: &bytes)
      bytes.append(UInt8(ascii: "]"))
    }
    JSONText.append(raw: ",\"partialFingerprints\":{\"shardcheckFinding/v1\":\"", to: &bytes)
    var print = series.print ?? Fingerprint()
    if let location { Self.add(location, to: &print) }
    print.append(to: &bytes)
    JSONText.append(raw: "\"}", to: &bytes)
    if let location, location.record != nil || location.member != nil {
      JSONText.append(raw: ",\"properties\":{", to: &bytes)
      var separator: StaticString = "\""
      if let member = location.member {
        JSONText.append(raw: "\"member\":", to: &bytes)
        JSONText.append(member, to: &bytes)
        separator = ",\""
      }
      if let record = location.record {
        JSONText.append(raw: separator, to: &bytes)
        JSONText.append(raw: "record\":", to: &bytes)
        JSONText.append(record, to: &bytes)
        separator = ",\""
      }
      if let key = location.key {
        JSONText.append(raw: separator, to: &bytes)
        JSONText.append(raw: "key\":", to: &bytes)
        JSONText.append(key, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func commonPrint(_ finding: Finding, _ location: Location?, shard: String?) -> Fingerprint {
    var print = Fingerprint()
    print.add(finding.check)
    print.add(finding.field ?? "")
    if let location {
      print.add(shard ?? "")
      print.add(location.member ?? "")
    }
    return print
  }

  private static func add(_ location: Location, to print: inout Fingerprint) {
    if let key = location.key {
      print.add(key, after: "key ")
    } else {
      print.add(location.record.map { "record \($0)" } ?? "")
    }
  }
}
