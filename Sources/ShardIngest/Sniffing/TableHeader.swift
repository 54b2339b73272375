import ShardModel

/// Tells a header from a first record, and makes names of it.
///
/// The first row is a header if none of its cells is a number, fewer than half of them are empty, and
/// 1. some column has a text in it, and below, in the rows looked at, at least as many numbers as texts and at least
///    one; or
/// 2. all of its cells are different, each looks like a name (the first may also be empty, as an index column has it),
///    and none stands again further down in its column.
///
/// What looks like a name has at most 64 bytes in at most four words with one space between them, starts with a
/// letter or an underscore, and goes on with letters, digits and `_ - . / : # % ( ) [ ]`; what is not ASCII counts as
/// a letter.
enum TableHeader {
  private static let nameLimit = 64
  private static let wordLimit = 4
  /// Notes on single columns, so that a header of thousands of equal names is no flood.
  private static let noteLimit = 10

  /// - Parameter rows: the first rows, the cells without quotes; not empty.
  static func isHeader(_ rows: [[[UInt8]]]) -> Bool {
    guard let first = rows.first else { return false }
    guard first.count(where: \.isEmpty) * 2 < first.count else { return false }
    guard !first.contains(where: isNumber) else { return false }
    return standsOverNumbers(first, rows.dropFirst()) || isRowOfNames(first, rows.dropFirst())
  }

  private static func standsOverNumbers(_ first: [[UInt8]], _ rows: ArraySlice<[[UInt8]]>) -> Bool {
    first.indices.contains { column in
      guard !first[column].isEmpty else { return false }
      var numbers = 0
      var texts = 0
      for row in rows where column < row.count && !row[column].isEmpty {
        if isNumber(row[column]) { numbers += 1 } else { texts += 1 }
      }
      return numbers > 0 && numbers >= texts
    }
  }

  private static func isRowOfNames(_ first: [[UInt8]], _ rows: ArraySlice<[[UInt8]]>) -> Bool {
    guard Set(first).count == first.count else { return false }
    for (column, cell) in first.enumerated() {
      guard looksLikeName(cell) || (column == 0 && cell.isEmpty) else { return false }
      if !cell.isEmpty, rows.contains(where: { column < $0.count && $0[column] == cell }) { return false }
    }
    return true
  }

  static func looksLikeName(_ cell: [UInt8]) -> Bool {
    guard let first = cell.first, cell.count <= nameLimit else { return false }
    guard isLetter(first) || first == UInt8(ascii: "_") else { return false }
    var words = 1
    var previous = first
    for byte in cell.dropFirst() {
      if byte == 0x20 {
        guard previous != 0x20 else { return false }
        words += 1
      } else if !isLetter(byte), !isDigit(byte), !"_-./:#%()[]".utf8.contains(byte) {
        return false
      }
      previous = byte
    }
    return words <= wordLimit && previous != 0x20
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

  /// Whether the reader would take the cell for a number.
  static func isNumber(_ cell: [UInt8]) -> Bool {
    guard cell.count <= nameLimit else { return false }
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let trimmed = cell.drop(while: isBlank)
    guard let last = trimmed.lastIndex(where: { !isBlank($0) }) else { return false }
    let content = trimmed[...last]
    let padded = content + repeatElement(0, count: RecordBatch.padding)
    return padded.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return TableNumber.parse(base, base + content.count) != nil
    }
  }

  /// A different name for each cell of the first row, and what had to be changed for that.
  static func names(of first: [[UInt8]], isHeader: Bool) -> (columns: [String], notes: [String]) {
    guard isHeader else { return (first.indices.map { "c\($0)" }, []) }
    let written = first.map { String(decoding: $0, as: UTF8.self) }
    // Names as written come first, so that a made-up name never takes one of them away.
    var taken = Set(written)
    var places: [String: Int] = [:]
    var ordinals: [String: Int] = [:]
    var notes: [String] = []
    let columns = written.enumerated().map { index, name in
      if !name.isEmpty, places[name] == nil {
        places[name] = index
        return name
      }
      let base = name.isEmpty ? "c\(index)" : name
      var unique = base
      var ordinal = ordinals[base, default: 1]
      while taken.contains(unique) {
        ordinal += 1
        unique = "\(base)#\(ordinal)"
      }
      ordinals[base] = ordinal
      taken.insert(unique)
      notes.append(note(on: name, at: index, firstPlace: places[name], renamed: unique))
      return unique
    }
    if notes.count > noteLimit {
      let more = notes.count - noteLimit
      notes.removeLast(more)
      notes.append("\(more) more columns have no name or one that was there before")
    }
    return (columns, notes)
  }

  private static func note(on name: String, at index: Int, firstPlace: Int?, renamed: String) -> String {
    let unique = Excerpt.of(renamed.utf8)
    guard let firstPlace else { return "column \(index + 1) has no name; it is called \"\(unique)\"" }
    return "columns \(firstPlace + 1) and \(index + 1) are both named \"\(Excerpt.of(name.utf8))\"; "
      + "the latter is called \"\(unique)\""
  }
}
