import CTurboJPEG

/// Decodes JPEG files through libjpeg-turbo.
///
/// At 1/8 of each side the library reads every coded bit and skips only the inverse transform, so it gives the same
/// warnings as a decoding in whole. Memory: some rows of blocks for sequential files; for progressive ones all
/// coefficients, at most `ImageLimits.decoderBytes` or those of five rows of blocks, whichever is more (16 MB at the
/// largest width), and `ImageLimits.largeDecoderBytes` for one picture at a time in the whole process.
final class JPEGDecoding {
  /// Safe: owned by this object, used by one thread, and never after `sj_destroy`.
  private let decoder: UnsafeMutablePointer<sj_decoder>
  private let rows = ByteScratch()

  /// Rows that are fetched with one call.
  private static let band = 16
  /// More left-over bytes than this say that the decoder lost its way; encoders pad with a few.
  private static let harmlessBytes = 16

  init?() {
    guard let decoder = sj_create() else { return nil }
    self.decoder = decoder
  }

  deinit { sj_destroy(decoder) }

  /// Decodes all of `view` at `eighths`/8 into `sink`; what is wrong goes to `defects`. For `luma`, pictures in YCbCr give
  /// that alone, which is cheaper, and nothing is counted.
  ///
  /// - Returns: whether every pixel is there and as it was coded.
  func decode(
    _ view: ByteView, eighths: Int, luma: Bool = false, limits: ImageLimits, into sink: PixelSink,
    defects: inout [ImageDefect]
  ) -> Bool {
    let request = Request(eighths: eighths, isLuma: luma, limits: limits, memory: limits.decoderBytes)
    if let isWhole = decode(view, request, into: sink, &defects) { return isWhole }
    guard limits.largeDecoderBytes > limits.decoderBytes else { return refuse(limits.decoderBytes, &defects) }
    var large = request
    large.memory = limits.largeDecoderBytes
    return LargeDecoding.turn.withLock { _ in decode(view, large, into: sink, &defects) }
      ?? refuse(large.memory, &defects)
  }

  private struct Request {
    let eighths: Int
    let isLuma: Bool
    let limits: ImageLimits
    /// Bytes that the library may hold.
    var memory: Int
  }

  private func refuse(_ limit: Int, _ defects: inout [ImageDefect]) -> Bool {
    defects.append(
      ImageDefect(.beyondLimit, "its coefficients need more than the limit of \(limit >> 20) MiB"))
    return false
  }

  /// Nil where the memory does not suffice, which the library knows before it reads coded data.
  private func decode(
    _ view: ByteView, _ request: Request, into sink: PixelSink, _ defects: inout [ImageDefect]
  ) -> Bool? {
    guard let base = view.bytes.baseAddress else { return false }
    let limits = request.limits
    defer { sj_abort(decoder) }
    let started = sj_start(
      decoder, base, view.count, UInt32(request.eighths), request.isLuma ? 1 : 0, request.memory,
      Int32(clamping: limits.scans))
    if started == SJ_MEMORY.rawValue { return nil }
    guard started == SJ_OK.rawValue else { return fail(started, limits, &defects) }
    let width = Int(decoder.pointee.info.output_width)
    let height = Int(decoder.pointee.info.output_height)
    let channels = Int(decoder.pointee.info.output_components)
    let isInverted = decoder.pointee.info.saw_Adobe_marker != 0
    guard width > 0, height > 0, [1, 3, 4].contains(channels) else {
      defects.append(ImageDefect(.unsupported, "a JPEG of \(channels) components"))
      return false
    }
    // Safe: width is at most 65,535, so a band is at most 4 MB.
    let stride = width * channels
    let target = rows.reserve(stride * Self.band)
    sink.begin(width: width, height: height, channels: channels == 1 ? 1 : 3, isCounted: !request.isLuma)
    var y = 0
    while y < height {
      var written: UInt32 = 0
      let result = sj_read(decoder, target, stride, UInt32(Self.band), &written)
      guard result == SJ_OK.rawValue else { return fail(result, limits, &defects) }
      if written == 0 { break }
      for index in 0..<Int(written) {
        let row = target + index * stride
        if channels == 4 { Self.convert(row, pixels: width, isInverted: isInverted) }
        sink.add(row, pixels: width, y: y + index)
      }
      y += Int(written)
    }
    let result = sj_finish(decoder)
    guard result == SJ_OK.rawValue else { return fail(result, limits, &defects) }
    return conclude(view, &defects) && y == height
  }

