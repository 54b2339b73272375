/// Finds out how a delimited text file is written from its first bytes.
///
/// Each delimiter is tried on the first `rowLimit` rows, with quotes honored, so that one inside of a quoted cell
/// does not count. Blank rows are left aside. The delimiter is the one under which
/// 1. the first row has at least two cells, and the greatest share of the rows has as many cells as the first;
///    that share must be at least a half;
/// 2. or else at least four fifths of the rows have the same number, two or more, of cells.
///
/// Where shares are equal more cells win, then the earlier of tab, `;`, `|`, `,`: a comma is the likeliest to be part of
/// a text. A file for which none qualifies has one column, and its delimiter is the comma.
///
/// Rows end with a lone carriage return where no line feed but a carriage return stands outside of quotes.
///
/// Cost: some passes over the prefix, byte by byte, and memory for its cells; meant for a prefix of about 64 KiB.
package enum TableSniffer {
  /// Rows that are looked at.
  static let rowLimit = 100
  private static let candidates = [0x09, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")]

  /// - Parameters:
  ///   - prefix: the first bytes of the file.
  ///   - isWhole: whether it has no others.
  ///   - delimiter: the delimiter if it is known.
  ///   - header: whether there is a header, if that is known.
  /// - Returns: nil where the prefix holds no whole row with content (a longer prefix may), or where `delimiter`
  ///   cannot stand between cells.
  package static func sniff(
    prefix: UnsafeBufferPointer<UInt8>, isWhole: Bool, forced delimiter: UInt8?, header: Bool? = nil
  ) -> TableDialect? {
    if let delimiter, !TableDialect.isDelimiter(delimiter) { return nil }
    let start = prefix.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let tried = delimiter.map { [$0] } ?? candidates
    let terminator = terminator(of: prefix, from: start, delimiters: tried, isWhole: isWhole)
    var best: Trial?
    for candidate in tried {
      let trial = Trial(
        prefix, from: start, isWhole: isWhole, delimiter: candidate, terminator: terminator)
      guard !trial.rows.isEmpty else { continue }
      if delimiter == nil, trial.score.rank == 0 { continue }
      if let known = best, !(known.score < trial.score) { continue }
      best = trial
    }
    let single = Trial(
      prefix, from: start, isWhole: isWhole, delimiter: delimiter ?? UInt8(ascii: ","), terminator: terminator
    )
    let trial = best ?? single
    guard let first = trial.rows.first else { return nil }
    // A first row that breaks the grammar has to be a record: only records are reported.
    let hasHeader = trial.isFirstRowSound && (header ?? TableHeader.isHeader(trial.rows))
    let names = TableHeader.names(of: first, isHeader: hasHeader)
    return TableDialect(
      delimiter: trial.delimiter, terminator: terminator, hasHeader: hasHeader, columns: names.columns,
      headerLength: hasHeader ? trial.firstRowEnd : start, notes: names.notes)
  }

  /// The first rows under one delimiter.
  private struct Trial {
    let delimiter: UInt8
    /// The cells of the rows that are not blank, quotes and doubled quotes undone.
    private(set) var rows: [[[UInt8]]] = []
    /// Just past the first of them.
    private(set) var firstRowEnd = 0
    private(set) var isFirstRowSound = true
    private(set) var score = Score()

    init(
      _ prefix: UnsafeBufferPointer<UInt8>, from start: Int, isWhole: Bool, delimiter: UInt8,
      terminator: TableDialect.Terminator
    ) {
      self.delimiter = delimiter
      var cells = TableCells(prefix, from: start, delimiter: delimiter, terminator: terminator)
      var row: [[UInt8]] = []
      while rows.count < TableSniffer.rowLimit, let cell = cells.next() {
        // The rest of a row that the prefix cuts says nothing.
        if cell.endsBytes, !isWhole { break }
        row.append(cells.text(of: cell))
        if rows.isEmpty, cell.isOpen || cell.isMalformed { isFirstRowSound = false }
        guard cell.endsRow else { continue }
        if row.count > 1 || !cell.content.isEmpty {
          if rows.isEmpty { firstRowEnd = min(cells.index, prefix.count) }
          rows.append(row)
        }
        row.removeAll()
      }
      score = Score(rows.map(\.count))
    }
  }

  /// How well a delimiter explains the rows.
  private struct Score: Comparable {
    /// 2 for the first rule, 1 for the second, 0 for neither.
    var rank = 0
    /// Rows with the same number of cells, of `rows`.
    var agreeing = 0
    var rows = 1
    var cells = 0

    init() {}

    init(_ counts: [Int]) {
      guard let first = counts.first else { return }
      rows = counts.count
      let alike = counts.count { $0 == first }
      if first >= 2, alike * 2 >= rows {
        (rank, agreeing, cells) = (2, alike, first)
        return
      }
      let tally = Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +)
      let common = tally.max { ($0.value, $0.key) < ($1.value, $1.key) }
      if let common, common.key >= 2, common.value * 5 >= rows * 4 {
        (rank, agreeing, cells) = (1, common.value, common.key)
      }
    }

    static func < (left: Score, right: Score) -> Bool {
      if left.rank != right.rank { return left.rank < right.rank }
      let (leftShare, rightShare) = (left.agreeing * right.rows, right.agreeing * left.rows)
      if leftShare != rightShare { return leftShare < rightShare }
      return left.cells < right.cells
    }
  }

  private static func terminator(
    of prefix: UnsafeBufferPointer<UInt8>, from start: Int, delimiters: [UInt8], isWhole: Bool
  ) -> TableDialect.Terminator {
    var isQuoted = false
    var isCellStart = true
    var hasLoneReturn = false
    for index in start..<prefix.count {
      let byte = prefix[index]
      if isQuoted {
        // A doubled quote closes and opens again.
        if byte == UInt8(ascii: "\"") { isQuoted = false }
        isCellStart = byte == UInt8(ascii: "\"") && index + 1 < prefix.count && prefix[index + 1] == byte
        continue
      }
      switch byte {
      case 0x0A: return .lineFeed
      case 0x0D:
        if index + 1 < prefix.count ? prefix[index + 1] != 0x0A : isWhole { hasLoneReturn = true }
        isCellStart = true
      case UInt8(ascii: "\"") where isCellStart: isQuoted = true
      default: isCellStart = delimiters.contains(byte)
      }
    }
    return hasLoneReturn ? .carriageReturn : .lineFeed
  }
}
