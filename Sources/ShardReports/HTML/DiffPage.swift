import ShardModel

/// The comparison of two summaries as a page for people, whole in itself like `HTMLReport`: verdict, what moved as a table,
/// the distributions of before and after over one axis, and fields that only one of the two has.
///
/// Size: bounded, some 200 KB; what is left out stands in the JSON.
/// - Complexity: O(fields).
struct DiffPage: ~Copyable {
  private static let rowLimit = 200
  private let report: DiffReport
  private let moved: [FieldDrift]
  private let oneSided: [FieldDrift]
  /// Those that moved and have a distribution to draw.
  private let drawn: [FieldDrift]
  private let before: [String: FieldShape]
  private let after: [String: FieldShape]
  private var writer = HTMLWriter()

  static func render(_ report: DiffReport) -> [UInt8] {
    var page = DiffPage(report)
    page.write()
    return page.writer.bytes
  }

  private init(_ report: DiffReport) {
    self.report = report
    moved = report.drifts.filter(\.isBeyond)
    oneSided = report.drifts.filter { $0.presence != .both }
    drawn = moved.filter { drift in
      drift.presence == .both && drift.measures.contains { $0.kind != .categories }
    }
    func shapes(_ data: Baseline) -> [String: FieldShape] {
      Dictionary(data.fields.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }
    before = shapes(report.before)
    after = shapes(report.after)
  }

  private mutating func write() {
    var sections: [(id: StaticString, name: StaticString)] = [("verdict", "Verdict")]
    if !moved.isEmpty { sections.append(("changes", "Changes")) }
    if !drawn.isEmpty { sections.append(("drift", "Distributions")) }
    if !oneSided.isEmpty { sections.append(("presence", "New and lost")) }
    writer.beginPage("\(word): \(report.headline)", of: "comparison", sections)
    writeVerdict()
    writeChanges()
    writeDistributions()
    writePresence()
    writer.endPage(
      "Made by <code>shardcheck diff</code> from two summaries; <code>--json</code> has all fields.")
  }

  private var word: String { moved.isEmpty ? "Same" : "Moved" }

  private mutating func writeVerdict() {
    writer.raw("<section id=\"verdict\" aria-labelledby=\"verdict-h\" class=\"verdict ")
    writer.raw(moved.isEmpty ? "passed" : "incomplete")
    writer.raw("\"><div class=\"head\"><h1 id=\"verdict-h\"><span class=\"word\">")
    writer.text(word)
    writer.raw("</span> ")
    writer.text(report.headline.uppercasedFirst)
    writer.raw("</h1><p>")
    writer.text(
      moved.isEmpty
        ? "What differs is within the limits, or could be chance. That is no proof that the data are alike: compared is each field by itself."
        : "A model that was trained on data as before meets other data now. Whether that is meant is for those who know the data to say."
    )
    writer.raw("</p></div><div class=\"aside\"><h2 class=\"small\">Limits</h2><ul>")
    for limit in [
      "Jensen-Shannon distance (JS) \(DiffReport.text(report.limits.jensenShannon))",
      "Population stability index (PSI) \(DiffReport.text(report.limits.stability))",
      "Share of a value (L-inf) \(DiffReport.text(report.limits.categories))",
      "Rates of null, missing, NaN and types \(DiffReport.percent(report.limits.rates))",
    ] {
      writer.raw("<li>")
      writer.text(limit)
      writer.raw("</li>")
    }
    writer.raw("</ul></div><dl class=\"figures\">")
    writer.term("Records before", Numeral.grouped(report.before.records))
    writer.term("Records after", Numeral.grouped(report.after.records))
    writer.term("Fields compared", Numeral.grouped(UInt64(report.drifts.count)))
    writer.term("Moved", Numeral.grouped(UInt64(moved.count)), class: moved.isEmpty ? nil : "warning")
    writer.term("New fields", Numeral.grouped(UInt64(oneSided.count { $0.presence == .added })))
    writer.term("Lost fields", Numeral.grouped(UInt64(oneSided.count { $0.presence == .lost })))
    writer.raw("</dl></section>\n")
  }

  private mutating func writeChanges() {
    guard !moved.isEmpty else { return }
    writer.beginSection("changes", "What moved", Numeral.count(UInt64(moved.count), "field"))
    let rows = moved.flatMap { DiffRow.all(of: $0, report.limits).filter(\.isBeyond) }
    beginTable(
      "Beyond the limits, the most first; medians of distributions, shares of the rest",
      ["Field", "What", "JS", "PSI", "L-inf", "Before", "After"])
    for row in rows.prefix(Self.rowLimit) {
      writer.raw("<tr><th scope=\"row\">")
      writer.code(row.path, limit: 120)
      writer.raw("</th><td class=\"s\">")
      writer.data(row.what, limit: 60)
      writer.raw("</td>")
      for cell in [row.jensenShannon, row.stability, row.largest, row.before, row.after] {
        writer.raw("<td>")
        writer.data(cell)
        writer.raw("</td>")
      }
      writer.raw("</tr>\n")
    }
    endTable(left: rows.count - Self.rowLimit)
  }

  private mutating func writeDistributions() {
    guard !drawn.isEmpty else { return }
    let shown = drawn.prefix(DriftFigure.countLimit)
    writer.beginSection(
      "drift", "Distributions",
      shown.count < drawn.count ? "the first \(shown.count) of \(drawn.count)" : "")
    let article = DriftArticle(legend: "outline: before; filled: after", redact: false)
    for drift in shown { article.write(drift, before[drift.path], after[drift.path], to: &writer) }
    writer.raw("</section>\n")
  }

  private mutating func writePresence() {
    guard !oneSided.isEmpty else { return }
    writer.beginSection("presence", "New and lost fields", Numeral.grouped(UInt64(oneSided.count)))
    beginTable("Fields that only one of the two has", ["Field", "Presence", "Values", "Types"])
    for drift in oneSided.prefix(Self.rowLimit) {
      let shape = drift.presence == .added ? after[drift.path] : before[drift.path]
      writer.raw("<tr><th scope=\"row\">")
      writer.code(drift.path, limit: 120)
      writer.raw("</th><td class=\"s")
      if drift.isBeyond { writer.raw(" warning") }
      writer.raw("\">")
      writer.text(drift.presence == .added ? "new" : "lost")
      if !drift.isBeyond { writer.raw(", rare") }
      writer.raw("</td><td>")
      if let shape { writer.text(Numeral.grouped(shape.occurrences)) }
      writer.raw("</td><td class=\"s\">")
      if let shape { writer.text(Self.types(shape.types)) }
      writer.raw("</td></tr>\n")
    }
    endTable(left: oneSided.count - Self.rowLimit)
  }

  private static func types(_ types: TypeCounts) -> String {
    [
      ("number", types.number), ("text", types.text), ("boolean", types.boolean), ("object", types.object),
      ("list", types.list), ("null", types.null),
    ].filter { $0.1 > 0 }.map(\.0).joined(separator: ", ")
  }

  private mutating func beginTable(_ caption: String, _ heads: [String]) {
    writer.raw("<div class=\"scroll\" role=\"region\"")
    writer.attribute("aria-label", caption)
    writer.raw(" tabindex=\"0\"><table><caption>")
    writer.text(caption)
    writer.raw("</caption><thead><tr>")
    let texts = ["Field", "What", "Presence", "Types"]
    for head in heads {
      writer.raw(texts.contains(head) ? "<th scope=\"col\" class=\"s\">" : "<th scope=\"col\">")
      writer.text(head)
      writer.raw("</th>")
    }
    writer.raw("</tr></thead><tbody>\n")
  }

  private mutating func endTable(left: Int) {
    writer.raw("</tbody></table></div>")
    if left > 0 {
      writer.raw("<p class=\"hint\">")
      writer.text("\(Numeral.grouped(UInt64(left))) more rows in the JSON.")
      writer.raw("</p>")
    }
    writer.raw("</section>\n")
  }
}
