/// How far a scan is. The caller has the clock; rendering is a pure function of this.
package struct ProgressState: Sendable, Equatable {
  /// Stored bytes read so far, which is what the total is known of beforehand.
  package var bytesDone: UInt64 = 0
  /// Nil where it is not known: standard input.
  package var bytesTotal: UInt64?
  package var records: UInt64 = 0
  package var quarantined: UInt64 = 0
  package var shardsDone: UInt64 = 0
  package var shardsTotal: UInt64 = 0
  package var elapsedSeconds: Double = 0

  package init() {}
}

/// One line about a scan that runs.
package enum ProgressLine {
  private static let barWidth = 20

  /// A line with a bar for a terminal, at most `width` columns, without a line feed; what matters least goes first
  /// when it is narrow.
  package static func bar(_ state: ProgressState, width: Int = 80, color: Bool = false) -> String {
    var line = StyledLine()
    if let share = share(state) {
      line.cell("\(Int(share * 100))%", 4, alignRight: true, .heading)
      if width >= 60 {
        // Eighths of a column would flicker less, but not every font has them at one width.
        let filled = Int(share * Double(barWidth))
        line.append(" " + String(repeating: "█", count: filled), .note)
        line.append(String(repeating: "░", count: barWidth - filled), .faint)
      }
      line.append("  ")
    }
    append(parts(state), to: &line, width: width)
    return line.rendered(width: max(1, width), color: color)
  }

  /// A line for a log.
  package static func plain(_ state: ProgressState) -> String {
    let percent = share(state).map { ["\(Int($0 * 100))%"] } ?? []
    let shards = state.shardsTotal > 0 ? ["\(state.shardsDone) of \(state.shardsTotal) shards"] : []
    return "progress: " + (percent + shards + parts(state)).joined(separator: ", ")
  }

  private static func append(_ parts: [String], to line: inout StyledLine, width: Int) {
    for (index, part) in parts.enumerated() {
      let gap = index == 0 ? "" : "  "
      if line.width + gap.utf8.count + DisplayWidth.of(part) > width { return }
      line.append(gap + part)
    }
  }

  /// What there is to say, the most important first.
  private static func parts(_ state: ProgressState) -> [String] {
    var parts: [String] = []
    if let left = secondsLeft(state) { parts.append(duration(left) + " left") }
    parts.append(Numeral.compact(state.records) + (state.records == 1 ? " record" : " records"))
    if state.quarantined > 0 { parts.append(Numeral.compact(state.quarantined) + " bad") }
    if let rate = rate(state) { parts.append(Numeral.bytes(UInt64(rate)) + "/s") }
    let done = Numeral.bytes(state.bytesDone)
    parts.append(state.bytesTotal.map { "\(done) of \(Numeral.bytes($0))" } ?? done)
    return parts
  }

  private static func share(_ state: ProgressState) -> Double? {
    guard let total = state.bytesTotal, total > 0 else { return nil }
    return min(1, Double(state.bytesDone) / Double(total))
  }

  private static func rate(_ state: ProgressState) -> Double? {
    guard state.elapsedSeconds > 0, state.elapsedSeconds.isFinite, state.bytesDone > 0 else { return nil }
    let rate = Double(state.bytesDone) / state.elapsedSeconds
    return rate < 1e18 ? rate : nil
  }

  /// Nil in the first second, when it would be a guess.
  private static func secondsLeft(_ state: ProgressState) -> Double? {
    guard let total = state.bytesTotal, state.elapsedSeconds >= 1, let rate = rate(state), rate > 0 else {
      return nil
    }
    return total > state.bytesDone ? Double(total - state.bytesDone) / rate : 0
  }

  /// `0:07`, `12:34`, `3:05:00`, `> 99 h`.
  private static func duration(_ seconds: Double) -> String {
    guard seconds < 356_400 else { return "> 99 h" }
    let whole = Int(seconds)
    func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):" + padded(minutes) : "\(minutes)") + ":" + padded(whole % 60)
  }
}
