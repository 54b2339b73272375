import ShardModel

extension TerminalReport {
  private static let histogramLimit = 3
  private static let histogramRows = 3
  private static let histogramWidth = 64

  /// Small histograms of the fields with the gravest findings; of all fields if verbose.
  mutating func addHistograms() {
    let flagged = result.flaggedFields.filter { $0.value > .note }
    var fields = result.fields.filter { options.isVerbose || flagged[$0.path] != nil }
    if !options.isVerbose {
      // A sort that keeps the order of equal ones.
      fields = [Severity.error, .warning].flatMap { severity in fields.filter { flagged[$0.path] == severity }
      }
    }
    let plots = fields.lazy.compactMap { field -> (FieldSummary, NumberSummary, HistogramPlot)? in
      guard let numbers = field.numbers ?? field.text?.characters ?? field.list?.lengths,
        let plot = HistogramPlot(numbers)
      else { return nil }
      return (field, numbers, plot)
    }.prefix(options.isVerbose ? .max : Self.histogramLimit)
    for (index, (field, numbers, plot)) in plots.enumerated() {
      if index == 0 { addHeading(options.isVerbose ? "Histograms" : "Worst fields") } else { add() }
      addHistogram(of: field, numbers, plot)
    }
  }

  private mutating func addHistogram(
    of field: FieldSummary, _ numbers: NumberSummary, _ plot: HistogramPlot
  ) {
    var title = StyledLine("  ")
    title.append(DisplayWidth.cutMiddle(Printable.line(field.path), to: max(12, width / 2)))
    if field.numbers == nil { title.append(field.text != nil ? "  characters" : "  elements", .faint) }
    if plot.axis.isLogarithmic { title.append("  log", .faint) }
    if let fences = numbers.fences {
      title.append(
        "  fences \(Numeral.fitted(fences.low, width: 9)) to \(Numeral.fitted(fences.high, width: 9))", .faint
      )
    }
    add(title)
    let columns = min(Self.histogramWidth, width - 4)
    let heights = Self.heights(plot, columns)
    for row in (0..<Self.histogramRows).reversed() {
      var line = StyledLine("  ")
      for height in heights {
        let eighths = Int(height.value * Double(8 * Self.histogramRows) + 0.999) - 8 * row
        let block = Sparkline.block(eighths: height.value > 0 && row == 0 ? max(1, eighths) : eighths)
        line.append(String(block), height.isOutside ? .error : .note)
      }
      add(line)
    }
    var axis = [Character](repeating: "─", count: columns)
    for fence in [numbers.fences?.low, numbers.fences?.high].compactMap({ $0 })
    where plot.axis.contains(fence) {
      axis[min(columns - 1, max(0, Int(plot.axis.position(fence) * Double(columns))))] = "┼"
    }
    add(StyledLine("  " + String(axis), .faint))
    let low =
      Numeral.fitted(plot.axis.low, width: 9)
      + (plot.below > 0 ? "  ‹ \(Numeral.grouped(plot.below)) below" : "")
    let high =
      (plot.above > 0 ? "\(Numeral.grouped(plot.above)) above ›  " : "")
      + Numeral.fitted(plot.axis.high, width: 9)
    var ends = StyledLine("  " + low, .faint)
    ends.pad(to: max(ends.width + 1, 2 + columns - DisplayWidth.of(high)))
    ends.append(high, .faint)
    add(ends)
  }

  /// Heights of the columns, 0 to 1.
  private static func heights(_ plot: HistogramPlot, _ columns: Int) -> [(value: Double, isOutside: Bool)] {
    var heights = [(value: Double, isOutside: Bool)](repeating: (0, false), count: columns)
    for bar in plot.bars {
      let from = min(columns - 1, max(0, Int(bar.start * Double(columns))))
      // A bar that ends where a column begins does not reach into it.
      let through = min(columns - 1, max(from, Int((bar.end * Double(columns)).nextDown)))
      for column in from...through where bar.height > heights[column].value {
        heights[column] = (bar.height, bar.isOutside)
      }
    }
    return heights
  }
}
