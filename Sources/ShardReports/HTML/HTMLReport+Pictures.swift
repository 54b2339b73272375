import ShardModel

extension HTMLReport {
  /// Those that can be shown; what is no thumbnail is left out.
  var shownThumbnails: [Thumbnail] {
    guard !redact else { return [] }
    var total = 0
    return result.thumbnails.prefix(Thumbnail.countLimit).filter { thumbnail in
      guard Thumbnail.accepts(thumbnail.bytes), !thumbnail.findings.isEmpty else { return false }
      total += thumbnail.bytes.count
      return total <= Thumbnail.totalLimit
    }
  }

  mutating func writePictures() {
    let shown = shownThumbnails
    guard !shown.isEmpty else { return }
    writer.beginSection("pictures", "Flagged pictures", Numeral.count(UInt64(shown.count), "example"))
    writer.raw("<ul class=\"pictures\">")
    for thumbnail in shown { write(thumbnail) }
    writer.raw("</ul></section>\n")
  }

  private mutating func write(_ thumbnail: Thumbnail) {
    writer.raw("<li><figure><img loading=\"lazy\" src=\"data:image/jpeg;base64,")
    writer.base64(thumbnail.bytes)
    writer.raw("\"")
    var checks: [String] = []
    for finding in thumbnail.findings where !checks.contains(finding.check) { checks.append(finding.check) }
    writer.attribute("alt", "\(thumbnail.name), flagged by \(checks.joined(separator: ", "))")
    writer.raw("><figcaption>")
    for finding in thumbnail.findings.prefix(Self.findingLimit) {
      writer.raw("<p>")
      writer.badge(finding.severity)
      writer.raw(" ")
      writer.code(finding.check)
      writer.raw("</p><p class=\"why\">")
      writer.data(finding.message)
      writer.raw("</p>")
    }
    if thumbnail.findings.count > Self.findingLimit {
      writer.raw("<p>")
      writer.text("and \(thumbnail.findings.count - Self.findingLimit) more")
      writer.raw("</p>")
    }
    writer.raw("<p class=\"place\">")
    writer.code(thumbnail.name, limit: 120)
    if thumbnail.width > 0, thumbnail.height > 0 {
      writer.text(" · \(thumbnail.width) × \(thumbnail.height)")
    }
    writer.raw("</p>")
    if let shard = thumbnail.shard { writePlace(shard, thumbnail.location) }
    writer.raw("</figcaption></figure></li>")
  }

  /// Findings that are told of one picture.
  private static let findingLimit = 5
}
