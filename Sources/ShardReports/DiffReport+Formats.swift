import ShardModel

/// The comparison in the formats of other programs.
extension DiffReport {
  package enum Format: String, CaseIterable, Sendable {
    case table, json, html, markdown, csv, junit, github, azure

    /// The format that the name of a file asks for; JSON where it does not tell.
    package init(forFile name: String) {
      let report = ReportCatalog.report(forFile: name)?.name
      self = report.flatMap { Format(rawValue: $0) } ?? .json
    }
  }

  /// The whole comparison; the table is the plain one of 80 columns.
  package func rendered(_ format: Format) -> [UInt8] {
    switch format {
    case .table: Array(table().utf8)
    case .json: document()
    case .html: DiffPage.render(self)
    case .markdown: Array(markdown.utf8)
    case .csv: csv
    case .junit: junit
    case .github: lines(GitHubReport.limit, GitHubReport.command)
    case .azure: lines(AzureReport.limit, AzureReport.command)
    }
  }

  var headline: String {
    moved > 0
      ? "\(Numeral.grouped(UInt64(moved))) of \(Numeral.count(UInt64(drifts.count), "field")) moved beyond the limits"
      : "none of \(Numeral.count(UInt64(drifts.count), "field")) moved beyond the limits"
  }

  private var markdown: String {
    var text = "## shardcheck diff: \(headline)\n\n"
    text += "\(Numeral.grouped(before.records)) -> \(Numeral.count(after.records, "record")).\n"
    let rows = drifts.filter(\.isBeyond).flatMap { DiffRow.all(of: $0, limits).filter(\.isBeyond) }
    guard !rows.isEmpty else { return text }
    text += "\n| field | what | JS | PSI | L-inf | before | after |\n"
    text += "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
    for row in rows {
      let cells = [row.path, row.what, row.jensenShannon, row.stability, row.largest, row.before, row.after]
      text += "| " + cells.map { MarkdownText.of($0) }.joined(separator: " | ") + " |\n"
    }
    return text
  }

  private var csv: [UInt8] {
    var bytes = OutputBuffer()
    JSONText.append(raw: "\u{FEFF}field,what,moved,js,psi,l-inf,before,after\r\n", to: &bytes)
    for row in drifts.flatMap({ DiffRow.all(of: $0, limits) }) {
      let cells = [
        row.path, row.what, row.isBeyond ? "yes" : "no", row.jensenShannon, row.stability, row.largest,
        row.before, row.after,
      ]
      for (index, cell) in cells.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        CSVReport.append(cell, to: &bytes)
      }
      JSONText.append(raw: "\r\n", to: &bytes)
    }
    return bytes.bytes
  }

  private var junit: [UInt8] {
    var bytes = OutputBuffer()
    JSONText.append(
      raw: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"shardcheck diff\">\n", to: &bytes)
    var suite = Suite(name: "diff")
    for drift in drifts {
      guard drift.isBeyond else {
        suite.pass(drift.path)
        continue
      }
      let lines = sentences(drift)
      suite.fail(
        drift.path, type: "warning", message: lines.first ?? "moved",
        details: lines.joined(separator: "\n"))
    }
    if suite.isEmpty { suite.pass("no field to compare") }
    suite.append(to: &bytes)
    JSONText.append(raw: "</testsuites>\n", to: &bytes)
    return bytes.bytes
  }

  private func lines(_ limit: Int, _ command: (Annotation) -> String) -> [UInt8] {
    let beyond = drifts.filter(\.isBeyond)
    var annotations = beyond.prefix(beyond.count > limit ? limit - 1 : limit).map { drift in
      Annotation(
        severity: .warning, title: "drift of \(Printable.line(drift.path))",
        message: sentences(drift).joined(separator: "; "))
    }
    let left = beyond.count - annotations.count
    if left > 0 {
      annotations.append(
        Annotation(
          severity: .warning, title: "drift", message: "\(Numeral.count(UInt64(left), "more field")) moved"))
    }
    return Array(annotations.map { command($0) + "\n" }.joined().utf8)
  }

  /// What moved of a field, one line each.
  private func sentences(_ drift: FieldDrift) -> [String] {
    DiffRow.all(of: drift, limits).filter(\.isBeyond).map { row in
      var text = row.what
      if !row.before.isEmpty || !row.after.isEmpty { text += " \(row.before) -> \(row.after)" }
      let distances = [("JS", row.jensenShannon), ("PSI", row.stability), ("L-inf", row.largest)]
        .filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }
      if !distances.isEmpty { text += " (\(distances.joined(separator: ", ")))" }
      return Printable.line(text)
    }
  }
}
