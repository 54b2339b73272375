/// Takes the pixels of one picture row by row and makes measures of them.
///
/// Memory: that of `ReducedPicture` and `PixelHistograms`, and 300 KB.
final class PixelSink {
  private(set) var histograms = PixelHistograms()
  private var reduced: ReducedPicture
  private var resamplers = ResamplerCache()
  private let across = ByteScratch()
  private let down = ByteScratch()
  private let gray = ByteScratch()
  private var channels = 1
  private var isCounted = true
  private var hasPixels = false

  /// - Parameter side: of the picture that is kept, as in `ReducedPicture`.
  init(side: Int = ReducedPicture.side) { reduced = ReducedPicture(side: side) }

  deinit {
    histograms.deallocate()
    reduced.deallocate()
  }

  /// Starts a picture of `channels` values a pixel: 1 for gray, 3 for RGB. Unless it `isCounted`, only `blur` may follow.
  func begin(width: Int, height: Int, channels: Int, isCounted: Bool = true) {
    self.channels = channels
    self.isCounted = isCounted
    hasPixels = false
    if isCounted { histograms.reset(isGray: channels == 1) }
    reduced.reset(width: width, height: height, channels: channels)
  }

  /// Pixels of row `y` at `x`, `x + step`, and so on.
  func add(_ row: UnsafePointer<UInt8>, pixels: Int, y: Int, x: Int = 0, step: Int = 1) {
    hasPixels = true
    if isCounted { histograms.add(row, pixels: pixels) }
    reduced.add(row, pixels: pixels, y: y, x: x, step: step)
  }

  /// The measures of what was added, decoded at 1/`scale` from a picture of `width` x `height`; nil without pixels.
  func conclude(width: Int, height: Int, scale: Int) -> ImageMeasures? {
    guard histograms.count > 0, let blur = blur(width: width, height: height) else { return nil }
    let side = PerceptualHash.side
    let hash = PerceptualHash.hash(resample(to: (side, side), kernel: .lanczos))
    return ImageMeasures(
      scale: scale, blurScale: scale, moments: histograms.moments, brightness: histograms.brightness,
      entropy: histograms.entropy,
      edgeDeviation: blur.edgeDeviation, histogramDeviation: blur.histogramDeviation,
      isColorless: histograms.isColorless, perceptualHash: hash)
  }

  /// How blurred what was added is; nil without pixels. Nothing is added after this.
  func blur(width: Int, height: Int) -> Blur? {
    guard reduced.width > 0, reduced.height > 0 else { return nil }
    reduced.finish()
    makeGray()
    let wanted = Blur.size(width: width, height: height)
    let size = (width: min(wanted.width, reduced.width), height: min(wanted.height, reduced.height))
    let small = resample(to: size, kernel: .bicubic)
    return Blur(gray: small, width: size.width, height: size.height, pixels: wanted.width * wanted.height)
  }

  /// What was added, reduced; what was not is black. Nil without pixels. Nothing is added after this.
  func finish() -> ReducedPicture? {
    guard hasPixels, reduced.width > 0, reduced.height > 0 else { return nil }
    reduced.finish()
    return reduced
  }

  /// The share of the reduced picture where pixels may be as bright as `threshold`, from 0 to 1: where the brightness of a
  /// mean, raised by twice the range of those around it, reaches it. To be called after `conclude`.
  ///
  /// What a mean hides is a texture or an edge, which moves the means beside it too.
  /// - Complexity: O(reduced pixels).
  func shareThatMayReach(_ threshold: Double) -> Double {
    let width = reduced.width
    let height = reduced.height
    guard width > 0, height > 0 else { return 0 }
    let levels = across.reserve(width * height)
    PixelHistograms.writeBrightness(of: reduced.values, channels: channels, count: width * height, to: levels)
    let limit = Int(threshold * 255)
    var reaching = 0
    for y in 0..<height {
      for x in 0..<width {
        let value = Int(levels[y &* width &+ x])
        if value >= limit {
          reaching &+= 1
          continue
        }
        var least = value
        var most = value
        for row in max(0, y &- 1)...min(height &- 1, y &+ 1) {
          for column in max(0, x &- 1)...min(width &- 1, x &+ 1) {
            let other = Int(levels[row &* width &+ column])
            least = min(least, other)
            most = max(most, other)
          }
        }
        if value &+ 2 &* (most &- least) >= limit { reaching &+= 1 }
      }
    }
    return Double(reaching) / Double(width * height)
  }

  /// ITU-R 601's luma of the reduced picture, as Pillow's `convert("L")` rounds it.
  ///
  /// Made before pictures are resampled and not after, at a third of the cost: all of it is linear but the rounding.
  private func makeGray() {
    let count = reduced.width * reduced.height
    let target = gray.reserve(count)
    let source = reduced.values
    if channels == 1 { return target.update(from: source, count: count) }
    for index in 0..<count {
      let red = UInt32(source[3 &* index])
      let green = UInt32(source[3 &* index &+ 1])
      let blue = UInt32(source[3 &* index &+ 2])
      target[index] = UInt8(
        truncatingIfNeeded: (19595 &* red &+ 38470 &* green &+ 7471 &* blue &+ 0x8000) >> 16)
    }
  }

  /// The gray picture in another size; a side that keeps its size is left alone. Valid until the next call.
  private func resample(to size: (width: Int, height: Int), kernel: Resampler.Kernel) -> UnsafePointer<UInt8>
  {
    let width = reduced.width
    let height = reduced.height
    var rows = UnsafePointer(gray.reserve(width * height))
    if size.width != width || reduced.extent.width != Double(width) {
      let resampler = resamplers.resampler(
        from: width, extent: reduced.extent.width, to: size.width, kernel: kernel)
      let target = across.reserve(size.width * height)
      resampler.applyAcross(rows, width: width, height: height, to: target)
      rows = UnsafePointer(target)
    }
    guard size.height != height || reduced.extent.height != Double(height) else { return rows }
    let resampler = resamplers.resampler(
      from: height, extent: reduced.extent.height, to: size.height, kernel: kernel)
    let target = down.reserve(size.width * size.height)
    // Safe: widths are those of `Blur.side`, `PerceptualHash.side` or less.
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: size.width) { sums in
      guard let base = sums.baseAddress else { return }
      resampler.applyDown(rows, width: size.width, to: target, sums: base)
    }
    return UnsafePointer(target)
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
