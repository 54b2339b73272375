extension ImageReader {
  /// Reads a Windows or OS/2 bitmap: 1, 4, 8, 16, 24 and 32 bits, with palettes, masks and run lengths.
  ///
  /// - Complexity: O(bytes + pixels); memory: a row.
  func readBMP(_ view: ByteView, into report: inout ImageReport) {
    guard let header = BitmapHeader(view) else {
      report.defects.append(
        view.count < 54
          ? ImageDefect(.truncated, "the data end in the header", at: view.count)
          : ImageDefect(.corrupt, "a header that makes no sense", at: 14))
      return
    }
    report.width = header.width
    report.height = header.height
    report.bitDepth = header.bits <= 8 ? header.bits : header.bits == 16 ? 5 : 8
    report.channels = header.bits <= 8 ? 1 : header.hasAlpha ? 4 : 3
    report.frameCount = 1
    report.properties.insert(.lossless)
    let isGray = header.isGray(view)
    if header.bits <= 8 { report.properties.insert(isGray ? .gray : .palette) }
    if header.hasAlpha { report.properties.insert(.alpha) }
    guard isWithinLimits(&report), report.mode == .full else { return }
    if let reason = header.unsupported {
      report.defects.append(ImageDefect(.unsupported, reason))
      return
    }
    sink.begin(width: header.width, height: header.height, channels: isGray ? 1 : 3)
    if header.isRunLength {
      readRuns(view, header, into: &report)
      return
    }
    // Sides are below 2^31 and bits at most 32: no overflow.
    let stride = (header.width * header.bits + 31) / 32 * 4
    var row = [UInt8](repeating: 0, count: 3 * header.width)
    let isWhole = row.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      for line in 0..<header.height {
        let start = header.dataOffset + line * stride
        let used = (header.width * header.bits + 7) / 8
        let data = view.slice(start, used)
        guard data.count == used else { return false }
        header.convert(view, data, to: base)
        if isGray { for x in 0..<header.width { base[x] = base[3 * x] } }
        sink.add(base, pixels: header.width, y: header.isTopDown ? line : header.height - 1 - line)
      }
      return true
    }
    finish(view, end: header.dataOffset + header.height * stride, isWhole: isWhole, into: &report)
  }

  private func finish(_ view: ByteView, end: Int, isWhole: Bool, into report: inout ImageReport) {
    guard isWhole else {
      report.defects.append(ImageDefect(.truncated, "the data end before the last pixel", at: view.count))
      return
    }
    report.measures = sink.conclude(width: report.width, height: report.height, scale: 1)
    // The rows' padding, and up to two bytes to a multiple of four, belong to the picture.
    if view.count - end > 3 {
      report.defects.append(
        ImageDefect(.trailingBytes, "\(view.count - end) bytes after the pixels", at: end))
    }
  }

  /// Run lengths of 8 or 4 bits (RLE8, RLE4).
  private func readRuns(_ view: ByteView, _ header: BitmapHeader, into report: inout ImageReport) {
    var offset = header.dataOffset
    var x = 0
    var y = 0
    var indices = [UInt8](repeating: 0, count: header.width)
    var row = [UInt8](repeating: 0, count: 3 * header.width)
    func flush() {
      guard y < header.height else { return }
      for index in 0..<header.width { header.color(view, Int(indices[index]), &row, at: 3 * index) }
      if report.isGray { for index in 0..<header.width { row[index] = row[3 * index] } }
      row.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        sink.add(base, pixels: header.width, y: header.height - 1 - y)
      }
      for index in indices.indices { indices[index] = 0 }
    }
    func put(_ index: Int) -> Bool {
      guard x < header.width, y < header.height else { return false }
      indices[x] = UInt8(truncatingIfNeeded: index)
      x += 1
      return true
    }
    var strays = 0
    while y < header.height {
      guard let count = view.byte(offset), let value = view.byte(offset + 1) else {
        return finish(view, end: view.count, isWhole: false, into: &report)
      }
      offset += 2
      if count > 0 {
        for index in 0..<count where !put(header.bits == 8 ? value : index % 2 == 0 ? value >> 4 : value & 15)
        {
          strays += 1
        }
        continue
      }
      switch value {
      case 0:
        flush()
        x = 0
        y += 1
      case 1:
        // What was not told is colour 0.
        while y < header.height {
          flush()
          y += 1
        }
      case 2:
        guard let right = view.byte(offset), let down = view.byte(offset + 1) else {
          return finish(view, end: view.count, isWhole: false, into: &report)
        }
        offset += 2
        x = min(header.width, x + right)
        for _ in 0..<down where y < header.height {
          flush()
          y += 1
        }
      default:
        let used = header.bits == 8 ? value : (value + 1) / 2
        guard view.holds(offset, used) else {
          return finish(view, end: view.count, isWhole: false, into: &report)
        }
        for index in 0..<value {
          let byte = view.byte(offset + (header.bits == 8 ? index : index / 2)) ?? 0
          if !put(header.bits == 8 ? byte : index % 2 == 0 ? byte >> 4 : byte & 15) { strays += 1 }
        }
        offset += used + used % 2
      }
    }
    if strays > 0 {
      report.defects.append(ImageDefect(.corrupt, "\(strays) pixels outside of the picture"))
      return
    }
    // Most writers end with a mark behind the last row's own.
    if view.byte(offset) == 0, view.byte(offset + 1) == 1 { offset += 2 }
    finish(view, end: offset, isWhole: true, into: &report)
  }
}
