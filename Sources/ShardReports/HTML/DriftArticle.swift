import ShardModel

/// A field of two data sets: both distributions over one axis, and beside them how far apart they are.
struct DriftArticle {
  /// What tells the outline from what is filled.
  let legend: StaticString
  let redact: Bool

  func write(
    _ drift: FieldDrift, _ before: FieldShape?, _ after: FieldShape?, to writer: inout HTMLWriter
  ) {
    writer.raw("<article class=\"field\"><h3>")
    writer.code(drift.path, limit: 160)
    switch drift.presence {
    case .both: break
    case .added: writer.raw(" <span class=\"count\">new field</span>")
    case .lost: writer.raw(" <span class=\"count\">lost field</span>")
    }
    writer.raw("</h3>")
    guard !drift.measures.isEmpty || drift.rates.contains(where: \.isBeyond) else {
      writer.raw("</article>\n")
      return
    }
    writer.raw("<div class=\"cols\"><div>")
    for measure in drift.measures {
      let pair: (Distribution?, Distribution?)
      switch measure.kind {
      case .numbers: pair = (before?.numbers, after?.numbers)
      case .characters: pair = (before?.characters, after?.characters)
      case .lengths: pair = (before?.lengths, after?.lengths)
      case .categories: continue
      }
      if let before = pair.0, let after = pair.1 {
        OverlayChart.write(
          before, after, of: "\(drift.path), \(measure.kind.rawValue)", legend: legend, to: &writer)
      }
    }
    writer.raw("</div><div><dl class=\"stats wide\">")
    for measure in drift.measures { write(measure, to: &writer) }
    for rate in drift.rates where rate.isBeyond {
      writer.term(
        "Share of \(rate.name)", "\(Self.percent(rate.before)) → \(Self.percent(rate.after))",
        class: "warning")
    }
    writer.raw("</dl></div></div></article>\n")
  }

  private func write(_ measure: FieldDrift.Measure, to writer: inout HTMLWriter) {
    let style: StaticString? = measure.isBeyond ? "warning" : nil
    let kind = measure.kind.rawValue.uppercasedFirst
    if let distance = measure.jensenShannon {
      writer.term("\(kind): Jensen-Shannon distance", Numeral.rounded(distance, digits: 3), class: style)
    }
    if let stability = measure.stability {
      writer.term("\(kind): stability index", Numeral.rounded(stability, digits: 3), class: style)
    }
    if let before = measure.medianBefore, let after = measure.medianAfter {
      writer.term("\(kind): median", "\(HistogramChart.shown(before)) → \(HistogramChart.shown(after))")
    }
    if let before = measure.shareBefore, let after = measure.shareAfter {
      let value = redact ? "a value" : DisplayWidth.cut(Printable.line(measure.category ?? ""), to: 60)
      writer.term("Share of \(value)", "\(Self.percent(before)) → \(Self.percent(after))", class: style)
    }
  }

  private static func percent(_ share: Double) -> String { Numeral.rounded(share * 100, digits: 3) + "%" }
}
