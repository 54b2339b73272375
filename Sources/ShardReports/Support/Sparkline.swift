import ShardModel

/// A histogram in one line of text.
package enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// A block that is filled from below, a space of nothing and less.
  static func block(eighths: Int) -> Character { eighths <= 0 ? " " : blocks[min(8, eighths) - 1] }

  /// `width` columns over the range of the bins. An empty column is a space, any value at all at least the lowest
  /// block. A bin that reaches over several columns is spread evenly.
  package static func of(_ bins: [HistogramBin], width: Int) -> String {
    guard width > 0, let first = bins.first, let last = bins.last else { return "" }
    let low = first.low
    let range = last.high - low
    guard range > 0, range.isFinite else {
      return bins.contains { $0.count > 0 } ? String(blocks[7]) : ""
    }
    var columns = [Double](repeating: 0, count: width)
    for bin in bins where bin.count > 0 {
      let start = min(max(0, (bin.low - low) / range * Double(width)), Double(width))
      let end = min(max(start, (bin.high - low) / range * Double(width)), Double(width))
      let from = min(width - 1, Int(start))
      let through = max(from, min(width - 1, ceiling(end) - 1))
      for column in from...through {
        let overlap = min(end, Double(column + 1)) - max(start, Double(column))
        columns[column] += Double(bin.count) * (end > start ? max(0, overlap) / (end - start) : 1)
      }
    }
    guard let highest = columns.max(), highest > 0 else { return "" }
    return String(
      columns.map { count -> Character in
        guard count > 0 else { return " " }
        return blocks[min(7, ceiling(count / highest * 8) - 1)]
      })
  }

  /// Of a small number that is not negative; `rounded` would need the C math library.
  private static func ceiling(_ value: Double) -> Int {
    let whole = Int(value)
    return Double(whole) < value ? whole + 1 : whole
  }
}
