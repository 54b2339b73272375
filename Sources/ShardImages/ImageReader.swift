import CXXHash
import ShardModel

/// Reads, verifies and measures pictures that lie in memory; one for each worker.
///
/// It touches no file. Whatever the bytes are, `read` returns; it never traps and allocates no more than the limits
/// allow: about 8 MB of buffers of its own, and for one picture at a time what the decoder of its format needs (see the
/// types in the formats' folders), at most `ImageLimits.decoderBytes` and 32 MB.
package final class ImageReader {
  package let settings: ImageSettings
  let sink: PixelSink
  let inflater = Inflater()
  let png = PNGDecoding()
  let webp = ByteScratch()
  var lzw = LZW()
  private var jpeg: JPEGDecoding?

  package convenience init(settings: ImageSettings = ImageSettings()) {
    self.init(settings: settings, sink: PixelSink())
  }

  init(settings: ImageSettings, sink: PixelSink) {
    self.settings = settings
    self.sink = sink
  }

  /// What can be said of the picture that `bytes` are.
  ///
  /// The same bytes, mode and settings give the same report, whatever was read before.
  /// - Complexity: `header`: O(bytes) for the hash, at some 10 GB/s, and otherwise O(segments before the pixels).
  ///   `full`: O(bytes + pixels).
  package func read(_ bytes: UnsafeBufferPointer<UInt8>, mode: ImageMode) -> ImageReport {
    var report = ImageReport(byteCount: bytes.count, mode: mode)
    guard mode != .none else { return report }
    let view = ByteView(bytes)
    let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
    report.contentHash = ContentHash(high: hash.high64, low: hash.low64)
    switch Recognizer.content(of: view) {
    case .foreign(let content): report.foreign = content
    case .picture(let format):
      report.format = format
      read(view, format, into: &report)
    }
    return report
  }

  package func read(_ bytes: [UInt8], mode: ImageMode) -> ImageReport {
    bytes.withUnsafeBufferPointer { read($0, mode: mode) }
  }

  private func read(_ view: ByteView, _ format: ImageFormat, into report: inout ImageReport) {
    switch format {
    case .jpeg: readJPEG(view, into: &report)
    case .png: readPNG(view, into: &report)
    case .gif: readGIF(view, into: &report)
    case .webp: readWebP(view, into: &report)
    case .bmp: readBMP(view, into: &report)
    case .tiff: Tags.describe(view, in: &report)
    case .avif, .heic:
      if let size = Boxes.size(view) { (report.width, report.height) = size }
      report.frameCount = 1
    }
  }

  /// Whether there are pixels, and no more than the limit; otherwise the report says so.
  func isWithinLimits(_ report: inout ImageReport) -> Bool {
    guard report.width > 0, report.height > 0 else {
      report.defects.append(ImageDefect(.zeroSize, "a picture of \(report.width) x \(report.height) pixels"))
      return false
    }
    let (pixels, overflows) = report.width.multipliedReportingOverflow(by: report.height)
    guard !overflows, pixels <= settings.limits.pixels else {
      report.defects.append(
        ImageDefect(
          .beyondLimit,
          "\(report.width) x \(report.height) pixels are more than the limit of \(settings.limits.pixels)"))
      return false
    }
    return true
  }
}

extension ImageReader {
  /// The smallest scale, in eighths, at which the longer side keeps as many pixels as the blur score is taken over.
  private static func eighths(longest: Int) -> Int {
    longest >= 8 * Blur.side ? 1 : longest >= 4 * Blur.side ? 2 : longest >= 2 * Blur.side ? 4 : 8
  }

  private func readJPEG(_ view: ByteView, into report: inout ImageReport) {
    guard JPEGHeader.read(view, into: &report), isWithinLimits(&report), report.mode == .full else { return }
    if jpeg == nil { jpeg = JPEGDecoding() }
    guard let jpeg else {
      report.defects.append(ImageDefect(.beyondLimit, "no memory for a decoder"))
      return
    }
    var eighths = settings.measuresEveryPixel ? 8 : Self.eighths(longest: max(report.width, report.height))
    if settings.eighths > 0 { eighths = settings.eighths }
    guard jpeg.decode(view, eighths: eighths, limits: settings.limits, into: sink, defects: &report.defects)
    else { return }
    var measures = sink.conclude(width: report.width, height: report.height, scale: 8 / eighths)
    if let first = measures, eighths < 8, settings.eighths == 0 {
      // What is wrong with the file was told the first time.
      var ignored: [ImageDefect] = []
      if Doubt.arises(from: first, sink, settings.thresholds) {
        if jpeg.decode(view, eighths: 8, limits: settings.limits, into: sink, defects: &ignored) {
          measures = sink.conclude(width: report.width, height: report.height, scale: 1)
          measures?.moments = first.moments
          measures?.perceptualHash = first.perceptualHash
        }
      } else if Doubt.isBlurInDoubt(first, width: report.width, height: report.height, settings.thresholds),
        jpeg.decode(view, eighths: 8, luma: true, limits: settings.limits, into: sink, defects: &ignored),
        let blur = sink.blur(width: report.width, height: report.height)
      {
        measures?.blurScale = 1
        measures?.edgeDeviation = blur.edgeDeviation
        measures?.histogramDeviation = blur.histogramDeviation
      }
    }
    report.measures = measures
  }
}
