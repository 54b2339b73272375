import CZlib

/// The chunks of a PNG file (PNG specification, third edition), checked one by one.
///
/// The decoder is given only what makes pixels, so that what it thinks of other chunks does not matter.
/// - Complexity: O(bytes); memory: 16 bytes for each chunk of pixels.
struct PNGFile {
  struct Frame {
    var width: Int
    var height: Int
    /// Ranges of compressed pixels.
    var data: [Range<Int>] = []
  }

  var colorType = 0
  var interlace = 0
  /// The whole chunk, with length and checksum.
  var palette: Range<Int>?
  /// The still picture.
  var image: Frame
  /// Those of an animation that have pixels of their own; the still picture may be the first of them and is not here.
  var frames: [Frame] = []
  /// Where the file stopped before its end chunk.
  var end: Int?

  private static let signatureLength = 8

  /// Reads the header chunk. Nil, with the reason in `report`, where there is no picture to speak of.
  init?(_ view: ByteView, into report: inout ImageReport) {
    image = Frame(width: 0, height: 0)
    func fail(_ kind: ImageDefect.Kind, _ message: String, at offset: Int) {
      report.defects.append(ImageDefect(kind, message, at: offset))
    }
    guard view.big32(4) == 0x0D0A_1A0A else {
      fail(.corrupt, "a damaged signature, as transfers as text leave it", at: 4)
      return nil
    }
    guard let width = view.big32(16), let height = view.big32(20), let depth = view.byte(24),
      let color = view.byte(25), let compression = view.byte(26), let filter = view.byte(27),
      let interlace = view.byte(28), view.holds(29, 4)
    else {
      fail(.truncated, "the data end in the header", at: view.count)
      return nil
    }
    guard view.big32(8) == 13, view.starts(with: "IHDR", at: 12) else {
      fail(.corrupt, "expected the header chunk (IHDR) first", at: 8)
      return nil
    }
    guard PNGFile.checksum(view, 12, 17) == view.big32(29) else {
      fail(.checksum, "the header chunk (IHDR) does not have its checksum", at: 8)
      return nil
    }
    let depths = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]][color] ?? []
    guard depths.contains(depth), compression == 0, filter == 0, interlace <= 1,
      width <= Int(Int32.max), height <= Int(Int32.max)
    else {
      fail(
        .corrupt,
        "colour type \(color) with \(depth) bits, compression \(compression), filter \(filter) and interlacing \(interlace) is none that the format knows",
        at: 16)
      return nil
    }
    colorType = color
    self.interlace = interlace
    image = Frame(width: width, height: height)
    report.width = width
    report.height = height
    report.bitDepth = depth
    report.channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][color] ?? 1
    report.frameCount = 1
    if color == 0 || color == 4 { report.properties.insert(.gray) }
    if color >= 4 { report.properties.insert(.alpha) }
    if color == 3 { report.properties.insert(.palette) }
    if interlace == 1 { report.properties.insert(.interlaced) }
    report.properties.insert(.lossless)
  }

  /// Reads the chunks behind the header: in `header` mode up to the pixels, in `full` mode all, with their checksums.
  mutating func readChunks(
    _ view: ByteView, limits: ImageLimits, inflater: Inflater, into report: inout ImageReport
  ) {
    var offset = 33
    var announced = 0
    var controls = 0
    var areDataOver = false
    let isFull = report.mode == .full
    chunks: while true {
      guard let length = view.big32(offset), view.holds(offset + 4, 4) else {
        end = view.count
        break chunks
      }
      let start = offset + 8
      guard length <= Int(Int32.max), (4..<8).allSatisfy({ isLetter(view.byte(offset + $0)) }) else {
        report.defects.append(ImageDefect(.corrupt, "no chunk where one should begin", at: offset))
        return
      }
      let isData = view.starts(with: "IDAT", at: offset + 4)
      let isFrameData = view.starts(with: "fdAT", at: offset + 4)
      if isData && !isFull { break chunks }
      if !isData && !image.data.isEmpty { areDataOver = true }
      guard view.holds(start, length + 4) else {
        if isData, start < view.count { image.data.append(start..<min(view.count, start + length)) }
        end = view.count
        break chunks
      }
      let content = view.slice(start, length)
      if isFull, Self.checksum(view, offset + 4, length + 4) != view.big32(start + length) {
        let name = String(decoding: view.slice(offset + 4, 4).bytes, as: UTF8.self)
        report.defects.append(
          ImageDefect(.checksum, "a chunk (\(name)) does not have its checksum", at: offset))
      }
      if isData {
        if areDataOver {
          report.defects.append(
            ImageDefect(.irregular, "chunks between those of the pixels (IDAT)", at: offset))
          areDataOver = false
        }
        if length > 0 { image.data.append(start..<start + length) }
      } else if isFrameData {
        if length > 4, !frames.isEmpty { frames[frames.count - 1].data.append(start + 4..<start + length) }
      } else if view.starts(with: "PLTE", at: offset + 4) {
        if length == 0 || length % 3 != 0 || length > 768 {
          report.defects.append(ImageDefect(.corrupt, "a palette of \(length) bytes", at: offset))
        } else if palette == nil {
          palette = offset..<start + length + 4
        }
      } else if view.starts(with: "tRNS", at: offset + 4) {
        report.properties.insert(.alpha)
      } else if view.starts(with: "eXIf", at: offset + 4) {
        report.orientation = Tags.orientation(content)
      } else if view.starts(with: "acTL", at: offset + 4) {
        announced = content.big32(0) ?? 0
        report.frameCount = max(1, announced)
        if announced > 1 { report.properties.insert(.animated) }
      } else if view.starts(with: "fcTL", at: offset + 4) {
        controls += 1
        // The first may speak of the still picture itself.
        if !image.data.isEmpty, let width = content.big32(4), let height = content.big32(8) {
          frames.append(Frame(width: width, height: height))
        }
      } else if view.starts(with: "IEND", at: offset + 4) {
        let behind = start + length + 4
        if behind < view.count {
          report.defects.append(
            ImageDefect(.trailingBytes, "\(view.count - behind) bytes after the end chunk (IEND)", at: behind)
          )
        }
        break chunks
      } else if isFull, let text = Self.compressedText(view, offset, content),
        inflater.exceeds(limits.textBytes, text)
      {
        report.defects.append(
          ImageDefect(.textBomb, "compressed text of more than \(limits.textBytes) bytes", at: offset))
      } else if view.byte(offset + 4).map({ $0 & 0x20 == 0 }) == true,
        !view.starts(with: "IHDR", at: offset + 4)
      {
        report.defects.append(ImageDefect(.irregular, "a critical chunk of an unknown kind", at: offset))
      }
      offset = start + length + 4
    }
    if colorType == 3, palette == nil, isFull || end == nil {
      report.defects.append(ImageDefect(.corrupt, "colours of a palette without a palette (PLTE)"))
    }
    if isFull, announced != controls, announced > 1, end == nil {
      report.defects.append(
        ImageDefect(.irregular, "\(announced) frames were announced, \(controls) are there"))
    }
    if isFull, announced > 1 { report.frameCount = controls }
  }

  private func isLetter(_ byte: Int?) -> Bool {
    byte.map { (65...90).contains($0) || (97...122).contains($0) } ?? false
  }

  private static func checksum(_ view: ByteView, _ offset: Int, _ length: Int) -> Int {
    let part = view.slice(offset, length)
    return Int(crc32(0, part.bytes.baseAddress, UInt32(clamping: part.count)))
  }

  /// The compressed part of a `zTXt`, `iTXt` or `iCCP` chunk.
  private static func compressedText(_ view: ByteView, _ offset: Int, _ content: ByteView) -> ByteView? {
    func afterZero(_ start: Int) -> Int? {
      (start..<max(start, content.count)).first { content.byte($0) == 0 }.map { $0 + 1 }
    }
    if view.starts(with: "zTXt", at: offset + 4) || view.starts(with: "iCCP", at: offset + 4) {
      return afterZero(0).map { content.slice($0 + 1, content.count) }
    }
    guard view.starts(with: "iTXt", at: offset + 4), let flag = afterZero(0), content.byte(flag) == 1,
      let translated = afterZero(flag + 2), let text = afterZero(translated)
    else { return nil }
    return content.slice(text, content.count)
  }
}
