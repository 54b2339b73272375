import ShardModel

extension HTMLReport {
  /// More columns are not readable; the gravest checks are shown.
  private static let checkColumns = 14
  private static let mapColumns = 240

  mutating func writeShards() {
    guard !result.shards.isEmpty else { return }
    let clean = result.shards.filter(\.isClean).count
    writer.beginSection(
      "shards", "Shards",
      "\(Numeral.grouped(UInt64(clean))) of \(Numeral.grouped(UInt64(result.shards.count))) clean")
    let checks = result.sortedChecks.map(\.id).filter { id in result.shards.contains { $0.checks[id] != nil }
    }
    let columns = Array(checks.prefix(Self.checkColumns))
    if result.shards.count > 1, !columns.isEmpty { writeMap(columns) }
    let shown = result.shards.sorted(by: ShardSummary.isWorse).prefix(Self.shardLimit)
    if shown.count < result.shards.count || columns.count < checks.count {
      writer.raw("<p class=\"hint\">")
      writer.text(
        "Shown are the \(Numeral.grouped(UInt64(shown.count))) worst of \(Numeral.grouped(UInt64(result.shards.count))) shards"
          + " and \(columns.count) of \(checks.count) checks; summary.json and shards/ have all.")
      writer.raw("</p>")
    }
    writer.raw(
      "<div class=\"tools\" hidden><label>Find a shard <input type=\"search\" id=\"shard-q\"></label>")
    writer.raw("<label class=\"tick\"><input type=\"checkbox\" id=\"shard-f\"> only with findings</label>")
    writer.raw("<span id=\"shard-n\" role=\"status\"></span></div>\n")
    writer.raw("<div class=\"scroll\" role=\"region\" aria-label=\"Table of shards\" tabindex=\"0\">")
    writer.raw(
      "<table id=\"shard-t\"><caption>Each shard, the worst first, and its findings by check; the stronger the colour of a cell"
    )
    writer.raw(", the larger the share of its records.</caption><thead><tr>")
    for name in ["Shard", "Status", "Records", "Bytes", "Quarantined", "Errors", "Warnings"] {
      writer.raw("<th scope=\"col\">")
      writer.text(name)
      writer.raw("</th>")
    }
    for id in columns {
      writer.raw("<th scope=\"col\" class=\"c\"><span>")
      writer.data(id, limit: 40)
      writer.raw("</span></th>")
    }
    writer.raw("</tr></thead><tbody>\n")
    for shard in shown { write(shard, columns) }
    writer.raw("</tbody></table></div></section>\n")
  }

  private mutating func write(_ shard: ShardSummary, _ columns: [String]) {
    writer.raw("<tr")
    if !shard.isClean { writer.raw(" data-f") }
    writer.raw("><th scope=\"row\">")
    writer.code(shard.name, limit: 120)
    writer.raw("</th><td class=\"")
    writer.raw(shard.status == .damaged || shard.status == .unread ? "s error" : "s")
    writer.raw("\">")
    writer.text(shard.status.rawValue)
    writer.raw("</td>")
    for count in [shard.records, shard.bytes, shard.quarantined, shard.errors, shard.warnings] { cell(count) }
    for id in columns {
      let findings = shard.checks[id]?.findings ?? 0
      guard findings > 0 else {
        writer.raw("<td>")
        continue
      }
      writer.raw("<td class=\"")
      writer.raw(Self.level(findings, of: shard.records))
      writer.raw("\">")
      writer.text(Numeral.grouped(findings))
    }
    writer.raw("</tr>\n")
  }

  /// Nothing is easier to overlook than nothing.
  private mutating func cell(_ count: UInt64) {
    writer.raw("<td>")
    if count > 0 { writer.text(Numeral.grouped(count)) }
  }

  /// Five steps of a share, each ten times the one before.
  static func level(_ count: UInt64, of records: UInt64) -> StaticString {
    let share = Double(count) / Double(max(1, records))
    if share >= 0.1 { return "h5" }
    if share >= 0.01 { return "h4" }
    if share >= 0.001 { return "h3" }
    return share >= 0.0001 ? "h2" : "h1"
  }

  /// All shards at one glance: a row for each check, shards by name from left to right.
  private mutating func writeMap(_ columns: [String]) {
    let shards = result.shards
    let width = (shards.count + Self.mapColumns - 1) / Self.mapColumns
    let cells = (shards.count + width - 1) / width
    let step = 1000 / Double(cells)
    writer.raw(
      "<div class=\"map\"><p class=\"hint\">Findings by check and shard, shards by name from left to right")
    if width > 1 { writer.text("; a column is \(width) shards, the worst of them counts") }
    writer.raw(".</p>")
    for id in columns {
      writer.raw("<div class=\"row\"><span>")
      writer.code(id, limit: 40)
      writer.raw("</span><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\"")
      let hit = shards.filter { $0.checks[id] != nil }.count
      writer.attribute("aria-label", "\(id): in \(hit) of \(shards.count) shards")
      writer.raw(">")
      for (level, style) in [(1, "h1"), (2, "h2"), (3, "h3"), (4, "h4"), (5, "h5")] as [(Int, StaticString)] {
        var isOpen = false
        for cell in 0..<cells {
          let group = shards[(cell * width)..<min(shards.count, (cell + 1) * width)]
          let worst = group.map { Self.rank($0.checks[id]?.findings ?? 0, of: $0.records) }.max() ?? 0
          guard worst == level else { continue }
          if !isOpen {
            writer.raw("<path class=\"")
            writer.raw(style)
            writer.raw("\" d=\"")
            isOpen = true
          }
          writer.raw("M")
          writer.number(Double(cell) * step)
          writer.raw(" 0h")
          writer.number(max(1, step * 0.94))
          writer.raw("v10h-")
          writer.number(max(1, step * 0.94))
          writer.raw("z")
        }
        if isOpen { writer.raw("\"/>") }
      }
      writer.raw("</svg></div>")
    }
    writer.raw("</div>\n")
  }

  private static func rank(_ count: UInt64, of records: UInt64) -> Int {
    guard count > 0 else { return 0 }
    let share = Double(count) / Double(max(1, records))
    return [0.0001, 0.001, 0.01, 0.1].filter { share >= $0 }.count + 1
  }
}