  private func fail(_ result: Int32, _ limits: ImageLimits, _ defects: inout [ImageDefect]) -> Bool {
    let text = Self.text(&decoder.pointee.error_text)
    switch UInt32(result) {
    case SJ_UNSUPPORTED.rawValue: defects.append(ImageDefect(.unsupported, text))
    case SJ_MEMORY.rawValue: defects.append(ImageDefect(.beyondLimit, "no memory for its rows"))
    case SJ_SCANS.rawValue: defects.append(ImageDefect(.beyondLimit, "more than \(limits.scans) scans"))
    default:
      let hasEnded = decoder.pointee.reached_end != 0
      let offset =
        hasEnded ? decoder.pointee.count : decoder.pointee.count - decoder.pointee.source.bytes_in_buffer
      defects.append(ImageDefect(hasEnded ? .truncated : .corrupt, text, at: offset))
    }
    return false
  }

  /// Judges the warnings of a decoding that came to its end.
  private func conclude(_ view: ByteView, _ defects: inout [ImageDefect]) -> Bool {
    let warnings = decoder.pointee.warnings
    let hasEnded = decoder.pointee.reached_end != 0
    var isWhole = true
    if hasEnded, warnings.corrupt > 0 || decoder.pointee.is_incomplete != 0 {
      defects.append(ImageDefect(.truncated, "the data end before the last pixel", at: view.count))
      isWhole = false
    } else if hasEnded {
      // Only this one byte or two may be lost, but Pillow and those who use it refuse the file.
      defects.append(ImageDefect(.truncated, "the end marker (EOI) is missing", at: view.count))
      isWhole = false
    }
    if warnings.corrupt > 0, !hasEnded || warnings.corrupt_offset < view.count {
      let text = Self.text(&decoder.pointee.warnings.corrupt_text)
      defects.append(ImageDefect(.corrupt, text, at: warnings.corrupt_offset))
      isWhole = false
    }
    if warnings.extraneous > 0 {
      let isHarmless = warnings.extraneous <= Self.harmlessBytes
      defects.append(
        ImageDefect(
          isHarmless ? .extraneousBytes : .corrupt,
          "\(warnings.extraneous) bytes of coded data that belong to no block"))
      isWhole = isWhole && isHarmless
    }
    if warnings.harmless > 0 {
      defects.append(ImageDefect(.irregular, "\(warnings.harmless) oddities that decoders tolerate"))
    }
    if decoder.pointee.unused > 0 {
      defects.append(
        ImageDefect(
          .trailingBytes, "\(decoder.pointee.unused) bytes after the end marker",
          at: view.count - decoder.pointee.unused))
    }
    return isWhole
  }

  /// Inks to light, in place: Adobe's programs store CMYK inverted.
  private static func convert(_ row: UnsafeMutablePointer<UInt8>, pixels: Int, isInverted: Bool) {
    let flip: UInt8 = isInverted ? 0 : 255
    for index in 0..<pixels {
      let black = UInt32(row[4 &* index &+ 3] ^ flip)
      for channel in 0..<3 {
        let product = UInt32(row[4 &* index &+ channel] ^ flip) &* black
        row[3 &* index &+ channel] = UInt8(truncatingIfNeeded: (product &+ 127) / 255)
      }
    }
  }

  /// The library's message, which it ends with a zero.
  private static func text(_ characters: UnsafeRawPointer) -> String {
    String(cString: characters.assumingMemoryBound(to: CChar.self))
  }
}
