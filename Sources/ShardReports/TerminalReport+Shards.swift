import ShardModel

extension TerminalReport {
  private static let shardLimit = 5

  /// The worst shards, and how many have nothing against them.
  mutating func addShards() {
    guard !result.shards.isEmpty else { return }
    let bad = result.shards.filter { !$0.isClean }
    let clean = result.shards.count - bad.count
    addHeading(
      "Shards", "\(Numeral.grouped(UInt64(clean))) of \(Numeral.grouped(UInt64(result.shards.count))) clean")
    guard !bad.isEmpty else { return }
    let worst = bad.sorted(by: ShardSummary.isWorse)
    let shown = options.isVerbose ? worst.count : min(worst.count, Self.shardLimit)
    let longest = worst.prefix(shown).map { DisplayWidth.of(Printable.line($0.name)) }.max() ?? 0
    // Two spaces, four numbers of 8 or 12 columns, the status.
    let nameWidth = max(8, min(max(longest, 4), width - 2 - 8 - 12 - 8 - 10 - 10))
    var header = StyledLine("  ")
    header.cell("name", nameWidth, .faint)
    for (name, columns) in [("records", 8), ("quarantined", 12), ("errors", 8), ("warnings", 10)] {
      header.cell(name, columns, alignRight: true, .faint)
    }
    add(header)
    for shard in worst.prefix(shown) { add(row(shard, nameWidth)) }
    if shown < worst.count { addRemainder(worst.count - shown, "more with findings") }
  }

  private func row(_ shard: ShardSummary, _ nameWidth: Int) -> StyledLine {
    var line = StyledLine("  ")
    line.cell(DisplayWidth.cutMiddle(Printable.line(shard.name), to: nameWidth), nameWidth)
    line.cell(Numeral.compact(shard.records), 8, alignRight: true)
    line.cell(Numeral.compact(shard.quarantined), 12, alignRight: true)
    line.cell(Numeral.compact(shard.errors), 8, alignRight: true, shard.errors > 0 ? .error : .plain)
    line.cell(Numeral.compact(shard.warnings), 10, alignRight: true, shard.warnings > 0 ? .warning : .plain)
    switch shard.status {
    case .complete: break
    case .damaged: line.append("  damaged", .error)
    case .limited: line.append("  limited", .note)
    case .unread: line.append("  unread", .error)
    }
    return line
  }

  /// Where the files are and what to do next.
  mutating func addFiles() {
    if let directory = options.outputDirectory {
      addHeading("Written to " + DisplayWidth.cutMiddle(Printable.line(directory), to: width - 11))
      let nameWidth = options.reports.map { DisplayWidth.of($0.fileName) }.max() ?? 0
      for report in options.reports {
        var line = StyledLine("  ")
        line.cell(report.fileName, nameWidth)
        line.append("  " + report.summary, .faint)
        add(line)
      }
    }
    addNextSteps()
  }

  /// Commands that can be pasted as they are: long ones go over several lines, and one with a word that no line holds is
  /// left to the other reports.
  private mutating func addNextSteps() {
    let steps = NextStep.all(for: result, directory: options.outputDirectory).compactMap { step in
      commandLines(step).map { (step.purpose, $0) }
    }
    guard !steps.isEmpty else { return }
    addHeading("Next")
    for (purpose, commands) in steps {
      add(StyledLine("  # " + purpose, .faint))
      for line in commands { add(StyledLine(line)) }
    }
  }

  private func commandLines(_ step: NextStep) -> [String]? {
    let room = width - 2
    guard step.words.allSatisfy({ DisplayWidth.of($0) + 4 <= room }) else { return nil }
    var lines = ["  " + (step.words.first ?? "")]
    for word in step.words.dropFirst() {
      if DisplayWidth.of(lines[lines.count - 1]) + 1 + DisplayWidth.of(word) <= room {
        lines[lines.count - 1] += " " + word
      } else {
        lines[lines.count - 1] += " \\"
        lines.append("    " + word)
      }
    }
    return lines
  }
}
