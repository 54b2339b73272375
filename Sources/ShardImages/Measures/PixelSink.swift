/// Takes the pixels of one picture row by row and makes measures of them.
///
/// Memory: that of `ReducedPicture` and `PixelHistograms`, and 300 KB.
final class PixelSink {
  private(set) var histograms = PixelHistograms()
  private var reduced = ReducedPicture()
  private var resamplers = ResamplerCache()
  private let scratch = ByteScratch()
  private let gray = ByteScratch()
  private var channels = 1

  deinit {
    histograms.deallocate()
    reduced.deallocate()
  }

  /// Starts a picture of `channels` values a pixel: 1 for gray, 3 for RGB.
  func begin(width: Int, height: Int, channels: Int) {
    self.channels = channels
    histograms.reset(isGray: channels == 1)
    reduced.reset(width: width, height: height, channels: channels)
  }

  /// Pixels of row `y` at `x`, `x + step`, and so on.
  func add(_ row: UnsafePointer<UInt8>, pixels: Int, y: Int, x: Int = 0, step: Int = 1) {
    histograms.add(row, pixels: pixels)
    reduced.add(row, pixels: pixels, y: y, x: x, step: step)
  }

  /// The measures of what was added, decoded at 1/`scale` from a picture of `width` x `height`; nil without pixels.
  func conclude(width: Int, height: Int, scale: Int) -> ImageMeasures? {
    guard histograms.count > 0, reduced.width > 0, reduced.height > 0 else { return nil }
    reduced.finish()
    let small = shrunk(to: Blur.size(width: width, height: height))
    let blur = Blur(
      gray: small.gray, width: small.width, height: small.height,
      pixels: small.pixels)
    return ImageMeasures(
      scale: scale, moments: histograms.moments, brightness: histograms.brightness,
      entropy: histograms.entropy,
      edgeDeviation: blur.edgeDeviation, histogramDeviation: blur.histogramDeviation,
      isColorless: histograms.isColorless, perceptualHash: perceptualHash())
  }

  private struct GrayCopy {
    let gray: UnsafePointer<UInt8>
    let width: Int
    let height: Int
    /// Of the size that was asked for, which the copy does not have where the decoded picture is smaller.
    let pixels: Int
  }

  private func shrunk(to size: (width: Int, height: Int)) -> GrayCopy {
    let pixels = size.width * size.height
    guard size.width < reduced.width || size.height < reduced.height else {
      let target = gray.reserve(reduced.width * reduced.height)
      makeGray(UnsafePointer(reduced.values), count: reduced.width * reduced.height, target)
      return GrayCopy(gray: target, width: reduced.width, height: reduced.height, pixels: pixels)
    }
    let width = min(size.width, reduced.width)
    let height = min(size.height, reduced.height)
    let copy = resample(
      UnsafePointer(reduced.values), channels: channels, to: (width, height), kernel: .bicubic)
    let target = gray.reserve(width * height)
    makeGray(copy, count: width * height, target)
    return GrayCopy(gray: target, width: width, height: height, pixels: pixels)
  }

  private func perceptualHash() -> UInt64 {
    let target = gray.reserve(reduced.width * reduced.height)
    makeGray(UnsafePointer(reduced.values), count: reduced.width * reduced.height, target)
    let side = PerceptualHash.side
    return PerceptualHash.hash(resample(target, channels: 1, to: (side, side), kernel: .lanczos))
  }

  /// ITU-R 601's luma, as Pillow's `convert("L")` rounds it.
  private func makeGray(_ source: UnsafePointer<UInt8>, count: Int, _ target: UnsafeMutablePointer<UInt8>) {
    if channels == 1 { return target.update(from: source, count: count) }
    for index in 0..<count {
      let red = UInt32(source[3 &* index])
      let green = UInt32(source[3 &* index &+ 1])
      let blue = UInt32(source[3 &* index &+ 2])
      target[index] = UInt8(
        truncatingIfNeeded: (19595 &* red &+ 38470 &* green &+ 7471 &* blue &+ 0x8000) >> 16)
    }
  }

  /// The reduced picture in another size; a side that keeps its size is left alone.
  private func resample(
    _ source: UnsafePointer<UInt8>, channels: Int, to size: (width: Int, height: Int),
    kernel: Resampler.Kernel
  ) -> UnsafePointer<UInt8> {
    let width = reduced.width
    let height = reduced.height
    let base = scratch.reserve(size.width * (height + size.height) * channels)
    let across = base
    let result = base + size.width * height * channels
    var rows = source
    if size.width != width || reduced.extent.width != Double(width) {
      let resampler = resamplers.resampler(
        from: width, extent: reduced.extent.width, to: size.width, kernel: kernel)
      for channel in 0..<channels {
        resampler.apply(
          source + channel, step: channels, lineStep: width * channels, lines: height, to: across + channel,
          targetStep: channels, targetLineStep: size.width * channels)
      }
      rows = UnsafePointer(across)
    }
    guard size.height != height || reduced.extent.height != Double(height) else { return rows }
    let resampler = resamplers.resampler(
      from: height, extent: reduced.extent.height, to: size.height, kernel: kernel)
    resampler.apply(
      rows, step: size.width * channels, lineStep: 1, lines: size.width * channels, to: result,
      targetStep: size.width * channels, targetLineStep: 1)
    return UnsafePointer(result)
  }
}

/// Memory that grows to what the largest picture so far needed.
final class ByteScratch {
  /// Safe: `capacity` bytes; valid until the next `reserve`.
  private var base: UnsafeMutablePointer<UInt8> = .allocate(capacity: 16)
  private var capacity = 16

  deinit { base.deallocate() }

  /// Room for `count` bytes, whose values are whatever they were.
  func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if count > capacity {
      base.deallocate()
      base = .allocate(capacity: count)
      base.initialize(repeating: 0, count: count)
      capacity = count
    }
    return base
  }

  /// Gives back what is more than `count` bytes.
  func trim(to count: Int) {
    guard capacity > count else { return }
    base.deallocate()
    base = .allocate(capacity: 16)
    capacity = 16
  }
}
