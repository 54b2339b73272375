import ShardModel

/// What the checks say about themselves, for the terminal and for README.
package enum ChecksPage {
  /// All checks by family, one or two lines each.
  package static func list(_ descriptions: [CheckDescription], width: Int = 80) -> String {
    var lines: [String] = []
    for family in CheckDescription.Family.allCases {
      let members = descriptions.filter { $0.family == family }
      if members.isEmpty { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append(family.rawValue)
      for check in members {
        let head = "  \(Printable.padded(check.id, 20)) \(Printable.padded(check.severity.name, 8))"
        var text = Printable.wrapped(check.summary, width: width, indent: 32)
        text[0] = head + " " + text[0].dropFirst(32)
        lines += text
      }
    }
    lines += ["", "shardcheck checks ID explains one."]
    return lines.joined(separator: "\n") + "\n"
  }

  /// One check in full.
  package static func page(_ check: CheckDescription, width: Int = 80) -> String {
    var lines = ["\(check.id)  (\(check.family.rawValue), \(check.severity.name))", ""]
    lines += Printable.wrapped(check.summary, width: width)
    lines += [""] + Printable.wrapped(check.rationale, width: width)
    if !check.parameters.isEmpty {
      lines += ["", "parameters"]
      for parameter in check.parameters {
        lines += Printable.wrapped(
          "\(parameter.name) (default \(parameter.defaultValue)): \(parameter.meaning)", width: width,
          indent: 6,
          first: 2)
      }
    }
    lines += examples("finds something in", check.triggering, width)
    lines += examples("finds nothing in", check.nonTriggering, width)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func examples(_ title: String, _ examples: [CheckDescription.Example], _ width: Int)
    -> [String]
  {
    guard !examples.isEmpty else { return [] }
    var lines = ["", title]
    for example in examples {
      let options = example.options.isEmpty ? "" : " with " + example.options.joined(separator: " ")
      lines.append("  \(example.fileName)\(options)")
      let rows = example.content.split(separator: "\n", omittingEmptySubsequences: false)
      let content = rows.last == "" ? rows.dropLast() : rows
      if content.isEmpty { lines.append("    (an empty file)") }
      for run in runs(content) {
        let row = Printable.fitted(Printable.text(String(run.row)), width - 4)
        lines.append("    " + row)
        if run.count > 1 { lines.append("    (\(run.count - 1) more like it)") }
      }
    }
    return lines
  }

  /// Equal lines once, and long series cut, so that the odd line is seen.
  private static func runs(_ rows: some Collection<Substring>) -> [(row: Substring, count: Int)] {
    var result: [(row: Substring, count: Int)] = []
    for row in rows {
      if result.last?.row == row { result[result.count - 1].count += 1 } else { result.append((row, 1)) }
    }
    guard result.count > 12 else { return result }
    return result.prefix(5) + [("...", 1)] + result.suffix(5)
  }

  /// The table of README.
  package static func markdown(_ descriptions: [CheckDescription]) -> String {
    var text = "| check | severity | what it finds |\n| --- | --- | --- |\n"
    for check in descriptions { text += "| `\(check.id)` | \(check.severity.name) | \(check.summary) |\n" }
    return text
  }
}
