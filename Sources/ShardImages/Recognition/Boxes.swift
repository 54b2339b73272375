/// The boxes of ISO/IEC 14496-12 that tell HEIC from AVIF and how large their pictures are.
enum Boxes {
  /// Boxes are looked at to this number and depth: files have a few dozen.
  private static let limit = 512

  static func format(_ view: ByteView) -> ImageFormat? {
    guard let length = view.big32(0), length >= 16 else { return nil }
    var offset = 8
    var format: ImageFormat?
    while offset + 4 <= min(length, 256) {
      if view.starts(with: "avif", at: offset) || view.starts(with: "avis", at: offset) { return .avif }
      for brand: StaticString in ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]
      where view.starts(with: brand, at: offset) { format = .heic }
      // The major brand is followed by its version.
      offset += offset == 8 ? 8 : 4
    }
    return format
  }

  /// The largest of the extents that the properties of the file's items give (`meta/iprp/ipco/ispe`).
  ///
  /// - Complexity: O(boxes), at most `limit`.
  static func size(_ view: ByteView) -> (width: Int, height: Int)? {
    var largest: (width: Int, height: Int)?
    var seen = 0
    func walk(_ start: Int, _ end: Int, depth: Int) {
      var offset = start
      while offset + 8 <= end, seen < limit {
        seen += 1
        guard let short = view.big32(offset) else { return }
        var length = short
        if short == 0 { length = end - offset }
        // 64-bit lengths are those of media data, behind what is looked for.
        guard short != 1, length >= 8, length <= end - offset else { return }
        let inner = offset + 8
        if depth < 3 {
          if view.starts(with: "meta", at: offset + 4) {
            walk(inner + 4, offset + length, depth: depth + 1)
          } else if view.starts(with: "iprp", at: offset + 4) || view.starts(with: "ipco", at: offset + 4) {
            walk(inner, offset + length, depth: depth + 1)
          }
        }
        if view.starts(with: "ispe", at: offset + 4), length >= 20, let width = view.big32(inner + 4),
          let height = view.big32(inner + 8), max(width, height) < 1 << 31,
          largest.map({ width * height > $0.width * $0.height }) ?? true
        {
          largest = (width, height)
        }
        offset += length
      }
    }
    walk(0, view.count, depth: 0)
    return largest
  }
}
