extension ImageReader {
  func readPNG(_ view: ByteView, into report: inout ImageReport) {
    guard var file = PNGFile(view, into: &report) else { return }
    let isWithin = isWithinLimits(&report)
    file.readChunks(view, limits: settings.limits, inflater: inflater, into: &report)
    guard isWithin, report.mode == .full else { return }
    guard report.defects.allSatisfy({ $0.kind.consequence == .intact }) else { return }
    guard !file.image.data.isEmpty else {
      report.defects.append(
        ImageDefect(file.end == nil ? .corrupt : .truncated, "no pixels (IDAT)", at: file.end))
      return
    }
    let bits = report.channels * report.bitDepth
    let failure = png.decode(view, file.image, of: file, bits: bits, limits: settings.limits, into: sink)
    if let failure {
      report.defects.append(defect(failure, file.end, "the picture"))
      return
    }
    report.measures = sink.conclude(width: report.width, height: report.height, scale: 1)
    readFrames(view, file, bits: bits, into: &report)
    if let end = file.end, !report.defects.contains(where: { $0.kind == .truncated }) {
      report.defects.append(
        ImageDefect(.missingEnd, "the data end before the end chunk (IEND)", at: end))
    }
  }

  private func readFrames(_ view: ByteView, _ file: PNGFile, bits: Int, into report: inout ImageReport) {
    var pixels = 0
    for (index, frame) in file.frames.enumerated() {
      let name = "frame \(index + 2)"
      guard frame.width > 0, frame.height > 0, frame.width <= report.width, frame.height <= report.height
      else {
        report.defects.append(
          ImageDefect(.corrupt, "\(name) of \(frame.width) x \(frame.height) pixels does not fit the picture")
        )
        return
      }
      pixels += frame.width * frame.height
      guard pixels <= settings.limits.animationPixels else {
        report.defects.append(
          ImageDefect(.beyondLimit, "frames of more than \(settings.limits.animationPixels) pixels together"))
        return
      }
      if let failure = png.decode(view, frame, of: file, bits: bits, limits: settings.limits, into: nil) {
        report.defects.append(defect(failure, file.end, name))
        return
      }
    }
  }

  private func defect(_ failure: PNGDecoding.Failure, _ end: Int?, _ name: String) -> ImageDefect {
    switch failure {
    case .tooLarge:
      ImageDefect(.beyondLimit, "rows need more than the limit of \(settings.limits.decoderBytes >> 20) MiB")
    case .tooShort:
      ImageDefect(
        end == nil ? .corrupt : .truncated, "the data end before the last pixel of \(name)", at: end)
    case .corrupt(let text): ImageDefect(.corrupt, "\(name): \(text)")
    }
  }
}
