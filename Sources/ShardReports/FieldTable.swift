import ShardModel

/// The table of fields of the terminal report.
struct FieldTable {
  let header: String
  let rows: [String]

  /// Columns: name, type, values, without a value, minimum, median, maximum, shape.
  init(_ fields: ArraySlice<FieldSummary>, width: Int) {
    let shape = width >= 72 ? 8 : 0
    let number = 9
    let fixed = 9 + 10 + 11 + 3 * (number + 1) + (shape > 0 ? shape + 1 : 0)
    let name = max(8, min(width - fixed, 48))
    func row(_ cells: [String]) -> String {
      var text = Printable.padded(cells[0], name) + " " + Printable.padded(cells[1], 8)
      text += Printable.padded(cells[2], 10, isRight: true) + Printable.padded(cells[3], 11, isRight: true)
      for cell in cells[4..<7] { text += " " + Printable.padded(cell, number, isRight: true) }
      if shape > 0 { text += " " + cells[7] }
      let fitted = Printable.fitted(text, width)
      return String(fitted.reversed().drop { $0 == " " }.reversed())
    }
    header = row(["field", "type", "values", "without", "min", "median", "max", ""])
    rows = fields.map { field in
      let facts = Facts(field)
      return row(
        [
          Printable.fittedMiddle(Printable.text(field.path), name), facts.type,
          NumberText.count(field.types.present), facts.without,
        ] + facts.numbers + [Self.sparkline(facts.histogram, shape)])
    }
  }

  private struct Facts {
    var type: String
    var without: String
    var numbers: [String]
    var histogram: [HistogramBin] = []

    init(_ field: FieldSummary) {
      let types = field.types
      let kinds: [(String, UInt64)] = [
        ("number", types.number), ("text", types.text), ("bool", types.boolean), ("object", types.object),
        ("list", types.list),
      ]
      let main = kinds.max { $0.1 < $1.1 }
      type = main.map { $0.1 == 0 ? "null" : $0.0 } ?? "null"
      if type == "number", types.integer == types.number { type = "integer" }
      if kinds.count(where: { $0.1 > 0 }) > 1 { type += "+" }
      let notFinite = field.numbers.map { $0.nan + $0.positiveInfinity + $0.negativeInfinity } ?? 0
      let without = types.missing + types.null + notFinite
      self.without = without == 0 ? "" : NumberText.count(without)
      var summary: NumberSummary?
      switch main?.0 {
      case "number"?: summary = field.numbers
      case "text"?: summary = field.text?.characters
      case "list"?: summary = field.list?.lengths
      default: break
      }
      guard let summary, let low = summary.minimum, let high = summary.maximum else {
        numbers = ["", "", ""]
        return
      }
      let middle = summary.quantiles.count > 3 ? summary.quantiles[3] : low
      let unit = main?.0 == "number" ? "" : main?.0 == "text" ? "ch" : "el"
      numbers = [low, middle, high].map { NumberText.short($0) + unit }
      histogram = summary.histogram
    }
  }

  /// The histogram as a row of blocks of rising height; empty bins stay empty.
  private static func sparkline(_ bins: [HistogramBin], _ columns: Int) -> String {
    guard columns > 0, bins.count > 1, let first = bins.first, let last = bins.last, first.low < last.high
    else {
      return ""
    }
    var heights = [Double](repeating: 0, count: columns)
    let step = (last.high - first.low) / Double(columns)
    guard step.isFinite, step > 0 else { return "" }
    for bin in bins {
      // A bin's count is spread evenly over the columns that it covers.
      let from = min(columns - 1, max(0, Int((bin.low - first.low) / step)))
      let to = min(columns - 1, max(from, Int(((bin.high - first.low) / step).rounded(.up)) - 1))
      for column in from...to { heights[column] += Double(bin.count) / Double(to - from + 1) }
    }
    let blocks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    guard let highest = heights.max(), highest > 0 else { return "" }
    return heights.map { height in
      height == 0 ? " " : blocks[min(7, Int(height / highest * 8))]
    }.joined()
  }
}
