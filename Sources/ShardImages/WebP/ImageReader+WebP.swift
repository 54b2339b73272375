import CWebP

/// Reads WebP files through libwebp.
///
/// Memory: for lossy pictures some rows and the output; for lossless ones, and for alpha, all pixels of 4 bytes, at most
/// `ImageLimits.decoderBytes`, and `ImageLimits.largeDecoderBytes` for one picture at a time in the whole process. The output is at most 24 MB: larger pictures are scaled down by the library, whose means
/// are then measured.
extension ImageReader {
  private static let outputBytes = 24 << 20

  func readWebP(_ view: ByteView, into report: inout ImageReport) {
    guard let file = WebPFile(view, into: &report) else {
      report.defects.append(ImageDefect(.truncated, "the data end in the header", at: view.count))
      return
    }
    guard let first = file.frames.first else { return }
    var features = WebPBitstreamFeatures()
    let part = view.slice(first.lowerBound, first.count)
    guard let base = part.bytes.baseAddress, WebPGetFeatures(base, part.count, &features) == VP8_STATUS_OK
    else {
      if report.verdict != .broken {
        report.defects.append(ImageDefect(.corrupt, "a damaged bitstream header", at: first.lowerBound))
      }
      return
    }
    if features.has_alpha != 0 { report.properties.insert(.alpha) }
    report.channels = report.properties.contains(.alpha) ? 4 : 3
    if report.width == 0 {
      report.width = Int(features.width)
      report.height = Int(features.height)
    } else if !file.isAnimated, report.width != Int(features.width) || report.height != Int(features.height) {
      report.defects.append(
        ImageDefect(
          .corrupt,
          "the header says \(report.width) x \(report.height) pixels, the bitstream \(features.width) x \(features.height)"
        ))
    }
    guard isWithinLimits(&report), report.mode == .full, report.verdict == .intact else { return }
    guard hasSoundChunks(view) else {
      report.defects.append(ImageDefect(.corrupt, "chunks that do not belong together"))
      return
    }
    var pixels = 0
    for (index, range) in file.frames.enumerated() {
      guard decode(view, range, index: index, pixels: &pixels, into: &report) else { return }
    }
  }

  /// Whether libwebp's own parser, which most programs open animations with, takes the file for whole.
  private func hasSoundChunks(_ view: ByteView) -> Bool {
    var data = WebPData(bytes: view.bytes.baseAddress, size: view.count)
    guard let demuxer = WebPDemuxInternal(&data, 0, nil, WEBP_DEMUX_ABI_VERSION) else { return false }
    WebPDemuxDelete(demuxer)
    return true
  }

  private func decode(
    _ view: ByteView, _ range: Range<Int>, index: Int, pixels: inout Int, into report: inout ImageReport
  ) -> Bool {
    let part = view.slice(range.lowerBound, range.count)
    var config = WebPDecoderConfig()
    guard let base = part.bytes.baseAddress, WebPInitDecoderConfig(&config) != 0,
      WebPGetFeatures(base, part.count, &config.input) == VP8_STATUS_OK
    else {
      report.defects.append(
        ImageDefect(.corrupt, "frame \(index + 1): a damaged header", at: range.lowerBound))
      return false
    }
    let width = Int(config.input.width)
    let height = Int(config.input.height)
    guard width > 0, height > 0, width <= report.width, height <= report.height else {
      report.defects.append(
        ImageDefect(
          .corrupt, "frame \(index + 1) of \(width) x \(height) pixels does not fit the picture",
          at: range.lowerBound))
      return false
    }
    pixels += width * height
    // Format 2 is lossless; its alpha is among the pixels.
    let needed =
      config.input.format == 2 ? 4 * width * height : config.input.has_alpha != 0 ? 2 * width * height : 0
    let limits = settings.limits
    let isLarge = needed > limits.decoderBytes
    let limit = max(limits.decoderBytes, limits.largeDecoderBytes)
    guard needed <= limit, pixels <= settings.limits.animationPixels else {
      report.defects.append(
        ImageDefect(
          .beyondLimit,
          "frame \(index + 1) needs more than the limit of \(limit >> 20) MiB",
          at: range.lowerBound))
      return false
    }
    var scale = 1
    while 3 * ((width + scale - 1) / scale) * ((height + scale - 1) / scale) > Self.outputBytes { scale += 1 }
    let outputWidth = (width + scale - 1) / scale
    let outputHeight = (height + scale - 1) / scale
    let output = webp.reserve(3 * outputWidth * outputHeight)
    defer { webp.trim(to: 4 << 20) }
    if scale > 1 {
      config.options.use_scaling = 1
      config.options.scaled_width = Int32(outputWidth)
      config.options.scaled_height = Int32(outputHeight)
    }
    config.output.colorspace = MODE_RGB
    config.output.is_external_memory = 1
    config.output.u.RGBA.rgba = output
    config.output.u.RGBA.stride = Int32(3 * outputWidth)
    config.output.u.RGBA.size = 3 * outputWidth * outputHeight
    let status =
      isLarge
      ? LargeDecoding.turn.withLock { _ in WebPDecode(base, part.count, &config) }
      : WebPDecode(base, part.count, &config)
    WebPFreeDecBuffer(&config.output)
    guard status == VP8_STATUS_OK else {
      report.defects.append(defect(status, index, range))
      return false
    }
    guard index == 0 else { return true }
    sink.begin(width: outputWidth, height: outputHeight, channels: 3)
    for y in 0..<outputHeight { sink.add(output + 3 * outputWidth * y, pixels: outputWidth, y: y) }
    report.measures = sink.conclude(width: width, height: height, scale: scale)
    return true
  }

  private func defect(_ status: VP8StatusCode, _ index: Int, _ range: Range<Int>) -> ImageDefect {
    switch status {
    case VP8_STATUS_OUT_OF_MEMORY:
      ImageDefect(.beyondLimit, "frame \(index + 1): the decoder got no memory", at: range.lowerBound)
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      ImageDefect(.unsupported, "frame \(index + 1): a feature that the decoder lacks", at: range.lowerBound)
    case VP8_STATUS_SUSPENDED, VP8_STATUS_NOT_ENOUGH_DATA:
      ImageDefect(
        .truncated, "the data end before the last pixel of frame \(index + 1)", at: range.upperBound)
    default: ImageDefect(.corrupt, "frame \(index + 1): a damaged bitstream", at: range.lowerBound)
    }
  }
}
