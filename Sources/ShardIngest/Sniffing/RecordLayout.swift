import ShardModel

/// How the bytes of a member are to be read as records.
package enum RecordLayout: Sendable {
  case json(JSONReader.Layout)
  case table(Table)
  case array(ArrayLayout)
  /// A tar of samples.
  case samples(SampleNaming)

  /// A dialect that is told from another one by its identity: compared once a chunk.
  package final class Table: Sendable {
    package let dialect: TableDialect

    init(_ dialect: TableDialect) { self.dialect = dialect }
  }

  /// `jsonl`, `json`, `csv`, `tsv`, `npy`, `webdataset`, `folder`.
  package var name: String {
    switch self {
    case .json(.lines): "jsonl"
    case .json: "json"
    case .table(let table): table.dialect.delimiter == 0x09 ? "tsv" : "csv"
    case .array: "npy"
    case .samples(let naming): naming == .firstPeriod ? "webdataset" : "folder"
    }
  }

  /// Bytes before the first record.
  var headerLength: Int {
    switch self {
    case .json: 0
    case .table(let table): table.dialect.headerLength
    case .array(let layout): layout.header.length
    case .samples: 0
    }
  }

  /// Whether a record ends with its line and stands on one.
  var isLines: Bool {
    if case .json(.lines) = self { true } else { false }
  }

  var isArray: Bool {
    if case .json(.array) = self { true } else { false }
  }

  var isSamples: Bool {
    if case .samples = self { true } else { false }
  }

  /// Whether the bytes are no text: they have no lines.
  var isBinary: Bool {
    switch self {
    case .array, .samples: true
    case .json, .table: false
    }
  }

  /// The byte that ends a line.
  var lineEnd: UInt8 {
    if case .table(let table) = self, table.dialect.terminator == .carriageReturn { 0x0D } else { 0x0A }
  }

  /// - Parameter isInside: whether the framer begins after a record.
  func framer(isInside: Bool) -> any RecordFramer {
    switch self {
    case .json(.lines): LineFramer()
    case .json(.array): JSONValueFramer(layout: .array, isInside: isInside)
    case .json(.values): JSONValueFramer(layout: .values, isInside: isInside)
    case .table(let table): TableFramer(dialect: table.dialect)
    case .array(let layout): ArrayFramer(rowBytes: layout.header.rowBytes)
    case .samples(let naming): SampleFramer(naming: naming)
    }
  }
}

/// The record format that the user asks for.
package enum FormatChoice: String, Sendable, CaseIterable {
  case auto, jsonl, json, csv, tsv, npy, webdataset
}

/// Tells the layout of a member from its first bytes, and where these leave it open from its name.
enum LayoutSniffer {
  /// Whether the member is to be read as a `.npy` array: it begins as one, or is said to be one.
  static func isArray(_ prefix: UnsafeBufferPointer<UInt8>, ending: String?, choice: FormatChoice) -> Bool {
    switch choice {
    case .npy: true
    case .auto: ending == "npy" || ArrayHeaderParser.isArray(prefix)
    case .jsonl, .json, .csv, .tsv, .webdataset: false
    }
  }

  /// - Parameters:
  ///   - prefix: the first bytes, `isWhole` if there are no more.
  ///   - ending: the ending of the name that tells a format, `jsonl` or `csv`.
  static func sniff(
    _ prefix: UnsafeBufferPointer<UInt8>, isWhole: Bool, ending: String?, choice: FormatChoice
  ) -> RecordLayout {
    let first = prefix.firstIndex { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    let opening = first.map { prefix[$0] }
    switch choice {
    case .jsonl: return .json(.lines)
    case .json: return .json(opening == UInt8(ascii: "[") ? .array : .values)
    case .csv: return table(prefix, isWhole, forced: nil) ?? emptyTable
    case .tsv: return table(prefix, isWhole, forced: 0x09) ?? emptyTable
    case .auto, .npy, .webdataset: break
    }
    // What is named a table may start with a brace; nothing else does.
    if ending == "csv" || ending == "tsv" { return table(prefix, isWhole, forced: nil) ?? emptyTable }
    if let first, opening == UInt8(ascii: "{") {
      return .json(isOneRecordPerLine(prefix, from: first, ending: ending) ? .lines : .values)
    }
    if let first, opening == UInt8(ascii: "[") {
      return .json(isArrayOfRecords(prefix, from: first, ending: ending) ? .array : .lines)
    }
    if ending == nil, let table = table(prefix, isWhole, forced: nil), case .table(let found) = table,
      found.dialect.columns.count > 1
    {
      return table
    }
    return .json(ending == "json" ? .values : .lines)
  }

  private static func table(
    _ prefix: UnsafeBufferPointer<UInt8>, _ isWhole: Bool, forced delimiter: UInt8?
  ) -> RecordLayout? {
    TableSniffer.sniff(prefix: prefix, isWhole: isWhole, forced: delimiter).map {
      .table(RecordLayout.Table($0))
    }
  }

  /// For a table without a row.
  private static var emptyTable: RecordLayout {
    .table(RecordLayout.Table(TableDialect(hasHeader: false, columns: ["c0"])))
  }

  /// Data that start with an object: lines, or values that may span lines (pretty-printed)?
  private static func isOneRecordPerLine(
    _ prefix: UnsafeBufferPointer<UInt8>, from first: Int, ending: String?
  ) -> Bool {
    guard let lineEnd = prefix[first...].firstIndex(of: UInt8(ascii: "\n")) else { return ending != "json" }
    if let next = prefix[lineEnd...].firstIndex(where: { $0 > 0x20 }) {
      // The second line starts a record of its own, at its very beginning.
      if prefix[next] == UInt8(ascii: "{"), prefix[next - 1] == UInt8(ascii: "\n") { return true }
      if let end = firstValueEnd(prefix, from: first) {
        return end <= lineEnd && prefix[next] == UInt8(ascii: "{")
      }
      return false
    }
    guard let end = firstValueEnd(prefix, from: first) else { return ending != "json" }
    return end <= lineEnd && ending != "json"
  }

  /// Data that start with a list: one array of records, or lines that each hold a list?
  private static func isArrayOfRecords(
    _ prefix: UnsafeBufferPointer<UInt8>, from first: Int, ending: String?
  ) -> Bool {
    guard let lineEnd = prefix[first...].firstIndex(of: UInt8(ascii: "\n")),
      let end = firstValueEnd(prefix, from: first), end <= lineEnd
    else { return ending != "jsonl" && ending != "ndjson" && ending != "jsonlines" }
    // The whole first line is one list. Another list after it makes lines.
    if let next = prefix[lineEnd...].firstIndex(where: { $0 > 0x20 }) {
      return prefix[next] != UInt8(ascii: "[")
    }
    return ending != "jsonl" && ending != "ndjson" && ending != "jsonlines"
  }

  private static func firstValueEnd(_ prefix: UnsafeBufferPointer<UInt8>, from first: Int) -> Int? {
    guard let base = prefix.baseAddress else { return nil }
    var framer = JSONValueFramer(layout: .values)
    return framer.firstEnd(base + first, count: prefix.count - first).map { first + $0 }
  }
}
