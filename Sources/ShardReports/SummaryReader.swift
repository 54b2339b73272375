import ShardModel

/// Reads back from `summary.json` what a comparison needs.
///
/// Whatever the bytes are, the result can be compared: counts are bounded, bins ascend, and members that are not known
/// are passed over, so that a later minor change of the format still reads.
package enum SummaryReader {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
    /// What to do about it.
    package var hint: String
  }

  /// Larger files are no summaries: a million shards take 400 MB.
  package static let sizeLimit = 1 << 30
  /// A scan tells at most some thousand fields apart.
  private static let fieldLimit = 100_000
  private static let scanAgain = "scan the data again: shardcheck scan PATH --out DIR"

  package static func baseline(_ bytes: [UInt8]) throws(Failure) -> Baseline {
    var cursor = JSONCursor(bytes)
    var head = Head()
    var baseline = Baseline(records: 0, fields: [])
    do throws(JSONCursor.Failure) {
      try cursor.object { name, cursor throws(JSONCursor.Failure) in
        switch name {
        case "format": head.format = try cursor.string()
        case "version": head.version = try cursor.tally()
        case "totals":
          try cursor.object { name, cursor throws(JSONCursor.Failure) in
            if name == "records" {
              baseline.records = try cursor.tally()
              head.hasTotals = true
            } else {
              try cursor.skip()
            }
          }
        case "fields" where head.isReadable:
          baseline.fields = try fields(&cursor)
          head.hasFields = true
        case "interrupted": head.isInterrupted = try cursor.boolean()
        default: try cursor.skip()
        }
      }
      try cursor.finish()
    } catch {
      // Bytes of something else entirely are better named so.
      if head.format == nil { throw Failure(description: "not a summary of shardcheck", hint: expected) }
      try head.check()
      throw Failure(
        description: "not a summary that shardcheck wrote: \(error.reason) (byte \(error.position))",
        hint: scanAgain)
    }
    try head.check()
    guard head.hasTotals, head.hasFields else {
      throw Failure(description: "not a whole summary: totals or fields are missing", hint: scanAgain)
    }
    if head.isInterrupted {
      throw Failure(
        description: "the summary of a scan that was interrupted: it says little about the data",
        hint: scanAgain)
    }
    return baseline
  }

  private static let expected =
    "expected the summary.json that scan --out DIR or merge wrote, or DIR itself"

  private struct Head {
    var format: String?
    var version: UInt64?
    var hasTotals = false
    var hasFields = false
    var isInterrupted = false

    var isReadable: Bool {
      format == SummaryReport.format && version == UInt64(SummaryReport.version)
    }

    func check() throws(Failure) {
      guard format == SummaryReport.format else {
        throw Failure(description: "not a summary of shardcheck", hint: SummaryReader.expected)
      }
      guard version == UInt64(SummaryReport.version) else {
        let found = version.map { "version \($0)" } ?? "no version"
        throw Failure(
          description: "a summary of another version: expected \(SummaryReport.version), found \(found)",
          hint: "scan the data again with this shardcheck")
      }
    }
  }

  private static func fields(_ cursor: inout JSONCursor) throws(JSONCursor.Failure) -> [FieldShape] {
    var fields: [FieldShape] = []
    var paths: Set<String> = []
    try cursor.array { cursor throws(JSONCursor.Failure) in
      let field = try field(&cursor)
      guard paths.insert(field.path).inserted else { throw cursor.failure("a field stands twice") }
      guard fields.count < fieldLimit else { throw cursor.failure("too many fields") }
      fields.append(field)
    }
    return fields
  }
}
