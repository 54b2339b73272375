import ShardModel

/// The result as a page of GitHub-flavoured Markdown: the verdict, what was not checked, and a table of checks. Short
/// enough for a comment or a step summary, whatever the size of the data.
package enum MarkdownReport {
  package static let fileName = "report.md"
  private static let shardLimit = 20

  package static func render(_ result: ScanResult, redact: Bool = false) -> [UInt8] {
    let result = redact ? result.redacted : result
    var text = "## shardcheck: \(result.gate.outcome.rawValue)\n\n"
    if !result.gate.reason.isEmpty { text += "\(MarkdownText.of(result.gate.reason)).\n\n" }
    let totals = result.totals
    text +=
      "\(Numeral.count(totals.records, "record")) in \(Numeral.count(totals.shards, "shard")); "
      + "\(Numeral.grouped(totals.quarantined)) quarantined; \(Numeral.count(totals.errors, "error")), "
      + "\(Numeral.count(totals.warnings, "warning")), \(Numeral.count(totals.notes, "note")).\n"
    text += checks(result)
    text += shards(result)
    let limits =
      result.problems.map { "\($0.path): \($0.reason)" } + result.unchecked
      + (result.isInterrupted ? ["the rest, since the scan was interrupted"] : [])
    if !limits.isEmpty {
      text += "\n### Not checked\n\n"
      for limit in limits.prefix(shardLimit) { text += "- \(MarkdownText.of(limit))\n" }
      text += more(limits.count, "reason")
    }
    return Array(text.utf8)
  }

  private static func checks(_ result: ScanResult) -> String {
    guard !result.checks.isEmpty else { return "\nNo check found anything.\n" }
    var text = "\n| check | severity | findings | records | first example |\n"
    text += "| --- | --- | ---: | ---: | --- |\n"
    let checks = result.checks.sorted { left, right in
      let (a, b) = (left.value, right.value)
      if a.severity != b.severity { return a.severity > b.severity }
      return a.findings != b.findings ? a.findings > b.findings : left.key < right.key
    }
    for (id, tally) in checks {
      let example = tally.examples.first.map { FindingText.place($0) + FindingText.about($0.finding) } ?? ""
      text +=
        "| \(MarkdownText.of(id)) | \(tally.severity.name) | \(Numeral.grouped(tally.findings)) | "
        + "\(Numeral.grouped(tally.records)) | \(MarkdownText.of(example)) |\n"
    }
    return text
  }

  private static func shards(_ result: ScanResult) -> String {
    let flagged = result.shards.filter { $0.errors > 0 || $0.warnings > 0 || $0.status == .damaged }
    guard !flagged.isEmpty else { return "" }
    let worst = flagged.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.errors != b.errors { return a.errors > b.errors }
      return a.warnings != b.warnings ? a.warnings > b.warnings : left.offset < right.offset
    }
    var text = "\n| shard | records | quarantined | errors | warnings | |\n"
    text += "| --- | ---: | ---: | ---: | ---: | --- |\n"
    for (_, shard) in worst.prefix(shardLimit) {
      text +=
        "| \(MarkdownText.of(shard.name)) | \(Numeral.grouped(shard.records)) | "
        + "\(Numeral.grouped(shard.quarantined)) | \(Numeral.grouped(shard.errors)) | "
        + "\(Numeral.grouped(shard.warnings)) | \(shard.status == .complete ? "" : shard.status.rawValue) |\n"
    }
    return text + more(flagged.count, "shard")
  }

  private static func more(_ count: Int, _ noun: String) -> String {
    count > shardLimit ? "\n… and \(Numeral.count(UInt64(count - shardLimit), "more \(noun)"))\n" : ""
  }
}
