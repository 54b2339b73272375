import ShardModel

extension TerminalReport {
  mutating func addVerdict() {
    let verdict = VerdictText(result)
    let label = verdict.word + "  "
    addParagraph(label, verdict.isPassed ? .passed : .error, verdict.sentence)
    let indent = String(repeating: " ", count: label.count)
    if !result.gate.reason.isEmpty, !result.isInterrupted {
      addParagraph(indent, .plain, result.gate.reason, .faint)
    }
    addParagraph(indent, .plain, verdict.extent, .faint)
  }

  /// What was not checked or not read: a verdict is only about the rest.
  mutating func addLimits() {
    if !result.problems.isEmpty {
      addHeading("Not read", "for a reason outside the data")
      addItems(
        result.problems.map { "\(Printable.line($0.path)): \(Printable.line($0.reason))" }, style: .error)
    }
    let reasons = VerdictText(result).unchecked
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
