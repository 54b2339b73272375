import ShardModel

extension TerminalReport {
  private static let fieldLimit = 20

  /// A table of fields: those with trouble first to be shown, in the order of their paths.
  mutating func addFields() {
    guard !result.fields.isEmpty else { return }
    let chosen = options.isVerbose ? result.fields : chosenFields
    let all = Numeral.grouped(UInt64(result.fields.count))
    let remark =
      chosen.count == result.fields.count ? all : "\(chosen.count) of \(all) (--verbose shows all)"
    addHeading("Fields", remark)
    let table = FieldTable(fields: chosen, width: width)
    add(table.header)
    for field in chosen { add(table.row(field)) }
    if chosen.contains(where: { $0.numbers == nil && ($0.text != nil || $0.list != nil) }) {
      add(StyledLine("  text: lengths in characters; list: lengths in elements", .faint))
    }
  }

  private var chosenFields: [FieldSummary] {
    guard result.fields.count > Self.fieldLimit else { return result.fields }
    let flagged = Set(result.flaggedFields.filter { $0.value > .note }.keys)
    let ranked = result.fields.indices.sorted { left, right in
      let leftRank = rank(result.fields[left], flagged)
      let rightRank = rank(result.fields[right], flagged)
      return leftRank != rightRank ? leftRank < rightRank : left < right
    }
    return ranked.prefix(Self.fieldLimit).sorted().map { result.fields[$0] }
  }

  /// Lower is shown first: flagged by a check, not finite, values, mere containers.
  private func rank(_ field: FieldSummary, _ flagged: Set<String>) -> Int {
    if flagged.contains(field.path) { return 0 }
    if let numbers = field.numbers, numbers.nan + numbers.positiveInfinity + numbers.negativeInfinity > 0 {
      return 1
    }
    return field.numbers != nil || field.text != nil || field.list != nil ? 2 : 3
  }
}

/// Columns of the table of fields: as many as there is something to say in, the path takes what is left.
private struct FieldTable {
  private let pathWidth: Int
  private let sparkWidth: Int
  private let numberWidth: Int
  private let hasAbsent: Bool
  private let hasNotFinite: Bool

  init(fields: [FieldSummary], width: Int) {
    hasAbsent = fields.contains { $0.types.missing + $0.types.null > 0 }
    hasNotFinite = fields.contains { Self.notFinite($0) > 0 }
    numberWidth = width >= 100 ? 9 : 7
    let longest = fields.map { DisplayWidth.of(Printable.line($0.path)) }.max() ?? 0
    // Two spaces, type, count, the optional columns, three numbers.
    let fixed = 2 + 5 + 7 + (hasAbsent ? 7 : 0) + (hasNotFinite ? 8 : 0) + 3 * (numberWidth + 1)
    let room = max(8, width - fixed)
    pathWidth = max(4, min(longest, room >= 24 ? room - 9 : room))
    let left = room - pathWidth - 2
    sparkWidth = left >= 6 ? min(left, 24) : 0
  }

  var header: StyledLine {
    var line = StyledLine("  ")
    line.cell("path", pathWidth, .faint)
    line.cell(" type", 5, .faint)
    line.cell("values", 7, alignRight: true, .faint)
    if hasAbsent { line.cell("absent", 7, alignRight: true, .faint) }
    if hasNotFinite { line.cell("NaN/Inf", 8, alignRight: true, .faint) }
    for name in ["min", "median", "max"] { line.cell(name, numberWidth + 1, alignRight: true, .faint) }
    return line
  }

  func row(_ field: FieldSummary) -> StyledLine {
    var line = StyledLine("  ")
    line.cell(DisplayWidth.cutMiddle(Printable.line(field.path), to: pathWidth), pathWidth)
    line.cell(" " + Self.type(field.types), 5)
    line.cell(Numeral.compact(field.types.present), 7, alignRight: true)
    if hasAbsent { line.cell(Self.amount(field.types.missing + field.types.null), 7, alignRight: true) }
    if hasNotFinite {
      let count = Self.notFinite(field)
      line.cell(Self.amount(count), 8, alignRight: true, count > 0 ? .error : .plain)
    }
    guard let numbers = field.numbers ?? field.text?.characters ?? field.list?.lengths else { return line }
    let median = numbers.quantiles.count > 3 ? numbers.quantiles[3] : nil
    for value in [numbers.minimum, median, numbers.maximum] {
      let text = value.map { Numeral.fitted($0, width: numberWidth) } ?? ""
      line.cell(text, numberWidth + 1, alignRight: true)
    }
    if sparkWidth > 0 { line.append("  " + Sparkline.of(numbers.histogram, width: sparkWidth), .note) }
    return line
  }

  /// Nothing is easier to overlook than nothing.
  private static func amount(_ count: UInt64) -> String { count == 0 ? "" : Numeral.compact(count) }

  private static func notFinite(_ field: FieldSummary) -> UInt64 {
    guard let numbers = field.numbers else { return 0 }
    return numbers.nan + numbers.positiveInfinity + numbers.negativeInfinity
  }

  /// At most four columns; `mix` for a field of several types.
  private static func type(_ types: TypeCounts) -> String {
    let kinds: [(String, UInt64)] = [
      (types.integer == types.number ? "int" : "num", types.number), ("text", types.text),
      ("bool", types.boolean),
      ("obj", types.object), ("list", types.list), ("pic", types.picture), ("file", types.file),
    ].filter { $0.1 > 0 }
    return kinds.count > 1 ? "mix" : kinds.first?.0 ?? (types.null > 0 ? "null" : "-")
  }
}
