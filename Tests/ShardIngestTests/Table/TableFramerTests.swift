import ShardIngest
import ShardModel
import ShardTestSupport
import Testing

@Suite struct TableFramerTests {
  @Test("a boundary is behind the last complete row, and counts restart at a cut")
  func boundaries() {
    var framer = TableFramer(dialect: TableDialect(columns: ["a"]))
    let bytes = Array("1,2\n\"x\n\",y\n3,".utf8)
    bytes.withUnsafeBufferPointer { buffer in
      let base = buffer.baseAddress!
      #expect(framer.scan(base, from: 0, to: 3) == nil)
      #expect(framer.scan(base, from: 3, to: 8) == FrameBoundary(offset: 4, records: 1))
      framer.cut(at: FrameBoundary(offset: 4, records: 1))
      #expect(framer.scan(base + 4, from: 4, to: 9) == FrameBoundary(offset: 7, records: 1))
      #expect(framer.finish(base + 4, count: 9) == 2)
    }
  }

  @Test("nothing behind the last line break is no row, a blank line is one")
  func lastRows() {
    for (text, rows) in [("", 0), ("\n", 1), ("a\n", 1), ("a\n\n", 2), ("a", 1), ("a\nb", 2), ("\"\n", 1)] {
      var framer = TableFramer(dialect: TableDialect(columns: ["a"]))
      withPadding(text.utf8) { pointer in
        _ = framer.scan(pointer, from: 0, to: text.utf8.count)
        #expect(framer.finish(pointer, count: text.utf8.count) == rows, "\(text.debugDescription)")
      }
    }
  }

  @Test("random bytes are framed and read as the plain grammar says, whole and in any pieces")
  func randomBytes() {
    var random = RepeatableRandom(seed: 4180)
    let alphabet = Array("\",;\n\r0123459 aé.-\t".utf8) + [0xFF, 0x00] + Array("\"\"\n,,".utf8)
    for round in 0..<100_000 {
      let length = Int.random(in: 0...(round % 100 == 0 ? 200 : 24), using: &random)
      let bytes = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let columns = Int.random(in: 1...3, using: &random)
      let dialect = TableDialect(
        delimiter: [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].randomElement(using: &random) ?? 0,
        terminator: round % 4 == 0 ? .carriageReturn : .lineFeed, hasHeader: false,
        columns: (0..<columns).map { "c\($0)" })
      let whole = parse(bytes, dialect)
      guard
        agrees(
          whole, PlainTable(bytes, delimiter: dialect.delimiter, terminator: dialect.terminator), columns)
      else {
        Issue.record("round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription) \(whole)")
        return
      }
      let steps = round % 2 == 0 ? [1] : (0..<4).map { _ in Int.random(in: 1...9, using: &random) }
      let pieces = parse(bytes, dialect, steps: steps)
      guard pieces == whole else {
        Issue.record("round \(round), steps \(steps): \(bytes) \(pieces), whole \(whole)")
        return
      }
    }
  }

  /// Compares places of rows, which rows keep values, kinds of defects, and texts.
  private func agrees(_ parsed: ParsedTable, _ plain: PlainTable, _ columns: Int) -> Bool {
    guard parsed.rows.map(\.offset) == plain.rows.map(\.offset) else { return false }
    guard parsed.rows.map(\.length) == plain.rows.map(\.length) else { return false }
    var expected: [String] = []
    for (index, row) in plain.rows.enumerated() {
      let isKept = !row.isOpen && !row.isMalformed && row.cells.count == columns
      guard parsed.rows[index].cells.count == (isKept ? columns : 0) else { return false }
      guard parsed.rows[index].isKept == isKept else { return false }
      if row.isMalformed || row.isOpen {
        expected.append("\(row.isMalformed ? "malformed" : "truncated")@\(index)")
      } else if row.length == 0, columns > 1 {
        expected.append("empty@\(index)")
      } else if row.cells.count != columns {
        expected.append("cellCount@\(index)")
      } else if columns > 1, row.cells.allSatisfy(\.isEmpty) {
        expected.append("empty@\(index)")
      }
      for (cell, value) in zip(row.cells, parsed.rows[index].cells) {
        let text = "'" + String(decoding: cell, as: UTF8.self) + "'"
        if cell.isEmpty != (value == "~") { return false }
        if value.hasPrefix("'"), value != text { return false }
        if !value.hasPrefix("'"), value != "~", Double(trimmed(cell)) == nil { return false }
      }
    }
    let defects = parsed.defects.filter { !$0.hasPrefix("invalidEncoding") }
    return defects.map { String($0.prefix { $0 != ":" }) } == expected
  }

  private func trimmed(_ cell: [UInt8]) -> String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let content = cell.drop(while: isBlank)
    return String(
      decoding: content[...(content.lastIndex { !isBlank($0) } ?? content.startIndex)], as: UTF8.self)
  }
}
