import ShardModel

/// The comparison of two summaries: a table for people, a document for machines.
package struct DiffReport: Sendable {
  package static let format = "shardcheck-diff"
  package static let version = 1
  /// Rows of fields that did not move, without `--verbose`.
  private static let restLimit = 10

  let drifts: [FieldDrift]
  let before: Baseline
  let after: Baseline
  let limits: DriftSettings

  /// - Parameters:
  ///   - before: The first data set.
  ///   - after: The second.
  package init(_ drifts: [FieldDrift], before: Baseline, after: Baseline, limits: DriftSettings) {
    // The order of paths decides between equals, so that equal input gives equal bytes.
    self.drifts = drifts.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.isBeyond != b.isBeyond { return a.isBeyond }
      let (x, y) = (a.excess(limits), b.excess(limits))
      return x != y ? x > y : left.offset < right.offset
    }.map(\.element)
    self.before = before
    self.after = after
    self.limits = limits
  }

  /// Fields with something beyond its limit.
  package var moved: Int { drifts.count(where: \.isBeyond) }

  /// The table, the worst first; no line is wider than `width`.
  package func table(width: Int = 80, color: Bool = false, isVerbose: Bool = false) -> String {
    let width = max(TerminalReport.minimumWidth, width)
    var lines = [verdict]
    var records = StyledLine("       ")
    records.append("\(Numeral.grouped(before.records)) -> \(Numeral.count(after.records, "record"))")
    lines.append(records)
    let rows = rows(isVerbose)
    if !rows.shown.isEmpty {
      let table = DiffTable(rows.shown, width: width)
      lines += [StyledLine(), table.header] + rows.shown.map { table.line($0) }
    }
    if rows.left > 0 {
      lines.append(
        StyledLine(
          "  \(Numeral.count(UInt64(rows.left), "more field")) within the limits (--verbose shows all)",
          .faint))
    }
    lines.append(StyledLine())
    var legend =
      "limits: JS \(Self.text(limits.jensenShannon)), PSI \(Self.text(limits.stability)), "
      + "L-inf \(Self.text(limits.categories)), rates \(Self.percent(limits.rates)); ! beyond them"
    if rows.shown.contains(where: \.isUncertain) {
      legend += ", ? too few values to tell it from chance, or numbers that count the records"
    }
    lines += Paragraph.lines(legend, width: width).map { StyledLine($0, .faint) }
    return lines.map { $0.rendered(width: width, color: color) + "\n" }.joined()
  }

  private var verdict: StyledLine {
    let all = Numeral.count(UInt64(drifts.count), "field")
    var line = moved > 0 ? StyledLine("MOVED", .warning) : StyledLine("SAME", .passed)
    line.pad(to: 7)
    line.append(
      moved > 0
        ? "\(Numeral.grouped(UInt64(moved))) of \(all) moved beyond the limits"
        : "none of \(all) moved beyond the limits")
    return line
  }

  /// What is beyond of each field that moved, and of the others the largest.
  private func rows(_ isVerbose: Bool) -> (shown: [DiffRow], left: Int) {
    var rows: [DiffRow] = []
    var rest = 0
    for drift in drifts {
      let all = DiffRow.all(of: drift, limits)
      if drift.isBeyond {
        rows += all.filter { isVerbose || $0.isBeyond }
      } else if isVerbose || rest < Self.restLimit {
        rows += isVerbose ? all : Array(all.prefix(1))
        rest += 1
      } else {
        return (rows, drifts.count - moved - rest)
      }
    }
    return (rows, 0)
  }

  static func text(_ value: Double) -> String { Numeral.rounded(value, digits: 3) }

  static func percent(_ share: Double) -> String {
    share > 0 && share < 1e-5 ? "<0.001%" : Numeral.rounded(share * 100, digits: 3) + "%"
  }

  /// The whole comparison, the worst field first, as strict JSON.
  package func document() -> [UInt8] {
    var writer = JSONWriter(style: .indented)
    writer.beginObject()
    writer.member("format", Self.format)
    writer.name("version")
    writer.value(Self.version)
    for (name, records) in [("before", before.records), ("after", after.records)] {
      writer.name(name)
      writer.beginObject(isInline: true)
      writer.member("records", records)
      writer.endObject()
    }
    writer.name("limits")
    writer.beginObject(isInline: true)
    writer.member("js", limits.jensenShannon)
    writer.member("psi", limits.stability)
    writer.member("categories", limits.categories)
    writer.member("rates", limits.rates)
    writer.member("fewest", limits.fewest)
    writer.endObject()
    writer.member("moved", UInt64(moved))
    writer.name("fields")
    writer.beginArray()
    for drift in drifts { Self.write(drift, to: &writer) }
    writer.endArray()
    writer.endObject()
    return writer.finish()
  }

  private static func write(_ drift: FieldDrift, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("path", drift.path)
    writer.member("presence", drift.presence.rawValue)
    writer.member("moved", drift.isBeyond)
    writer.name("distributions")
    writer.beginArray()
    for measure in drift.measures {
      writer.beginObject(isInline: true)
      writer.member("of", measure.kind.rawValue)
      writer.member("moved", measure.isBeyond)
      writer.member("valuesBefore", measure.before)
      writer.member("valuesAfter", measure.after)
      if measure.kind == .categories {
        writer.member("lInf", measure.largest)
        writer.member("value", measure.category)
        writer.member("before", measure.shareBefore)
        writer.member("after", measure.shareAfter)
      } else {
        writer.member("js", measure.jensenShannon)
        writer.member("psi", measure.stability)
        writer.member("medianBefore", measure.medianBefore)
        writer.member("medianAfter", measure.medianAfter)
      }
      writer.endObject()
    }
    writer.endArray()
    writer.name("rates")
    writer.beginArray()
    for rate in drift.rates {
      writer.beginObject(isInline: true)
      writer.member("of", rate.name)
      writer.member("moved", rate.isBeyond)
      writer.member("before", rate.before)
      writer.member("after", rate.after)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
