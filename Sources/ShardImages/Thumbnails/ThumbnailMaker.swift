import CTurboJPEG
import ShardModel

/// Makes small JPEGs of pictures that lie in memory, for people to look at: of the first frame, as it is stored, without
/// alpha and unturned, which is what the checks judge. Broken pictures show what decodes of them.
///
/// Whatever the bytes are, `make` returns, and what it returns is of its own making: no byte of the input is copied.
/// Memory: 2 MB of its own, and what `ImageReader` needs. One for each worker, made when the first is asked for.
package final class ThumbnailMaker {
  /// Of the longer side; smaller pictures keep their size.
  package static let side = 160

  let reader: ImageReader
  private lazy var jpeg = JPEGDecoding()

  /// Pixels of all frames of a GIF, whose codes are checked on the way.
  private static let animationPixels = 1 << 26
  /// From the best that is asked for to what fits nearly always.
  private static let qualities: [Int32] = [75, 55, 35, 10]

  package init(limits: ImageLimits = ImageLimits()) {
    var settings = ImageSettings()
    settings.limits = limits
    settings.limits.animationPixels = min(limits.animationPixels, Self.animationPixels)
    // What is kept is twice as large, so that what is made of it is sharp.
    reader = ImageReader(settings: settings, sink: PixelSink(side: 2 * Self.side))
  }

  /// A JPEG of at most `Thumbnail.byteLimit` bytes; nil where the bytes are no picture of a format that is decoded, are beyond
  /// the limits, or give no pixel.
  ///
  /// - Complexity: O(bytes + pixels); JPEGs at the scale that is enough.
  package func make(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let view = ByteView(bytes)
    guard case .picture(let format) = Recognizer.content(of: view) else { return nil }
    reader.sink.begin(width: 0, height: 0, channels: 1)
    var report = ImageReport(byteCount: bytes.count, mode: .full)
    switch format {
    case .jpeg: decodeJPEG(view, &report)
    case .png: decodePNG(view, &report)
    case .webp: decodeWebP(view, &report)
    case .gif: reader.readGIF(view, into: &report)
    case .bmp: reader.readBMP(view, into: &report)
    case .tiff, .avif, .heic: return nil
    }
    guard let picture = reader.sink.finish() else { return nil }
    return Self.encode(SmallPicture(picture, side: Self.side))
  }

  package func make(_ bytes: [UInt8]) -> [UInt8]? { bytes.withUnsafeBufferPointer { make($0) } }

  private func decodeJPEG(_ view: ByteView, _ report: inout ImageReport) {
    guard JPEGHeader.read(view, into: &report), reader.isWithinLimits(&report), let jpeg else { return }
    let longest = max(report.width, report.height)
    let eighths = min(8, max(1, (8 * Self.side + longest - 1) / longest))
    _ = jpeg.decode(
      view, eighths: eighths, limits: reader.settings.limits, into: reader.sink, defects: &report.defects)
  }

  private func decodePNG(_ view: ByteView, _ report: inout ImageReport) {
    guard var file = PNGFile(view, into: &report), reader.isWithinLimits(&report) else { return }
    let limits = reader.settings.limits
    file.readChunks(view, limits: limits, inflater: reader.inflater, into: &report)
    guard !file.image.data.isEmpty else { return }
    _ = reader.png.decode(
      view, file.image, of: file, bits: report.channels * report.bitDepth, limits: limits, into: reader.sink)
  }

  private static func encode(_ picture: SmallPicture) -> [UInt8]? {
    for quality in qualities {
      let bytes = [UInt8](unsafeUninitializedCapacity: Thumbnail.byteLimit) { target, count in
        guard let base = target.baseAddress else { return }
        // Safe: the picture has width x height x channels bytes, and no more than the capacity is written.
        count = sj_encode(
          picture.bytes, UInt32(picture.width), UInt32(picture.height), Int32(picture.channels), quality,
          base,
          target.count)
      }
      if !bytes.isEmpty { return bytes }
    }
    return nil
  }
}
