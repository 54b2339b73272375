import ShardModel

/// The verdict in words, the same in every report for people.
struct VerdictText {
  let result: ScanResult

  init(_ result: ScanResult) { self.result = result }

  /// Whether nothing speaks against the data that was seen.
  var isPassed: Bool { !result.isInterrupted && result.gate.outcome == .passed }

  /// One word in capitals.
  var word: String {
    if result.isInterrupted { return "INTERRUPTED" }
    switch result.gate.outcome {
    case .passed: return "PASSED"
    case .failed: return "FAILED"
    case .incomplete: return "INCOMPLETE"
    }
  }

  /// What was found, lower case, no full stop.
  var sentence: String {
    let totals = result.totals
    if result.isInterrupted {
      return "stopped before all shards were read; "
        + (totals.records == 0 ? "no record was read" : "so far " + found)
    }
    let unread = Numeral.count(UInt64(result.problems.count), "input")
    switch result.gate.outcome {
    case .incomplete:
      return "\(unread) could not be read; "
        + (totals.records == 0 ? "no record was read" : "in the rest " + found)
    case .passed where totals.records == 0 && totals.errors + totals.warnings == 0:
      return "no record was read, so nothing was checked"
    case .passed, .failed:
      return found + (result.problems.isEmpty ? "" : "; \(unread) could not be read")
    }
  }

  /// What the records and the findings amount to.
  private var found: String {
    let totals = result.totals
    let severities = [
      totals.errors > 0 ? Numeral.count(totals.errors, "error") : nil,
      totals.warnings > 0 ? Numeral.count(totals.warnings, "warning") : nil,
    ].compactMap { $0 }.joined(separator: ", ")
    guard !severities.isEmpty else {
      return "no data cause found in " + Numeral.count(totals.records, "record")
    }
    if totals.quarantined == 0 {
      return "no single record is quarantined, but there are findings about fields, shards or the data set: "
        + severities
    }
    return "\(Numeral.grouped(totals.quarantined)) of \(Numeral.count(totals.records, "record"))"
      + " \(totals.quarantined == 1 ? "is" : "are") quarantined: \(severities)"
  }

  /// What was read.
  var extent: String {
    let totals = result.totals
    return "\(Numeral.count(totals.records, "record")), \(Numeral.bytes(totals.bytes))"
      + " in \(Numeral.count(totals.shards, "shard"))"
      + (totals.quarantined > 0
        ? "; \(Numeral.percent(totals.quarantined, of: totals.records)) quarantined" : "")
  }

  /// What was not checked, one reason each.
  var unchecked: [String] {
    var reasons = result.unchecked
    if let limit = result.recordLimit {
      reasons.insert(
        "what comes after the first \(Numeral.count(limit, "record")) of a shard (--limit)", at: 0)
    }
    let unread = result.shards.filter { $0.status == .unread }.count
    if result.isInterrupted, unread > 0 {
      reasons.insert("\(Numeral.count(UInt64(unread), "shard")), not read to the end", at: 0)
    }
    return reasons
  }
}

extension ScanResult {
  /// Checks, the gravest and most frequent first.
  var sortedChecks: [(id: String, tally: CheckTally)] {
    checks.map { (id: $0.key, tally: $0.value) }.sorted { left, right in
      if left.tally.severity != right.tally.severity { return left.tally.severity > right.tally.severity }
      if left.tally.records != right.tally.records { return left.tally.records > right.tally.records }
      if left.tally.findings != right.tally.findings { return left.tally.findings > right.tally.findings }
      return ByteOrder.precedes(left.id, right.id)
    }
  }

  /// Paths of fields that a finding or an example names, `features[3]` as `features[]`.
  var flaggedFields: [String: Severity] {
    var paths: [String: Severity] = [:]
    func note(_ field: String?, _ severity: Severity) {
      guard let field else { return }
      let path = FieldPath.withoutIndices(field)
      paths[path] = max(paths[path] ?? .note, severity)
    }
    for finding in findings { note(finding.field, finding.severity) }
    for tally in checks.values {
      for example in tally.examples { note(example.finding.field, example.finding.severity) }
    }
    return paths
  }
}

extension FieldPath {
  /// `features[3]` as `features[]`.
  static func withoutIndices(_ path: String) -> String {
    guard path.utf8.contains(UInt8(ascii: "[")) else { return path }
    var text = ""
    var held = ""
    for character in path {
      if character == "[" {
        text += held
        held = "["
      } else if held.isEmpty {
        text.append(character)
      } else if character == "]", held.dropFirst().allSatisfy(\.isNumber) {
        text += "[]"
        held = ""
      } else {
        held.append(character)
      }
    }
    return text + held
  }
}

extension ShardSummary {
  var isClean: Bool {
    errors + warnings + quarantined == 0 && (status == .complete || status == .limited)
  }

  /// Read to its end or not, the worst first; then by name.
  static func isWorse(_ left: ShardSummary, _ right: ShardSummary) -> Bool {
    if left.isBroken != right.isBroken { return left.isBroken }
    if left.errors != right.errors { return left.errors > right.errors }
    if left.warnings != right.warnings { return left.warnings > right.warnings }
    return ByteOrder.precedes(left.name, right.name)
  }

  private var isBroken: Bool { status == .damaged || status == .unread }
}
