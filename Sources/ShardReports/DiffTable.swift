import ShardModel

/// One thing about one field that was compared.
struct DiffRow {
  var path: String
  var what: String
  var jensenShannon = ""
  var stability = ""
  var largest = ""
  var before = ""
  var after = ""
  var isBeyond: Bool
  /// Far off, but with too few values to be told from chance, or of numbers that count the records.
  var isUncertain = false

  /// Everything about a field, the worst first.
  static func all(of drift: FieldDrift, _ limits: DriftSettings) -> [DiffRow] {
    switch drift.presence {
    case .added: return [DiffRow(path: drift.path, what: "new field", isBeyond: drift.isPresenceBeyond)]
    case .lost: return [DiffRow(path: drift.path, what: "lost field", isBeyond: drift.isPresenceBeyond)]
    case .both: break
    }
    let rows =
      drift.measures.map { (DiffRow(drift.path, $0), $0.excess(limits)) }
      + drift.rates.map { (DiffRow(drift.path, $0), $0.excess(limits)) }
    let marked = rows.map { row, excess in
      var row = row
      row.isUncertain = excess > 1 && !row.isBeyond
      return (row, excess)
    }
    let sorted = marked.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.0.isBeyond != b.0.isBeyond { return a.0.isBeyond }
      return a.1 != b.1 ? a.1 > b.1 : left.offset < right.offset
    }
    return sorted.map(\.element.0)
  }

  private init(path: String, what: String, isBeyond: Bool) {
    self.path = path
    self.what = what
    self.isBeyond = isBeyond
  }

  private init(_ path: String, _ measure: FieldDrift.Measure) {
    self.init(path: path, what: "", isBeyond: measure.isBeyond)
    switch measure.kind {
    case .numbers: what = "numbers"
    case .characters: what = "text lengths"
    case .lengths: what = "list lengths"
    case .categories: what = measure.category.map { "share of " + $0 } ?? "shares"
    }
    jensenShannon = Self.distance(measure.jensenShannon)
    stability = Self.distance(measure.stability)
    largest = Self.distance(measure.largest)
    before = measure.medianBefore.map { Self.median($0) } ?? Self.share(measure.shareBefore)
    after = measure.medianAfter.map { Self.median($0) } ?? Self.share(measure.shareAfter)
  }

  private init(_ path: String, _ rate: FieldDrift.Rate) {
    self.init(path: path, what: rate.name, isBeyond: rate.isBeyond)
    before = Self.share(rate.before)
    after = Self.share(rate.after)
  }

  private static func distance(_ value: Double?) -> String {
    value.map { Numeral.fitted(($0 * 1_000).rounded() / 1_000, width: 5) } ?? ""
  }

  private static func median(_ value: Double) -> String {
    let text = Numeral.rounded(value, digits: 4)
    return text.utf8.count <= 9 ? text : Numeral.fitted(value, width: 9)
  }

  private static func share(_ share: Double?) -> String { share.map { DiffReport.percent($0) } ?? "" }
}

/// Columns of the table: the path takes what is left.
struct DiffTable {
  private let pathWidth: Int
  private let whatWidth: Int
  private static let distanceWidth = 7
  private static let valueWidth = 10

  init(_ rows: [DiffRow], width: Int) {
    let fixed = 2 + 2 + 3 * Self.distanceWidth + 2 * Self.valueWidth
    let room = max(16, width - fixed)
    let longest = rows.map { DisplayWidth.of(Printable.line($0.path)) }.max() ?? 0
    let widest = rows.map { DisplayWidth.of(Printable.line($0.what)) }.max() ?? 0
    // Each takes half unless the other needs less.
    whatWidth = max(7, min(widest, max(room / 2, room - longest)))
    pathWidth = max(5, min(longest, room - whatWidth))
  }

  var header: StyledLine {
    var line = StyledLine("  ")
    line.cell("field", pathWidth, .faint)
    line.append("  ")
    line.cell("what", whatWidth, .faint)
    for name in ["JS", "PSI", "L-inf"] { line.cell(name, Self.distanceWidth, alignRight: true, .faint) }
    for name in ["before", "after"] { line.cell(name, Self.valueWidth, alignRight: true, .faint) }
    return line
  }

  /// Medians of distributions, shares of the rest.
  func line(_ row: DiffRow) -> StyledLine {
    var line = StyledLine(row.isBeyond ? "! " : row.isUncertain ? "? " : "  ", .warning)
    line.cell(DisplayWidth.cutMiddle(Printable.line(row.path), to: pathWidth), pathWidth)
    line.append("  ")
    line.cell(row.what, whatWidth)
    for text in [row.jensenShannon, row.stability, row.largest] {
      line.cell(text, Self.distanceWidth, alignRight: true)
    }
    for text in [row.before, row.after] { line.cell(text, Self.valueWidth, alignRight: true) }
    return line
  }
}
