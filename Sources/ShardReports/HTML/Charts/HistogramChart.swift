import ShardModel

/// Draws a histogram. All words stand beside the drawing, so that they keep their size on a narrow screen.
enum HistogramChart {
  /// A limit that is drawn in.
  struct Mark {
    var value: Double
    var name: String
  }

  /// Room for what lies beyond the axis, of 1000 units in all.
  private static let gutter = 36.0

  static func write(
    _ numbers: NumberSummary, of name: String, unit: String = "", marks: [Mark] = [],
    to writer: inout HTMLWriter
  ) {
    guard let plot = HistogramPlot(numbers) else {
      guard let only = numbers.minimum, only == numbers.maximum else { return }
      writer.raw("<p class=\"hint\">")
      writer.text("Always \(shown(only))\(unit.isEmpty ? "" : " " + unit).")
      writer.raw("</p>")
      return
    }
    let left = plot.below > 0 ? gutter : 0
    let right = plot.above > 0 ? gutter : 0
    func place(_ position: Double) -> Double { left + position * (1000 - left - right) }
    let scale = plot.axis.isLogarithmic ? "logarithmic" : "linear"
    let (low, high) = (shown(plot.axis.low), shown(plot.axis.high))
    writer.raw(
      "<figure class=\"hist\"><svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\"")
    writer.attribute(
      "aria-label", "Histogram of \(name), \(scale) axis from \(low) to \(high)" + aside(numbers, plot))
    writer.raw("><path class=\"bar\" d=\"")
    for bar in plot.bars where !bar.isOutside { path(bar, place, to: &writer) }
    if plot.below > 0, !plot.isBelowOutside { tail(0, plot.below, numbers, to: &writer) }
    if plot.above > 0, !plot.isAboveOutside { tail(1000 - 24, plot.above, numbers, to: &writer) }
    writer.raw("\"/><path class=\"out\" d=\"")
    for bar in plot.bars where bar.isOutside { path(bar, place, to: &writer) }
    if plot.below > 0, plot.isBelowOutside { tail(0, plot.below, numbers, to: &writer) }
    if plot.above > 0, plot.isAboveOutside { tail(1000 - 24, plot.above, numbers, to: &writer) }
    writer.raw("\"/>")
    if let fences = numbers.fences {
      for value in [fences.low, fences.high] where plot.axis.contains(value) {
        line("fence", place(plot.axis.position(value)), to: &writer)
      }
    }
    for mark in marks where plot.axis.contains(mark.value) {
      line("limit", place(plot.axis.position(mark.value)), to: &writer)
    }
    writer.raw("</svg><figcaption><span class=\"ends\"><span>")
    writer.text((plot.below > 0 ? "‹ " : "") + low)
    writer.raw("</span><span>")
    writer.text(unit + (plot.axis.isLogarithmic ? " (log)" : ""))
    writer.raw("</span><span>")
    writer.text(high + (plot.above > 0 ? " ›" : ""))
    writer.raw("</span></span>")
    for remark in remarks(numbers, plot, marks) {
      writer.raw("<span class=\"rem\">")
      writer.text(remark)
      writer.raw("</span>")
    }
    writer.raw("</figcaption></figure>")
  }

  private static func aside(_ numbers: NumberSummary, _ plot: HistogramPlot) -> String {
    guard numbers.quantiles.count > 3 else { return "" }
    return ", median \(shown(numbers.quantiles[3]))"
  }

  private static func remarks(
    _ numbers: NumberSummary, _ plot: HistogramPlot, _ marks: [Mark]
  ) -> [String] {
    var remarks: [String] = []
    if plot.below > 0 {
      let what =
        plot.axis.isLogarithmic ? "0 at the left" : "below the axis, down to \(shown(numbers.minimum ?? 0))"
      remarks.append("\(Numeral.grouped(plot.below)) \(what)")
    }
    if plot.above > 0 {
      remarks.append("\(Numeral.grouped(plot.above)) above the axis, up to \(shown(numbers.maximum ?? 0))")
    }
    if let fences = numbers.fences {
      let isShown = plot.axis.contains(fences.low) || plot.axis.contains(fences.high)
      remarks.append(
        "outlier fences \(shown(fences.low)) to \(shown(fences.high))" + (isShown ? " (dashed)" : ""))
    }
    remarks += marks.map { mark in
      let isShown = plot.axis.contains(mark.value)
      return mark.name + (isShown ? " (line)" : ", beyond the axis")
    }
    return remarks
  }

  /// A bar is at least a unit wide and two high: what is there is seen.
  private static func path(
    _ bar: HistogramPlot.Bar, _ place: (Double) -> Double, to writer: inout HTMLWriter
  ) {
    let start = place(bar.start)
    let end = max(place(bar.end), start + 3)
    rectangle(start, end, height: max(2, bar.height * 96), to: &writer)
  }

  private static func tail(
    _ start: Double, _ count: UInt64, _ numbers: NumberSummary, to writer: inout HTMLWriter
  ) {
    let highest = numbers.histogram.map(\.count).max() ?? 1
    rectangle(
      start, start + 24, height: min(96, max(3, Double(count) / Double(max(1, highest)) * 96)), to: &writer)
  }

  static func rectangle(_ start: Double, _ end: Double, height: Double, to writer: inout HTMLWriter) {
    writer.raw("M")
    writer.number(start)
    writer.raw(" 100V")
    writer.number(100 - height)
    writer.raw("H")
    writer.number(end)
    writer.raw("V100Z")
  }

  private static func line(_ style: StaticString, _ x: Double, to writer: inout HTMLWriter) {
    writer.raw("<path class=\"")
    writer.raw(style)
    writer.raw("\" d=\"M")
    writer.number(min(998, max(2, x)))
    writer.raw(" 0V100\"/>")
  }

  static func shown(_ value: Double) -> String { Numeral.fitted(value, width: 9) }
}
