import ShardModel

/// `report.html`: one page that needs nothing beside it, for people.
///
/// Style and script are inline and named by their hashes in a content security policy that allows nothing else: no
/// request, no other script, no frame, no form. Without script everything is there but sorting, filtering and the
/// choice of the theme. All text from the data goes through `HTMLWriter.data`. The same result makes the same bytes.
///
/// Size: bounded; under 2 MB, pictures left aside, for 200 fields and 1,000 shards.
/// - Complexity: O(fields + shards); findings are counted already.
package struct HTMLReport: ~Copyable {
  package static let fileName = "report.html"

  /// Beyond these the page says where the rest stands.
  static let fieldLimit = 250
  static let shardLimit = 1_000

  let result: ScanResult
  /// By id.
  let descriptions: [String: CheckDescription]
  let redact: Bool
  let flagged: [String: Severity]
  var writer = HTMLWriter()

  /// - Parameter redact: Leave out what was read from records: values, ids, pictures.
  package static func render(
    _ result: ScanResult, descriptions: [CheckDescription] = [], redact: Bool = false
  ) -> [UInt8] {
    var report = HTMLReport(
      result: result,
      descriptions: Dictionary(descriptions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
      redact: redact, flagged: result.flaggedFields)
    report.writePage()
    return report.writer.bytes
  }

  private init(
    result: ScanResult, descriptions: [String: CheckDescription], redact: Bool, flagged: [String: Severity]
  ) {
    self.result = result
    self.descriptions = descriptions
    self.redact = redact
    self.flagged = flagged
  }

  private mutating func writePage() {
    let verdict = VerdictText(result)
    var sections: [(id: StaticString, name: StaticString)] = [("verdict", "Verdict")]
    if !result.checks.isEmpty { sections.append(("checks", "Checks")) }
    if !result.drift.isEmpty { sections.append(("drift", "Drift")) }
    if hasTokens { sections.append(("tokens", "Tokens")) }
    if !shownThumbnails.isEmpty { sections.append(("pictures", "Pictures")) }
    if !result.fields.isEmpty { sections.append(("fields", "Fields")) }
    if !result.shards.isEmpty { sections.append(("shards", "Shards")) }
    writer.beginPage("\(verdict.word): \(verdict.sentence)", of: "data set report", sections)
    writeVerdict(verdict)
    writeChecks()
    writeDrift()
    writeTokens()
    writePictures()
    writeFields()
    writeShards()
    writer.endPage(
      "Made by shardcheck from the same result as <code>summary.json</code>. All flagged records stand in <code>quarantine.jsonl</code>."
    )
  }
}
