import ShardModel

extension HTMLReport {
  /// The verdict, three sentences that need no knowledge of checks, and beside them what was not checked.
  mutating func writeVerdict(_ verdict: VerdictText) {
    writer.raw("<section id=\"verdict\" aria-labelledby=\"verdict-h\" class=\"verdict ")
    switch (verdict.isPassed, result.gate.outcome) {
    case (true, _): writer.raw("passed")
    case (false, .failed): writer.raw("failed")
    default: writer.raw("incomplete")
    }
    writer.raw("\"><div class=\"head\"><h1 id=\"verdict-h\"><span class=\"word\">")
    writer.text(Self.titled(verdict.word))
    writer.raw("</span> ")
    writer.data(verdict.sentence, limit: 300)
    writer.raw("</h1>")
    for sentence in sentences {
      writer.raw("<p>")
      writer.data(sentence, limit: 600)
      writer.raw("</p>")
    }
    if !result.gate.reason.isEmpty, !result.isInterrupted {
      writer.raw("<p class=\"reason\">The gate: ")
      writer.data(result.gate.reason, limit: 300)
      writer.raw(".</p>")
    }
    writer.raw("</div><div class=\"aside\">")
    writeUnchecked(verdict)
    writer.raw("</div>")
    writeFigures()
    writeNextSteps()
    writer.raw("</section>\n")
  }

  static func titled(_ word: String) -> String { word.prefix(1) + word.dropFirst().lowercased() }

  /// What was read; what is wrong with it; what follows from that.
  private var sentences: [String] {
    let totals = result.totals
    var read = "\(Numeral.count(totals.records, "record")) in \(Numeral.count(totals.shards, "shard"))"
    read += " (\(Numeral.bytes(totals.bytes))) \(totals.records == 1 ? "was" : "were") read"
    read +=
      totals.quarantined > 0
      ? ", and \(Numeral.percent(totals.quarantined, of: totals.records)) of them have something against them."
      : "."
    return [read, cause, consequence]
  }

  private var cause: String {
    guard let (id, tally) = result.sortedChecks.first else {
      return result.totals.records == 0
        ? "Nothing was checked." : "None of the checks found anything."
    }
    let what = descriptions[id].map { " – " + Self.withoutStop($0.summary).lowercasedFirst } ?? ""
    let amount =
      tally.records > 0
      ? "in \(Numeral.count(tally.records, "record"))" : "\(Numeral.count(tally.findings, "time"))"
    let shards = result.shards.filter { $0.checks[id] != nil }.count
    let spread =
      shards > 0 && result.shards.count > 1 ? ", in \(shards) of \(result.shards.count) shards" : ""
    let rest = result.checks.count - 1
    let others = rest > 0 ? "; \(rest) other \(rest == 1 ? "check" : "checks") found something too" : ""
    let rank = rest > 0 ? "The gravest finding is" : "The finding is"
    return "\(rank) \(id)\(what), \(amount)\(spread)\(others)."
  }

  private var consequence: String {
    if result.isInterrupted {
      return "The scan was stopped, so nothing can be said of the whole; run it again."
    }
    switch result.gate.outcome {
    case .incomplete:
      return "Some input could not be read, so nothing can be said of the whole: mend that and scan again."
    case .failed:
      return
        "Do not train on these data as they are: repair the listed records or leave them out, then scan again."
    case .passed where result.totals.records == 0: return "An empty scan is no evidence."
    case .passed where result.totals.errors + result.totals.warnings > 0:
      return "The gate allows what was found; look at the examples below before training."
    case .passed:
      return "Nothing in what was checked speaks against training; that is no proof that the data are right."
    }
  }

  static func withoutStop(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

  private mutating func writeUnchecked(_ verdict: VerdictText) {
    if !result.problems.isEmpty {
      writer.raw("<h2 class=\"small\">Not read</h2><ul>")
      for problem in result.problems.prefix(20) {
        writer.raw("<li>")
        writer.code(problem.path, limit: 120)
        writer.raw(": ")
        writer.data(problem.reason)
        writer.raw("</li>")
      }
      writeRemainder(result.problems.count - 20)
      writer.raw("</ul>")
    }
    writer.raw("<h2 class=\"small\">Not checked</h2>")
    let reasons = verdict.unchecked
    guard !reasons.isEmpty else {
      writer.raw(
        "<p>No shard, member or field was knowingly left out. What no check looks for is not checked.</p>")
      return
    }
    writer.raw("<ul>")
    for reason in reasons.prefix(20) {
      writer.raw("<li>")
      writer.data(reason)
      writer.raw("</li>")
    }
    writeRemainder(reasons.count - 20)
    writer.raw("</ul>")
  }

  private mutating func writeRemainder(_ count: Int) {
    guard count > 0 else { return }
    writer.raw("<li>")
    writer.text("\(Numeral.grouped(UInt64(count))) more in summary.json")
    writer.raw("</li>")
  }

  private mutating func writeFigures() {
    let totals = result.totals
    writer.raw("<dl class=\"figures\">")
    writer.term("Records", Numeral.grouped(totals.records))
    writer.term("Quarantined", Numeral.grouped(totals.quarantined))
    writer.term("Errors", Numeral.grouped(totals.errors), class: totals.errors > 0 ? "error" : nil)
    writer.term("Warnings", Numeral.grouped(totals.warnings), class: totals.warnings > 0 ? "warning" : nil)
    writer.term("Notes", Numeral.grouped(totals.notes))
    let clean = result.shards.filter(\.isClean).count
    writer.term("Clean shards", "\(Numeral.grouped(UInt64(clean))) of \(Numeral.grouped(totals.shards))")
    writer.term("Fields", Numeral.grouped(UInt64(result.fields.count)))
    writer.term("Read", Numeral.bytes(totals.bytes))
    writer.raw("</dl>")
  }

  private mutating func writeNextSteps() {
    let steps = NextStep.all(for: result, directory: nil)
    guard !steps.isEmpty else { return }
    writer.raw("<div class=\"next\"><h2 class=\"small\">What to do next</h2><ol>")
    for step in steps {
      writer.raw("<li><span>")
      writer.text(step.purpose.uppercasedFirst)
      writer.raw("</span>")
      writer.command(step.command)
      writer.raw("</li>")
    }
    writer.raw("</ol></div>")
  }
}

extension String {
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
  var uppercasedFirst: String { prefix(1).uppercased() + dropFirst() }
}
