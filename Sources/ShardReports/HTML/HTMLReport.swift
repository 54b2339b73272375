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
    writer.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    writer.raw(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
    writer.base64(SHA256.digest(Array(PageStyle.text.utf8)))
    writer.raw("'; script-src 'sha256-")
    writer.base64(SHA256.digest(Array(PageScript.text.utf8)))
    writer.raw("'; img-src data:; base-uri 'none'; form-action 'none'\">\n")
    writer.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    writer.raw(
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
    )
    writer.raw("<link rel=\"icon\" href=\"data:,\">\n<title>")
    writer.data("\(verdict.word): \(verdict.sentence)", limit: 120)
    writer.raw(" · shardcheck</title>\n<style>")
    writer.raw(unchecked: PageStyle.text)
    writer.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n")
    writeBanner()
    writer.raw("<main id=\"main\">\n")
    writeVerdict(verdict)
    writeChecks()
    writeDrift()
    writeTokens()
    writePictures()
    writeFields()
    writeShards()
    writer.raw("</main>\n<footer>Made by shardcheck from the same result as <code>summary.json</code>. ")
    writer.raw(
      "All flagged records stand in <code>quarantine.jsonl</code>. This page loads nothing.</footer>\n<script>"
    )
    writer.raw(unchecked: PageScript.text)
    writer.raw("</script>\n</body>\n</html>\n")
  }

  private mutating func writeBanner() {
    writer.raw("<header class=\"bar0\"><p class=\"brand\">shardcheck <span>data set report</span></p>")
    writer.raw("<nav aria-label=\"Sections\"><a href=\"#verdict\">Verdict</a>")
    if !result.checks.isEmpty { writer.raw("<a href=\"#checks\">Checks</a>") }
    if !result.drift.isEmpty { writer.raw("<a href=\"#drift\">Drift</a>") }
    if hasTokens { writer.raw("<a href=\"#tokens\">Tokens</a>") }
    if !shownThumbnails.isEmpty { writer.raw("<a href=\"#pictures\">Pictures</a>") }
    if !result.fields.isEmpty { writer.raw("<a href=\"#fields\">Fields</a>") }
    if !result.shards.isEmpty { writer.raw("<a href=\"#shards\">Shards</a>") }
    writer.raw("</nav><button type=\"button\" id=\"theme\" hidden>Dark theme</button></header>\n")
  }

  /// Opens a section with a heading; `</section>` is up to the caller.
  mutating func beginSection(_ id: StaticString, _ title: StaticString, _ remark: String = "") {
    writer.raw("<section id=\"")
    writer.raw(id)
    writer.raw("\" aria-labelledby=\"")
    writer.raw(id)
    writer.raw("-h\"><h2 id=\"")
    writer.raw(id)
    writer.raw("-h\">")
    writer.raw(title)
    if !remark.isEmpty {
      writer.raw(" <span class=\"count\">")
      writer.text(remark)
      writer.raw("</span>")
    }
    writer.raw("</h2>\n")
  }

  mutating func writeBadge(_ severity: Severity) {
    switch severity {
    case .error: writer.raw("<span class=\"badge error\">Error</span>")
    case .warning: writer.raw("<span class=\"badge warning\">Warning</span>")
    case .note: writer.raw("<span class=\"badge note\">Note</span>")
    }
  }
}
