import ShardImages
import ShardModel

/// Pictures of all formats through the reader.
///
/// Any bytes are borne; what `header` mode tells, `full` mode tells too; measures come only with pictures that are whole, which
/// then have a thumbnail; a reader keeps nothing from picture to picture.
enum ImageFuzz {
  /// Small bounds: a fuzzer shall find traps, not wait for large pictures that are all right.
  private static var settings: ImageSettings {
    var settings = ImageSettings()
    settings.limits.pixels = 1 << 20
    settings.limits.animationPixels = 1 << 22
    settings.limits.decoderBytes = 16 << 20
    settings.limits.scans = 20
    return settings
  }

  static func run(_ input: [UInt8]) {
    let reader = ImageReader(settings: settings)
    let header = reader.read(input, mode: .header)
    let full = reader.read(input, mode: .full)
    expect(header.format == full.format, "\(header.format as Any) became \(full.format as Any)")
    expect(header.width == full.width || full.format == .gif, "\(header.width) became \(full.width) wide")
    expect(full.measures == nil || full.width > 0 && full.height > 0, "measures of nothing")
    for defect in full.defects {
      expect(
        (0...input.count).contains(defect.offset ?? 0), "\(defect.offset as Any) of \(input.count) bytes")
    }
    if let measures = full.measures {
      let scores = [measures.darkScore, measures.lightScore, measures.informationScore, measures.blurScore()]
      expect(scores.allSatisfy { (0...1).contains($0) }, "\(scores)")
    }
    expect(reader.read(input, mode: .full) == full, "another report the second time")
    let thumbnails = ThumbnailMaker(limits: settings.limits)
    let thumbnail = thumbnails.make(input)
    if let thumbnail {
      let small = reader.read(thumbnail, mode: .full)
      expect(Thumbnail.accepts(thumbnail) && small.verdict == .intact, "a thumbnail that is none")
      expect(max(small.width, small.height) <= ThumbnailMaker.side, "a thumbnail of \(small.width)")
    }
    expect(thumbnail != nil || full.measures == nil, "no thumbnail of a whole picture")
    expect(thumbnails.make(input) == thumbnail, "another thumbnail the second time")
  }
}
