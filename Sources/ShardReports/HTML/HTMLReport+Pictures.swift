import ShardModel

extension HTMLReport {
  /// Those that can be shown; what is no picture, or larger than one may be, is left out.
  var shownThumbnails: [(thumbnail: Thumbnail, format: Thumbnail.Format)] {
    guard !redact else { return [] }
    return result.thumbnails.prefix(Thumbnail.countLimit).compactMap { thumbnail in
      guard thumbnail.bytes.count <= Thumbnail.byteLimit, let format = Thumbnail.Format(of: thumbnail.bytes)
      else { return nil }
      return (thumbnail, format)
    }
  }

  mutating func writePictures() {
    let shown = shownThumbnails
    guard !shown.isEmpty else { return }
    beginSection("pictures", "Flagged pictures", "\(shown.count) examples")
    writer.raw("<ul class=\"pictures\">")
    for (thumbnail, format) in shown {
      let finding = thumbnail.finding
      writer.raw("<li><figure><img loading=\"lazy\" src=\"data:image/")
      writer.raw(format == .jpeg ? "jpeg" : "png")
      writer.raw(";base64,")
      writer.base64(thumbnail.bytes)
      writer.raw("\"")
      writer.attribute("alt", "\(thumbnail.name), flagged by \(finding.check)")
      writer.raw("><figcaption>")
      writeBadge(finding.severity)
      writer.raw(" ")
      writer.code(finding.check)
      writer.raw("<p>")
      writer.data(finding.message)
      writer.raw("</p><p class=\"place\">")
      writer.code(thumbnail.name, limit: 120)
      if thumbnail.width > 0, thumbnail.height > 0 {
        writer.text(" · \(thumbnail.width) × \(thumbnail.height)")
      }
      writer.raw("</p>")
      if let shard = thumbnail.shard { writePlace(shard, thumbnail.location) }
      writer.raw("</figcaption></figure></li>")
    }
    writer.raw("</ul></section>\n")
  }
}
