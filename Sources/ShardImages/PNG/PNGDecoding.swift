import CSpng

/// Decodes the pixels of PNG files through libspng, row by row.
///
/// Memory: four rows, at most `ImageLimits.decoderBytes`, and zlib's window of 32 KB.
final class PNGDecoding {
  private let row = ByteScratch()
  private static let keptRow = 1 << 20

  enum Failure: Equatable {
    case tooLarge
    /// The compressed data hold fewer pixels than the header says.
    case tooShort
    case corrupt(String)
  }

  /// Decodes one frame into `sink`, or nowhere.
  func decode(
    _ view: ByteView, _ frame: PNGFile.Frame, of file: PNGFile, bits: Int, limits: ImageLimits,
    into sink: PixelSink?
  ) -> Failure? {
    let isGray = file.colorType == 0 || file.colorType == 4
    // Two coded rows that the library keeps, one of its own and ours; sides are below 2^31 and bits at most 64.
    let needed = (frame.width * bits + 7) / 8 * 2 + frame.width * 6
    guard needed <= limits.decoderBytes else { return .tooLarge }
    guard let context = spng_ctx_new(0) else { return .tooLarge }
    defer {
      spng_ctx_free(context)
      row.trim(to: Self.keptRow)
    }
    let source = PNGSource(view, frame, of: file)
    // Checksums were compared before, and what the source makes has none.
    spng_set_crc_action(context, Int32(SPNG_CRC_USE.rawValue), Int32(SPNG_CRC_USE.rawValue))
    return withExtendedLifetime(source) {
      let result = spng_set_png_stream(
        context,
        { _, user, target, length in
          guard let user, let target else { return Int32(SPNG_IO_ERROR.rawValue) }
          let source = Unmanaged<PNGSource>.fromOpaque(user).takeUnretainedValue()
          return source.read(target, length) ? 0 : Int32(SPNG_IO_EOF.rawValue)
        }, Unmanaged.passUnretained(source).toOpaque())
      guard result == 0 else { return .corrupt(Self.text(result)) }
      return decodeRows(context, frame, isGray: isGray, into: sink)
    }
  }

  private func decodeRows(
    _ context: OpaquePointer, _ frame: PNGFile.Frame, isGray: Bool, into sink: PixelSink?
  ) -> Failure? {
    var result = spng_decode_image(
      context, nil, 0, Int32(SPNG_FMT_RGB8.rawValue), Int32(SPNG_DECODE_PROGRESSIVE.rawValue))
    sink?.begin(width: frame.width, height: frame.height, channels: isGray ? 1 : 3)
    let length = frame.width * 3
    let target = row.reserve(length)
    while result == 0 {
      var info = spng_row_info()
      result = spng_get_row_info(context, &info)
      guard result == 0 else { break }
      result = spng_decode_scanline(context, target, length)
      guard result == 0 || result == Int32(SPNG_EOI.rawValue) else { break }
      if let sink {
        let (x, step) = Self.columns(pass: Int(info.pass), isInterlaced: isInterlaced(context))
        let pixels = (frame.width - x + step - 1) / step
        if isGray { for index in 0..<pixels { target[index] = target[3 &* index] } }
        sink.add(target, pixels: pixels, y: Int(info.row_num), x: x, step: step)
      }
    }
    switch result {
    case Int32(SPNG_EOI.rawValue): return nil
    case Int32(SPNG_EIDAT_TOO_SHORT.rawValue), Int32(SPNG_EOF.rawValue), SPNG_IO_EOF.rawValue:
      return .tooShort
    default: return .corrupt(Self.text(result))
    }
  }

  private func isInterlaced(_ context: OpaquePointer) -> Bool {
    var header = spng_ihdr()
    return spng_get_ihdr(context, &header) == 0 && header.interlace_method == 1
  }

  /// Where the pixels of a row of Adam7's passes lie.
  private static func columns(pass: Int, isInterlaced: Bool) -> (x: Int, step: Int) {
    guard isInterlaced, (0..<7).contains(pass) else { return (0, 1) }
    return ([0, 4, 0, 2, 0, 1, 0][pass], [8, 8, 4, 4, 2, 2, 1][pass])
  }

  private static func text(_ result: Int32) -> String {
    spng_strerror(result).map { String(cString: $0) } ?? "error \(result)"
  }
}

/// Gives libspng a file of nothing but one frame's pixels.
private final class PNGSource {
  private let view: ByteView
  private let data: [Range<Int>]
  /// What comes before the next range of pixels.
  private var pending: [UInt8]
  private var pendingOffset = 0
  private var next = 0
  private var offset = 0
  private var hasEnded = false

  init(_ view: ByteView, _ frame: PNGFile.Frame, of file: PNGFile) {
    self.view = view
    data = frame.data
    pending = Array(view.slice(0, 33).bytes)
    for index in 0..<4 {
      pending[16 + index] = UInt8(truncatingIfNeeded: frame.width >> (24 - 8 * index))
      pending[20 + index] = UInt8(truncatingIfNeeded: frame.height >> (24 - 8 * index))
    }
    if let palette = file.palette { pending += view.slice(palette.lowerBound, palette.count).bytes }
    if let first = data.first { begin(first) }
  }

  private func begin(_ range: Range<Int>) {
    offset = range.lowerBound
    for index in 0..<4 { pending.append(UInt8(truncatingIfNeeded: range.count >> (24 - 8 * index))) }
    pending += Array("IDAT".utf8)
  }

  /// Copies `length` bytes. False where there are fewer.
  func read(_ target: UnsafeMutableRawPointer, _ length: Int) -> Bool {
    var written = 0
    while written < length {
      if pendingOffset < pending.count {
        let count = min(length - written, pending.count - pendingOffset)
        pending.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          (target + written).copyMemory(from: base + pendingOffset, byteCount: count)
        }
        pendingOffset += count
        written += count
      } else if next < data.count {
        let count = min(length - written, data[next].upperBound - offset)
        let part = view.slice(offset, count)
        guard part.count == count, count > 0, let base = part.bytes.baseAddress else { return false }
        (target + written).copyMemory(from: base, byteCount: count)
        offset += count
        written += count
        if offset == data[next].upperBound {
          next += 1
          // A checksum that nobody compares.
          pending = [0, 0, 0, 0]
          pendingOffset = 0
          if next < data.count { begin(data[next]) }
        }
      } else if !hasEnded {
        hasEnded = true
        pending = [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
        pendingOffset = 0
      } else {
        return false
      }
    }
    return true
  }
}
