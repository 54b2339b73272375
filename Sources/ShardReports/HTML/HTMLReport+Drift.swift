import ShardModel

extension HTMLReport {
  /// Fields that moved against the baseline, both distributions over one axis.
  mutating func writeDrift() {
    guard !result.drift.isEmpty else { return }
    let figures = result.drift.prefix(DriftFigure.countLimit)
    writer.beginSection("drift", "Drift against the baseline", Numeral.count(UInt64(figures.count), "field"))
    let fields = Dictionary(result.fields.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let article = DriftArticle(legend: "outline: baseline; filled: these data", redact: redact)
    for figure in figures {
      article.write(
        figure.drift, figure.before, fields[figure.drift.path].map { FieldShape($0) }, to: &writer)
    }
    writer.raw("</section>\n")
  }
}
