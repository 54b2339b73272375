import ShardModel

/// How the bytes of a member are to be read as records.
package enum RecordLayout: Sendable, Equatable {
  case json(JSONReader.Layout)

  /// `jsonl`, `json`, `csv`, `tsv`.
  package var name: String {
    switch self {
    case .json(.lines): "jsonl"
    case .json: "json"
    }
  }

  func framer() -> any RecordFramer {
    switch self {
    case .json(.lines): LineFramer()
    case .json(.array): JSONValueFramer(layout: .array)
    case .json(.values): JSONValueFramer(layout: .values)
    }
  }
}

/// The record format that the user asks for.
package enum FormatChoice: String, Sendable, CaseIterable {
  case auto, jsonl, json, csv, tsv
}

/// Tells the layout of a member from its first bytes, and where these leave it open from its name.
enum LayoutSniffer {
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
    case .csv, .tsv, .auto: break
    }
    if let first, opening == UInt8(ascii: "{") {
      return .json(isOneRecordPerLine(prefix, from: first, ending: ending) ? .lines : .values)
    }
    if let first, opening == UInt8(ascii: "[") {
      return .json(isArrayOfRecords(prefix, from: first, ending: ending) ? .array : .lines)
    }
    return .json(ending == "json" ? .values : .lines)
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
