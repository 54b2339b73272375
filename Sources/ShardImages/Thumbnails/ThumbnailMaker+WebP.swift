import CWebP

extension ThumbnailMaker {
  /// Decodes the first frame as far as its bytes go, scaled down by the library.
  ///
  /// Memory: as `ImageReader` says of WebP; the output is of the thumbnail's own size.
  func decodeWebP(_ view: ByteView, _ report: inout ImageReport) {
    guard let file = WebPFile(view, into: &report), let first = file.frames.first else { return }
    let part = view.slice(first.lowerBound, first.count)
    var config = WebPDecoderConfig()
    guard let base = part.bytes.baseAddress, WebPInitDecoderConfig(&config) != 0,
      WebPGetFeatures(base, part.count, &config.input) == VP8_STATUS_OK
    else { return }
    report.width = Int(config.input.width)
    report.height = Int(config.input.height)
    guard reader.isWithinLimits(&report) else { return }
    let pixels = report.width * report.height
    let needed = config.input.format == 2 ? 4 * pixels : config.input.has_alpha != 0 ? 2 * pixels : 0
    guard needed <= reader.settings.limits.decoderBytes else { return }
    let longest = max(report.width, report.height)
    let side = min(Self.side, longest)
    let width = max(1, report.width * side / longest)
    let height = max(1, report.height * side / longest)
    if side < longest {
      config.options.use_scaling = 1
      config.options.scaled_width = Int32(width)
      config.options.scaled_height = Int32(height)
    }
    let output = reader.webp.reserve(3 * width * height)
    config.output.colorspace = MODE_RGB
    config.output.is_external_memory = 1
    config.output.u.RGBA.rgba = output
    config.output.u.RGBA.stride = Int32(3 * width)
    config.output.u.RGBA.size = 3 * width * height
    let rows = withUnsafeMutablePointer(to: &config) { Self.rows(of: part, $0, height: height) }
    guard rows > 0 else { return }
    reader.sink.begin(width: width, height: height, channels: 3)
    for y in 0..<rows { reader.sink.add(output + 3 * width * y, pixels: width, y: y) }
  }

  /// Decodes what is there; how many rows of the output are right.
  ///
  /// Safe: the decoder, which keeps the pointers to configuration and bytes, is gone when this returns.
  private static func rows(
    of part: ByteView, _ config: UnsafeMutablePointer<WebPDecoderConfig>, height: Int
  ) -> Int {
    guard let base = part.bytes.baseAddress, let decoder = WebPIDecode(base, part.count, config) else {
      return 0
    }
    defer {
      WebPIDelete(decoder)
      WebPFreeDecBuffer(&config.pointee.output)
    }
    if WebPIUpdate(decoder, base, part.count) == VP8_STATUS_OK { return height }
    var last: Int32 = 0
    guard WebPIDecGetRGB(decoder, &last, nil, nil, nil) != nil else { return 0 }
    return min(height, max(0, Int(last)))
  }
}
