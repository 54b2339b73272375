extension ImageReader {
  /// Reads a GIF (GIF89a). The first frame is measured; of the others the codes are checked.
  ///
  /// - Complexity: O(bytes + pixels of the first frame).
  func readGIF(_ view: ByteView, into report: inout ImageReport) {
    guard let width = view.little16(6), let height = view.little16(8), let packed = view.byte(10),
      view.holds(0, 13)
    else {
      report.defects.append(ImageDefect(.truncated, "the data end in the header", at: view.count))
      return
    }
    report.width = width
    report.height = height
    report.channels = 1
    report.bitDepth = 8
    report.properties.formUnion([.palette, .lossless])
    let walk = GIFWalk(view, packed: packed)
    walk.run(settings.limits, isFull: report.mode == .full, reader: self, into: &report)
    if report.frameCount > 1 { report.properties.insert(.animated) }
  }
}

/// The blocks of one GIF file.
private final class GIFWalk {
  private let view: ByteView
  private var offset = 13
  private var palette = 0
  private var paletteCount = 0
  private var pixels = 0
  private var isTransparent = false

  init(_ view: ByteView, packed: Int) {
    self.view = view
    if packed & 0x80 != 0 {
      palette = 13
      paletteCount = 2 << (packed & 7)
      offset += 3 * paletteCount
    }
  }

  func run(_ limits: ImageLimits, isFull: Bool, reader: ImageReader, into report: inout ImageReport) {
    while let kind = view.byte(offset) {
      switch kind {
      case 0x21:
        if view.byte(offset + 1) == 0xF9, view.byte(offset + 3).map({ $0 & 1 == 1 }) == true {
          isTransparent = true
        }
        offset += 2
        guard skipBlocks() else { return end(&report) }
      case 0x2C:
        guard readFrame(limits, isFull: isFull, reader: reader, into: &report) else { return }
      case 0x3B:
        if report.frameCount == 0 {
          report.defects.append(ImageDefect(.corrupt, "a file without a frame", at: offset))
        } else if offset + 1 < view.count {
          report.defects.append(
            ImageDefect(.trailingBytes, "\(view.count - offset - 1) bytes after the trailer", at: offset + 1))
        }
        return
      default:
        report.defects.append(
          ImageDefect(
            report.frameCount == 0 ? .corrupt : .irregular, "a byte that begins no block", at: offset))
        return
      }
    }
    end(&report)
  }

  private func end(_ report: inout ImageReport) {
    report.defects.append(
      report.frameCount == 0
        ? ImageDefect(.truncated, "the data end before the first frame", at: view.count)
        : ImageDefect(.missingEnd, "the trailer is missing", at: view.count))
  }

  private func skipBlocks() -> Bool {
    while let length = view.byte(offset) {
      offset += 1 + length
      if length == 0 { return true }
    }
    return false
  }

  private func readFrame(
    _ limits: ImageLimits, isFull: Bool, reader: ImageReader, into report: inout ImageReport
  ) -> Bool {
    let start = offset
    guard let left = view.little16(offset + 1), let top = view.little16(offset + 3),
      let width = view.little16(offset + 5), let height = view.little16(offset + 7),
      let packed = view.byte(offset + 9)
    else {
      report.defects.append(ImageDefect(.truncated, "the data end in the head of a frame", at: view.count))
      return false
    }
    offset += 10
    var colors = palette
    var count = paletteCount
    if packed & 0x80 != 0 {
      colors = offset
      count = 2 << (packed & 7)
      offset += 3 * count
    }
    let isFirst = report.frameCount == 0
    if isFirst {
      // As browsers and Pillow do, the canvas grows to what the first frame needs.
      report.width = max(report.width, left + width)
      report.height = max(report.height, top + height)
      if isTransparent { report.properties.insert(.alpha) }
      if packed & 0x40 != 0 { report.properties.insert(.interlaced) }
      guard reader.isWithinLimits(&report) else { return false }
    }
    let name = "frame \(report.frameCount + 1)"
    guard width > 0, height > 0 else {
      report.defects.append(ImageDefect(.zeroSize, "\(name) of \(width) x \(height) pixels", at: start))
      return false
    }
    guard let size = view.byte(offset) else {
      report.defects.append(ImageDefect(.truncated, "the data end in the head of \(name)", at: view.count))
      return false
    }
    offset += 1
    report.frameCount += 1
    guard isFull else {
      return skipBlocks()
        || {
          end(&report)
          return false
        }()
    }
    guard (1...8).contains(size) else {
      report.defects.append(ImageDefect(.corrupt, "codes of \(size) bits", at: offset - 1))
      return false
    }
    let area = width * height
    pixels += area
    guard pixels <= limits.animationPixels else {
      report.defects.append(
        ImageDefect(.beyondLimit, "frames of more than \(limits.animationPixels) pixels together", at: start))
      return false
    }
    let outcome: LZW.Outcome
    if isFirst {
      let rows = GIFRows(
        view.slice(colors, 3 * count), width: width, height: height, isInterlaced: packed & 0x40 != 0,
        reader.sink)
      outcome = reader.lzw.decode(view, &offset, minimumSize: size, pixels: area, emit: rows.add)
      if outcome == .complete {
        report.measures = reader.sink.conclude(width: width, height: height, scale: 1)
      }
      if rows.strays > 0 {
        report.defects.append(ImageDefect(.irregular, "\(rows.strays) pixels of no colour of the palette"))
      }
    } else {
      outcome = reader.lzw.decode(view, &offset, minimumSize: size, pixels: area, emit: nil)
    }
    switch outcome {
    case .complete: return true
    case .corrupt:
      report.defects.append(
        ImageDefect(.corrupt, "\(name): a code that nothing defined", at: min(offset, view.count)))
    case .short:
      report.defects.append(
        ImageDefect(.truncated, "the data end before the last pixel of \(name)", at: min(offset, view.count)))
    }
    return false
  }
}

/// Makes rows of colours of the indices of one frame.
private final class GIFRows {
  private let palette: ByteView
  private let width: Int
  private let height: Int
  private let isInterlaced: Bool
  private let sink: PixelSink
  private var row: [UInt8]
  private var x = 0
  private var y = 0
  private var pass = 0
  private(set) var strays = 0

  private static let starts = [0, 4, 2, 1]
  private static let steps = [8, 8, 4, 2]

  init(_ palette: ByteView, width: Int, height: Int, isInterlaced: Bool, _ sink: PixelSink) {
    self.palette = palette
    self.width = width
    self.height = height
    self.isInterlaced = isInterlaced
    self.sink = sink
    row = [UInt8](repeating: 0, count: 3 * width)
    sink.begin(width: width, height: height, channels: 3)
  }

  func add(_ indices: UnsafeBufferPointer<UInt8>) {
    for index in indices where y < height {
      let color = 3 * Int(index)
      if color + 2 < palette.count {
        for channel in 0..<3 { row[3 &* x &+ channel] = palette.bytes[color &+ channel] }
      } else {
        for channel in 0..<3 { row[3 &* x &+ channel] = 0 }
        strays += 1
      }
      x += 1
      if x == width { finishRow() }
    }
  }

  private func finishRow() {
    row.withUnsafeBufferPointer { if let base = $0.baseAddress { sink.add(base, pixels: width, y: y) } }
    x = 0
    guard isInterlaced else {
      y += 1
      return
    }
    y += Self.steps[pass]
    // Small pictures have passes without a row.
    while y >= height, pass < 3 {
      pass += 1
      y = Self.starts[pass]
    }
  }
}
