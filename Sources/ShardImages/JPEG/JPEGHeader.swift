/// What stands before the first scan of a JPEG file (ITU-T T.81, annex B).
enum JPEGHeader {
  /// Reads markers up to the first scan and tells the report of them. False where no frame was found.
  ///
  /// - Complexity: O(segments), and O(bytes) where bytes lie between them.
  static func read(_ view: ByteView, into report: inout ImageReport) -> Bool {
    var offset = 2
    var hasFrame = false
    report.frameCount = 1
    while true {
      while let byte = view.byte(offset), byte != 0xFF { offset += 1 }
      while view.byte(offset) == 0xFF { offset += 1 }
      guard let marker = view.byte(offset) else {
        report.defects.append(
          ImageDefect(.truncated, "the data end in the header, before the first scan", at: view.count))
        return false
      }
      offset += 1
      switch marker {
      case 0x00, 0x01, 0xD0...0xD7: continue
      case 0xD8, 0xD9:
        report.defects.append(
          ImageDefect(.corrupt, "expected a scan, found \(marker == 0xD8 ? "SOI" : "EOI")", at: offset - 2))
        return false
      case 0xDA:
        if !hasFrame {
          report.defects.append(ImageDefect(.corrupt, "a scan without a frame", at: offset - 2))
        }
        return hasFrame
      default: break
      }
      guard let length = view.big16(offset), length >= 2 else {
        report.defects.append(ImageDefect(.corrupt, "a segment without a length", at: offset))
        return false
      }
      let segment = view.slice(offset + 2, length - 2)
      switch marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        guard !hasFrame, readFrame(segment, marker: marker, into: &report) else {
          report.defects.append(ImageDefect(.corrupt, "a frame that makes no sense", at: offset))
          return false
        }
        hasFrame = true
      case 0xE1 where segment.starts(with: "Exif\0"): report.orientation = Tags.orientation(segment)
      default: break
      }
      offset += length
    }
  }

  private static func readFrame(_ segment: ByteView, marker: Int, into report: inout ImageReport) -> Bool {
    guard let precision = segment.byte(0), let height = segment.big16(1), let width = segment.big16(3),
      let components = segment.byte(5), components > 0
    else { return false }
    report.bitDepth = precision
    report.height = height
    report.width = width
    report.channels = components
    if components == 1 { report.properties.insert(.gray) }
    if components == 4 { report.properties.insert(.cmyk) }
    if [0xC2, 0xC6, 0xCA, 0xCE].contains(marker) { report.properties.insert(.progressive) }
    if marker >= 0xC9 { report.properties.insert(.arithmetic) }
    if [0xC3, 0xC7, 0xCB, 0xCF].contains(marker) { report.properties.insert(.lossless) }
    return true
  }
}
