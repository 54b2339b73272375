import ShardModel

extension HTMLReport {
  /// Checks that found something, the gravest first.
  mutating func writeChecks() {
    guard !result.checks.isEmpty else { return }
    let count = result.checks.count
    writer.beginSection("checks", "Checks", "\(count) found something")
    for (id, tally) in result.sortedChecks { write(id, tally) }
    writer.raw("</section>\n")
  }

  private mutating func write(_ id: String, _ tally: CheckTally) {
    writer.raw("<article class=\"check ")
    switch tally.severity {
    case .error: writer.raw("error")
    case .warning: writer.raw("warning")
    case .note: writer.raw("note")
    }
    writer.raw("\"><h3>")
    writer.badge(tally.severity)
    writer.raw(" ")
    writer.code(id)
    writer.raw("</h3><p class=\"amount\">")
    writer.text(amount(id, tally))
    writer.raw("</p>")
    if let description = descriptions[id] {
      writer.raw("<p class=\"what\">")
      writer.text(description.summary)
      writer.raw("</p><p class=\"why\"><b>Why it hurts.</b> ")
      writer.text(description.rationale)
      writer.raw("</p>")
    }
    if !tally.examples.isEmpty {
      writer.raw("<h4>")
      writer.raw(tally.examples.count == 1 ? "Example" : "Examples")
      writer.raw("</h4><ul class=\"examples\">")
      for example in tally.examples.prefix(CheckTally.exampleLimit) { write(example) }
      writer.raw("</ul>")
    }
    let remedies = CheckRemedy.all(for: id, tally, descriptions[id])
    if !remedies.isEmpty {
      writer.raw("<details><summary>Deal with it</summary><ul class=\"plain\">")
      for remedy in remedies {
        writer.raw("<li>")
        writer.text(remedy.text)
        writer.command(remedy.code)
        writer.raw("</li>")
      }
      writer.raw("</ul></details>")
    }
    writer.raw("</article>\n")
  }

  private func amount(_ id: String, _ tally: CheckTally) -> String {
    var parts: [String] = []
    if tally.records > 0 {
      let share = Numeral.percent(tally.records, of: result.totals.records)
      parts.append("\(Numeral.count(tally.records, "record")) (\(share))")
    }
    if tally.records != tally.findings { parts.append(Numeral.count(tally.findings, "finding")) }
    let shards = result.shards.filter { $0.checks[id] != nil }.count
    if shards > 0 {
      parts.append(
        "in \(Numeral.grouped(UInt64(shards))) of \(Numeral.count(UInt64(result.shards.count), "shard"))")
    }
    return parts.joined(separator: " · ")
  }

  private mutating func write(_ example: FindingExample) {
    let finding = example.finding
    writer.raw("<li>")
    if finding.field != nil || finding.value != nil {
      writer.raw("<p class=\"read\">")
      if let field = finding.field { writer.code(field, limit: 120) }
      if let value = finding.value {
        writer.raw(finding.field == nil ? "<span>" : " <span class=\"eq\">=</span> <span>")
        if redact {
          writer.raw("(redacted)")
        } else {
          writer.raw("<code class=\"d v\">")
          writer.data(value)
          writer.raw("</code>")
        }
        writer.raw("</span>")
      }
      writer.raw("</p>")
    }
    writer.raw("<p>")
    writer.data(finding.message, limit: 400)
    writer.raw("</p>")
    if let shard = example.shard { writePlace(shard, example.location) }
    writer.raw("</li>")
  }

  /// Where a record is: shard, member, line, record, byte, key.
  mutating func writePlace(_ shard: String, _ location: Location) {
    writer.raw("<p class=\"place\">")
    writer.code(shard, limit: 160)
    if let member = location.member {
      writer.raw(" › ")
      writer.code(member, limit: 120)
    }
    var parts: [String] = []
    if let line = location.line { parts.append("line \(Numeral.grouped(line))") }
    if let record = location.record {
      parts.append("record \(Numeral.grouped(record))")
      parts.append("byte \(Numeral.grouped(location.offset))")
    }
    if !parts.isEmpty {
      writer.raw(" · ")
      writer.text(parts.joined(separator: " · "))
    }
    if let key = location.key, !redact {
      writer.raw(" · key ")
      writer.code(key, limit: 80)
    }
    writer.raw("</p>")
  }
}
