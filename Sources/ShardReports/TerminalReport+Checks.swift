import ShardModel

extension TerminalReport {
  private static let checkLimit = 12
  /// Columns for a value, so that the message beside it can be read.
  private static let valueLimit = 32

  /// Checks, the gravest and most frequent first, two lines each: how often, and one place to look at.
  mutating func addChecks() {
    guard !result.checks.isEmpty else { return }
    let checks = result.sortedChecks
    addHeading("Checks")
    let shown = options.isVerbose ? checks.count : min(checks.count, Self.checkLimit)
    let idWidth = checks.prefix(shown).map { DisplayWidth.of(Printable.line($0.id)) }.max() ?? 0
    for (id, tally) in checks.prefix(shown) {
      var line = StyledLine("  ")
      line.append(Self.word(tally.severity), TextStyle.of(tally.severity))
      line.pad(to: 9)
      line.cell(id, min(idWidth, width / 2), .heading)
      line.append("  " + Self.amount(tally))
      add(line)
      for example in tally.examples.prefix(options.isVerbose ? CheckTally.exampleLimit : 1) {
        add(place(example))
      }
    }
    if shown < checks.count { addRemainder(checks.count - shown, "more checks") }
  }

  static func word(_ severity: Severity) -> String {
    switch severity {
    case .error: "ERROR"
    case .warning: "warn"
    case .note: "note"
    }
  }

  private static func amount(_ tally: CheckTally) -> String {
    let findings = Numeral.count(tally.findings, "finding")
    if tally.records == 0 { return findings }
    let records = Numeral.count(tally.records, "record")
    return tally.records == tally.findings ? records : "\(records), \(findings)"
  }

  /// `a/00001.jsonl.gz line 18: features[3] = NaN, not a finite number`
  private func place(_ example: FindingExample) -> StyledLine {
    var line = StyledLine()
    line.pad(to: 9)
    let room = width - 9
    if let shard = example.shard {
      let position = Self.position(example.location)
      // The name gives way first: line, field and value are what the reader is after.
      line.append(DisplayWidth.cutMiddle(Printable.line(shard), to: max(12, room * 2 / 5)))
      line.append(position + ": ")
    }
    let finding = example.finding
    let fieldLimit = max(12, room / 3)
    let field = finding.field.map { DisplayWidth.cutMiddle(Printable.line($0), to: fieldLimit) }
    let value =
      finding.value == nil
      ? nil
      : options.redact
        ? "(redacted)" : DisplayWidth.cut(Printable.line(finding.value ?? ""), to: Self.valueLimit)
    switch (field, value) {
    case (let field?, let value?): line.append("\(field) = \(value)")
    case (let field?, nil): line.append(field)
    case (nil, let value?):
      line.append(finding.message)
      line.append("  " + value, .faint)
    case (nil, nil): line.append(finding.message)
    }
    if field != nil { line.append("  " + finding.message, .faint) }
    return line
  }

  private static func position(_ location: Location) -> String {
    var text = location.member.map { ": " + DisplayWidth.cutMiddle(Printable.line($0), to: 24) } ?? ""
    if let line = location.line {
      text += " line \(line)"
    } else if let record = location.record {
      text += " record \(record)"
    }
    return text
  }
}
