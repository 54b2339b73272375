/// The chunks of a WebP file (RIFF, RFC 9649).
struct WebPFile {
  /// Where one frame's coded pixels lie, with the alpha in front of them.
  var frames: [Range<Int>] = []
  private(set) var isAnimated = false

  /// Nil, with the reason in `report`, where there is no picture to speak of.
  init?(_ view: ByteView, into report: inout ImageReport) {
    guard let size = view.little32(4) else { return nil }
    // RIFF's size is even and counts from behind itself.
    let declared = 8 + size + size % 2
    let end = min(view.count, declared)
    var offset = 12
    var alpha: Int?
    while view.holds(offset, 8), offset + 8 <= end {
      guard let length = view.little32(offset + 4) else { break }
      let start = offset + 8
      let content = view.slice(start, min(length, end - start))
      let next = start + length + length % 2
      if view.starts(with: "VP8X", at: offset) {
        guard let flags = content.byte(0), let width = content.little24(4), let height = content.little24(7)
        else { break }
        report.width = width + 1
        report.height = height + 1
        if flags & 0x10 != 0 { report.properties.insert(.alpha) }
        isAnimated = flags & 0x02 != 0
      } else if view.starts(with: "ANMF", at: offset) {
        frames.append(min(start + 16, end)..<min(start + max(16, length), end))
      } else if view.starts(with: "ALPH", at: offset) {
        alpha = offset
      } else if view.starts(with: "VP8 ", at: offset) || view.starts(with: "VP8L", at: offset) {
        if view.starts(with: "VP8L", at: offset) { report.properties.insert(.lossless) }
        if !isAnimated { frames.append((alpha ?? offset)..<min(end, start + length)) }
      } else if view.starts(with: "EXIF", at: offset) {
        report.orientation = Tags.orientation(content)
      }
      offset = next
    }
    if view.count < declared || offset > end {
      report.defects.append(
        ImageDefect(.truncated, "expected \(declared) bytes, found \(view.count)", at: view.count))
    } else if view.count > declared {
      report.defects.append(
        ImageDefect(.trailingBytes, "\(view.count - declared) bytes after the picture", at: declared))
    }
    report.frameCount = frames.count
    if isAnimated { report.properties.insert(.animated) }
    report.bitDepth = 8
    if frames.isEmpty { report.defects.append(ImageDefect(.corrupt, "no picture in the file")) }
  }
}
