import ShardModel

/// `quarantine.csv`: the quarantine list for a spreadsheet, a row for each finding.
///
/// RFC 4180 with CRLF, in UTF-8 with the byte order mark by which Excel tells it. A cell that a spreadsheet would
/// compute (it begins with `=`, `+`, `-`, `@`, a full-width form of them, a tab or a line break) begins with an
/// apostrophe instead, unless it is a plain number; control characters are escapes, so a row is a line.
package final class CSVReport: FindingReport {
  private static let columns: StaticString =
    "\u{FEFF}shard,member,record,line,offset,length,key,severity,check,field,value,message\r\n"

  /// The cell of the shard whose findings come.
  private var shardCell: (shard: String, bytes: [UInt8]) = ("", [])

  package init() {}

  package func begin(_ context: ReportContext, to bytes: inout OutputBuffer) {
    JSONText.append(raw: Self.columns, to: &bytes)
  }

  package func add(_ batch: [LocatedFindings], shard: String, to bytes: inout OutputBuffer) {
    if shardCell.shard != shard {
      var cell = OutputBuffer()
      Self.append(shard, to: &cell)
      shardCell = (shard, cell.bytes)
    }
    let lines = batch.span
    for line in lines.indices {
      let findings = lines[line].findings.span
      for index in findings.indices {
        bytes += shardCell.bytes
        Self.append(lines[line].location, to: &bytes)
        Self.append(findings[index], to: &bytes)
      }
    }
  }

  @inline(__always)
  private static func append(_ location: Location, to bytes: inout OutputBuffer) {
    append(next: location.member, to: &bytes)
    append(next: location.record, to: &bytes)
    append(next: location.line, to: &bytes)
    append(next: location.offset, to: &bytes)
    append(next: location.length, to: &bytes)
    append(next: location.key, to: &bytes)
  }

  @inline(__always)
  private static func append(_ finding: Finding, to bytes: inout OutputBuffer) {
    // Names of ours.
    bytes.append(UInt8(ascii: ","))
    bytes += finding.severity.name
    bytes.append(UInt8(ascii: ","))
    bytes += finding.check
    append(next: finding.field, to: &bytes)
    append(next: finding.value, to: &bytes)
    append(next: finding.message, to: &bytes)
    JSONText.append(raw: "\r\n", to: &bytes)
  }

  private static func append(next text: String?, to bytes: inout OutputBuffer) {
    bytes.append(UInt8(ascii: ","))
    if let text { append(text, to: &bytes) }
  }

  private static func append(next number: UInt64?, to bytes: inout OutputBuffer) {
    bytes.append(UInt8(ascii: ","))
    if let number { JSONText.append(number, to: &bytes) }
  }

  /// Appends a cell, in quotes where it needs them.
  ///
  /// - Complexity: O(n); printable ASCII is copied as it is.
  static func append(_ text: String, to bytes: inout OutputBuffer) {
    let isPlain = text.withBytes { cell in
      guard Printable.isPlain(cell) else { return false }
      append(cell, isFormula: couldBeFormula(cell) && !isNumber(cell), to: &bytes)
      return true
    }
    guard !isPlain else { return }
    Printable.line(text).withBytes { cell in
      append(cell, isFormula: couldBeFormula(text) && !isNumber(cell), to: &bytes)
    }
  }

  private static func append(
    _ cell: UnsafeBufferPointer<UInt8>, isFormula: Bool, to bytes: inout OutputBuffer
  ) {
    var separators: UInt8 = 0
    var quotes: UInt8 = 0
    for byte in cell {
      separators |= byte == 0x2C || byte == 0x3B ? 1 : 0
      quotes |= byte == 0x22 ? 1 : 0
    }
    guard isFormula || cell.first == 0x20 || separators | quotes != 0 else {
      bytes.append(contentsOf: cell)
      return
    }
    bytes.append(0x22)
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    if quotes == 0 {
      bytes.append(contentsOf: cell)
    } else {
      for byte in cell {
        if byte == 0x22 { bytes.append(byte) }
        bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }

  /// Judges printable ASCII: behind spaces, which a spreadsheet may cut off.
  private static func couldBeFormula(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    switch cell.first(where: { $0 != 0x20 }) {
    case 0x3D, 0x2B, 0x2D, 0x40: true
    default: false
    }
  }

  /// Judges the text before it was made printable, and behind white space, which a spreadsheet may cut off.
  private static func couldBeFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if (0x30..<0x3D).contains(first.value) || (0x41..<0x7F).contains(first.value) { return false }
    if first == "\t" || first == "\r" || first == "\n" { return true }
    let start = text.unicodeScalars.first { !$0.properties.isWhitespace }
    switch start {
    case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
    default: return false
    }
  }

  /// A sign, digits, a point and an exponent, and nothing else.
  private static func isNumber(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = cell[...]
    func digits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    var count = digits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      count += digits()
    }
    guard count > 0 else { return false }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
