import ShardModel

extension HTMLReport {
  mutating func writeFields() {
    guard !result.fields.isEmpty else { return }
    writer.beginSection("fields", "Fields", Numeral.grouped(UInt64(result.fields.count)))
    let shown = shownFields
    if shown.count < result.fields.count {
      writer.raw("<p class=\"hint\">")
      writer.text(
        "Shown are \(shown.count) of \(Numeral.grouped(UInt64(result.fields.count))), those with findings first; summary.json has all."
      )
      writer.raw("</p>")
    }
    writer.raw(
      "<div class=\"tools\" hidden><label>Find a field <input type=\"search\" id=\"field-q\"></label>")
    writer.raw("<label class=\"tick\"><input type=\"checkbox\" id=\"field-f\"> only with findings</label>")
    writer.raw("<span id=\"field-n\" role=\"status\"></span></div>\n")
    for field in shown { write(field) }
    writer.raw("</section>\n")
  }

  /// All, or the first with findings, with values that are not finite, with values, in the order of their paths.
  private var shownFields: [FieldSummary] {
    guard result.fields.count > Self.fieldLimit else { return result.fields }
    let ranks = result.fields.map { field -> Int in
      if flagged[field.path] != nil { return 0 }
      if let numbers = field.numbers, numbers.notFinite > 0 { return 1 }
      return field.numbers != nil || field.text != nil || field.list != nil ? 2 : 3
    }
    let order = result.fields.indices.sorted { ranks[$0] != ranks[$1] ? ranks[$0] < ranks[$1] : $0 < $1 }
    return order.prefix(Self.fieldLimit).sorted().map { result.fields[$0] }
  }

  private mutating func write(_ field: FieldSummary) {
    writer.raw("<article class=\"field\"")
    writer.attribute("data-q", field.path)
    if flagged[field.path] != nil { writer.raw(" data-f") }
    writer.raw("><h3>")
    writer.code(field.path, limit: 160)
    if let severity = flagged[field.path] {
      writer.raw(" ")
      writer.badge(severity)
    }
    writer.raw("</h3>")
    writeTypes(field.types)
    let name = field.path
    writer.raw("<div class=\"cols\"><div>")
    if let numbers = field.numbers {
      HistogramChart.write(numbers, of: name, to: &writer)
    } else if let text = field.text {
      HistogramChart.write(text.characters, of: "the lengths of \(name)", unit: "characters", to: &writer)
    } else if let list = field.list {
      HistogramChart.write(list.lengths, of: "the lengths of \(name)", unit: "elements", to: &writer)
    }
    if let spread = field.spread { SpreadChart.write(spread, of: name, to: &writer) }
    if let top = field.top, !redact { write(top, of: field) }
    writer.raw("</div><div>")
    writeStatistics(field)
    writer.raw("</div></div></article>\n")
  }

  /// How often which type; the bar says the same as the words.
  private mutating func writeTypes(_ types: TypeCounts) {
    let kinds: [(name: String, style: StaticString, count: UInt64)] = [
      ("integer", "t1", types.integer), ("number", "t2", types.number &- min(types.integer, types.number)),
      ("text", "t3", types.text), ("boolean", "t4", types.boolean), ("object", "t5", types.object),
      ("list", "t6", types.list), ("null", "t7", types.null), ("missing", "t8", types.missing),
    ].filter { $0.count > 0 }
    let total = kinds.reduce(0) { $0 &+ $1.count }
    guard total > 0 else { return }
    writer.raw(
      "<svg class=\"types\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
    var place = 0.0
    for kind in kinds {
      let width = max(4, Double(kind.count) / Double(total) * 1000)
      writer.raw("<rect class=\"")
      writer.raw(kind.style)
      writer.raw("\" x=\"")
      writer.number(min(place, 996))
      writer.raw("\" width=\"")
      writer.number(width)
      writer.raw("\" height=\"8\"/>")
      place += width
    }
    writer.raw("</svg><p class=\"kinds\">")
    for (index, kind) in kinds.enumerated() {
      if index > 0 { writer.raw(" ") }
      writer.raw("<span class=\"k ")
      writer.raw(kind.style)
      writer.raw("\">")
      writer.text("\(kind.name) \(Numeral.grouped(kind.count))")
      if kinds.count > 1 { writer.text(" (\(Numeral.percent(kind.count, of: total)))") }
      writer.raw("</span>")
    }
    writer.raw("</p>")
  }

  private mutating func write(_ top: TopSummary, of field: FieldSummary) {
    guard let first = top.values.first, first.count > 0 else { return }
    let all = max(field.types.present, first.count)
    writer.raw("<h4>Most frequent</h4><ul class=\"top\">")
    for entry in top.values.prefix(5) {
      writer.raw(
        "<li><svg viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"")
      writer.number(Double(entry.count) / Double(max(1, first.count)) * 100)
      writer.raw("\" height=\"4\"/></svg><code class=\"d v\">")
      writer.data(entry.value, limit: 80)
      writer.raw("</code> <span class=\"n\">")
      writer.text("\(Numeral.grouped(entry.count)) (\(Numeral.percent(entry.count, of: all)))")
      writer.raw("</span></li>")
    }
    writer.raw("</ul>")
  }
}

extension NumberSummary {
  var notFinite: UInt64 { nan &+ positiveInfinity &+ negativeInfinity }
}
