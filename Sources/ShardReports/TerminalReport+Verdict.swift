import ShardModel

extension TerminalReport {
  mutating func addVerdict() {
    let (word, style) = verdictWord
    let label = word + "  "
    addParagraph(label, style, verdictSentence)
    let indent = String(repeating: " ", count: label.count)
    if !result.gate.reason.isEmpty, !result.isInterrupted {
      addParagraph(indent, .plain, result.gate.reason, .faint)
    }
    addParagraph(indent, .plain, extent, .faint)
  }

  private var verdictWord: (String, TextStyle) {
    if result.isInterrupted { return ("INTERRUPTED", .error) }
    switch result.gate.outcome {
    case .passed: return ("PASSED", .passed)
    case .failed: return ("FAILED", .error)
    case .incomplete: return ("INCOMPLETE", .error)
    }
  }

  private var verdictSentence: String {
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

  private var extent: String {
    let totals = result.totals
    return "\(Numeral.count(totals.records, "record")), \(Numeral.bytes(totals.bytes))"
      + " in \(Numeral.count(totals.shards, "shard"))"
      + (totals.quarantined > 0
        ? "; \(Numeral.percent(totals.quarantined, of: totals.records)) quarantined" : "")
  }

  /// What was not checked or not read: a verdict is only about the rest.
  mutating func addLimits() {
    if !result.problems.isEmpty {
      addHeading("Not read", "for a reason outside the data")
      addItems(
        result.problems.map { "\(Printable.line($0.path)): \(Printable.line($0.reason))" }, style: .error)
    }
    var reasons = result.unchecked
    if let limit = result.recordLimit {
      reasons.insert(
        "what comes after the first \(Numeral.count(limit, "record")) of a shard (--limit)", at: 0)
    }
    let unread = result.shards.filter { $0.status == .unread }.count
    if result.isInterrupted, unread > 0 {
      reasons.insert("\(Numeral.count(UInt64(unread), "shard")), not read to the end", at: 0)
    }
    guard !reasons.isEmpty else { return }
    addHeading("Not checked")
    addItems(reasons.map(Printable.line), style: .plain)
  }

  private static let itemLimit = 10

  private mutating func addItems(_ items: [String], style: TextStyle) {
    let shown = options.isVerbose ? items.count : min(items.count, Self.itemLimit)
    for item in items.prefix(shown) { addParagraph("  - ", style, item) }
    if shown < items.count { addRemainder(items.count - shown, "more") }
  }

  mutating func addRemainder(_ count: Int, _ what: String) {
    add(StyledLine("  … \(Numeral.grouped(UInt64(count))) \(what) (--verbose shows all)", .faint))
  }
}
