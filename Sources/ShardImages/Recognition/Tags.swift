/// The directory of tags that TIFF files and EXIF blocks begin with (TIFF 6.0, section 2).
struct Tags {
  private(set) var values: [Int: Int] = [:]

  /// Reads the first value of each tag of the first directory in `wanted`; whatever is out of place is passed over.
  ///
  /// - Complexity: O(entries), of which a directory has at most 65,535.
  init(_ view: ByteView, wanted: Set<Int>) {
    let isLittle = view.starts(with: "II")
    guard isLittle || view.starts(with: "MM") else { return }
    func short(_ offset: Int) -> Int? { isLittle ? view.little16(offset) : view.big16(offset) }
    func long(_ offset: Int) -> Int? { isLittle ? view.little32(offset) : view.big32(offset) }
    guard short(2) == 42, let start = long(4), let entries = short(start) else { return }
    for entry in 0..<entries {
      let offset = start + 2 + 12 * entry
      guard let tag = short(offset), let type = short(offset + 2), let count = long(offset + 4) else {
        return
      }
      guard wanted.contains(tag), count > 0, values[tag] == nil else { continue }
      switch type {
      case 1: values[tag] = view.byte(offset + 8)
      // More than two shorts stand elsewhere.
      case 3: values[tag] = count <= 2 ? short(offset + 8) : long(offset + 8).flatMap(short)
      case 4: values[tag] = count == 1 ? long(offset + 8) : long(offset + 8).flatMap(long)
      default: break
      }
    }
  }

  /// The orientation of an EXIF block, with or without its `Exif` prefix; 1 where none is told.
  static func orientation(_ view: ByteView) -> Int {
    let start = view.starts(with: "Exif\0\0") ? 6 : 0
    let value = Tags(view.slice(start, view.count), wanted: [0x0112]).values[0x0112] ?? 1
    return (1...8).contains(value) ? value : 1
  }

  /// What a TIFF's first directory says of its picture.
  static func describe(_ view: ByteView, in report: inout ImageReport) {
    let values = Tags(view, wanted: [256, 257, 258, 262, 274, 277, 338]).values
    report.width = values[256] ?? 0
    report.height = values[257] ?? 0
    report.bitDepth = values[258] ?? 1
    report.channels = values[277] ?? 1
    if let photometric = values[262] {
      if photometric <= 1 { report.properties.insert(.gray) }
      if photometric == 3 { report.properties.insert(.palette) }
      if photometric == 5 { report.properties.insert(.cmyk) }
    }
    if values[338] != nil { report.properties.insert(.alpha) }
    report.frameCount = 1
    if let turn = values[274], (1...8).contains(turn) { report.orientation = turn }
  }
}
