import ShardModel

/// What `shardcheck checks` prints, and the table of checks in the README, from the descriptions of the checks.
package enum ChecksPage {
  /// All checks by family: id, severity, what is found.
  package static func list(_ checks: [CheckDescription], width: Int = 80, color: Bool = false) -> String {
    var page = Page(width: width, color: color)
    let idWidth = checks.map(\.id.utf8.count).max() ?? 0
    for family in CheckDescription.Family.allCases {
      let members = checks.filter { $0.family == family }
      guard !members.isEmpty else { continue }
      if !page.isEmpty { page.add() }
      page.add(StyledLine(family.rawValue, .heading))
      for check in members {
        var label = StyledLine("  ")
        label.cell(check.id, idWidth)
        label.append("  ")
        label.cell(TerminalReport.word(check.severity), 5, TextStyle.of(check.severity))
        label.append("  ")
        page.add(check.summary, after: label)
      }
    }
    if !page.isEmpty { page.add() }
    page.add(StyledLine("shardcheck checks ID explains one of them.", .faint))
    return page.text
  }

  /// One check in full.
  package static func explain(_ check: CheckDescription, width: Int = 80, color: Bool = false) -> String {
    var page = Page(width: width, color: color)
    var title = StyledLine(check.id, .heading)
    title.append("  ")
    title.append(TerminalReport.word(check.severity), TextStyle.of(check.severity))
    title.append("  \(check.family.rawValue)", .faint)
    page.add(title)
    page.addSection("What it finds", check.summary)
    page.addSection("Why it hurts", check.rationale)
    page.addSection("What to do with it", advice(check))
    if !check.parameters.isEmpty {
      page.addHeading("Parameters")
      let nameWidth = check.parameters.map(\.name.utf8.count).max() ?? 0
      for parameter in check.parameters {
        var label = StyledLine("  ")
        label.cell(parameter.name, nameWidth)
        label.append("  ")
        page.add("\(parameter.meaning) [default: \(parameter.defaultValue)]", after: label)
      }
      let parameter = check.parameters[0]
      page.add()
      page.add(
        "in a rules file: checks: {\(check.id): {\(parameter.name): \(parameter.defaultValue), severity: note}}",
        after: StyledLine("  "))
    }
    page.addExamples("Finds something", check.triggering)
    // Without a counterpart it shows nothing: what the check finds takes several shards or a picture.
    if !check.triggering.isEmpty { page.addExamples("Finds nothing", check.nonTriggering) }
    return page.text
  }

  private static func advice(_ check: CheckDescription) -> String {
    switch check.severity {
    case .error:
      "Training fails on it or learns something wrong: repair the data or leave these records out. "
        + "--skip \(check.id) turns the check off."
    case .warning:
      "Look at the examples; if they are as they should be, --skip \(check.id) turns the check off."
    case .note: "Worth knowing; it never quarantines a record."
    }
  }

  /// The checks that a name on the command line means: one check, or a family; nil if there is none.
  package static func checks(named name: String, in checks: [CheckDescription]) -> [CheckDescription]? {
    if let check = checks.first(where: { $0.id == name }) { return [check] }
    let members = checks.filter { $0.family.rawValue == name }
    return members.isEmpty ? nil : members
  }

  /// All ids, then all families that have a check.
  package static func names(of checks: [CheckDescription]) -> [String] {
    checks.map(\.id)
      + CheckDescription.Family.allCases.map(\.rawValue).filter { name in
        checks.contains { $0.family.rawValue == name }
      }
  }

  /// A row for each check, for the README.
  package static func markdownTable(_ checks: [CheckDescription]) -> String {
    var text = "| check | severity | what it finds |\n| --- | --- | --- |\n"
    for family in CheckDescription.Family.allCases {
      for check in checks where check.family == family {
        text += "| `\(check.id)` | \(check.severity.name) | \(markdown(check.summary)) |\n"
      }
    }
    return text
  }

  private static func markdown(_ text: String) -> String {
    var escaped = ""
    for character in Printable.line(text) {
      if "|<>*_\\".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}

/// Lines of a page of text.
private struct Page {
  let width: Int
  let color: Bool
  private(set) var text = ""

  init(width: Int, color: Bool) {
    self.width = max(TerminalReport.minimumWidth, width)
    self.color = color
  }

  var isEmpty: Bool { text.isEmpty }

  mutating func add(_ line: StyledLine = StyledLine()) {
    text += line.rendered(width: width, color: color) + "\n"
  }

  /// A label and a text that is broken into lines beside it.
  mutating func add(_ content: String, after label: StyledLine) {
    let indent = min(label.width, width / 2)
    for (index, part) in Paragraph.lines(Printable.line(content), width: width - indent).enumerated() {
      var line = index == 0 ? label : StyledLine()
      line.pad(to: indent)
      line.append(part)
      add(line)
    }
  }

  mutating func addHeading(_ title: String) {
    add()
    add(StyledLine(title, .heading))
  }

  mutating func addSection(_ title: String, _ content: String) {
    addHeading(title)
    add(content, after: StyledLine("  "))
  }

  /// Equal lines once, and of a long series the ends, so that the odd line is seen.
  private func runs(_ lines: some Collection<Substring>) -> [(line: Substring, count: Int)] {
    var runs: [(line: Substring, count: Int)] = []
    for line in lines {
      if runs.last?.line == line { runs[runs.count - 1].count += 1 } else { runs.append((line, 1)) }
    }
    return runs.count > 12 ? runs.prefix(5) + [("...", 1)] + runs.suffix(5) : runs
  }

  mutating func addExamples(_ title: String, _ examples: [CheckDescription.Example]) {
    guard !examples.isEmpty else { return }
    addHeading(title)
    for (index, example) in examples.enumerated() {
      if index > 0 { add() }
      var options = example.options
      if let baseline = example.baseline {
        addExample(baseline, command: ["shardcheck scan", "before.jsonl", "--out", "before"])
        options += ["--baseline", "before"]
      }
      if let rules = example.rules {
        addExample(rules, command: ["cat", "rules.yaml"])
        options += ["--rules", "rules.yaml"]
      }
      addExample(
        example.listing ?? example.content, command: ["shardcheck scan", example.fileName] + options)
    }
  }

  private mutating func addExample(_ content: String, command: [String]) {
    add(StyledLine("  $ " + command.joined(separator: " "), .faint))
    let lines = content.split(separator: "\n", omittingEmptySubsequences: false).dropLast(
      content.hasSuffix("\n") ? 1 : 0)
    for run in runs(lines) {
      add(StyledLine("    " + run.line))
      if run.count > 1 { add(StyledLine("    (\(run.count - 1) more like it)", .faint)) }
    }
  }
}
