import ShardTestSupport
import Testing

@testable import ShardImages

@Suite struct MeasureTests {
  /// The decoders' versions differ by a level here and there; brightness is counted in steps of 1/4000.
  @Test(arguments: Fixture.decoded)
  func `every pixel measured, scores are those of CleanVision's formulas`(fixture: Fixture) throws {
    let report = read(fixture.bytes) { $0.measuresEveryPixel = true }
    let measures = try #require(report.measures)
    let isConverted = fixture.name == "cmyk.jpg"
    let level = isConverted ? 0.01 : fixture.format == .webp ? 0.004 : 0.001
    #expect(abs(measures.darkScore - fixture.dark) < level)
    #expect(abs(measures.lightScore - fixture.light) < level)
    #expect(abs(measures.entropy - fixture.entropy) < (isConverted ? 0.1 : 0.01))
    #expect(abs(measures.edgeDeviation - fixture.edges) < 0.03 * fixture.edges + 0.1)
    #expect(abs(measures.histogramDeviation - fixture.spread) < 0.06 * fixture.spread + 0.4)
    for channel in 0..<3 {
      #expect(abs(measures.moments.mean(channel) - fixture.means[channel]) < (isConverted ? 2 : 0.3))
      #expect(
        abs(measures.moments.deviation(channel) - fixture.deviations[channel]) < (isConverted ? 2 : 0.3))
    }
    #expect(Int(measures.moments.count) == fixture.width * fixture.height)
    // Above this side pictures are first reduced by means; what these have of high frequencies is noise near the median.
    if max(fixture.width, fixture.height) <= ReducedPicture.side {
      #expect((measures.perceptualHash ^ fixture.hash).nonzeroBitCount <= 8)
    }
  }

  @Test(arguments: Fixture.decoded)
  func `verdicts by blocks are those by pixels`(fixture: Fixture) throws {
    let measures = try #require(read(fixture.bytes).measures)
    let thresholds = ImageThresholds()
    #expect(measures.isDark() == (fixture.dark < thresholds.dark))
    #expect(measures.isLight() == (fixture.light < thresholds.light))
    #expect(measures.isLowInformation() == (min(1, 0.1 * fixture.entropy) < thresholds.lowInformation))
    let blur = Blur.score(edges: fixture.edges, histogram: fixture.spread, spread: thresholds.histogramSpread)
    #expect(measures.isBlurry() == (blur < thresholds.blurry))
  }

  /// Brightness by the formula, and by the place that the histogram counts it in: steps of 1/4000 from 0 on.
  @Test func `brightness is counted in its step`() {
    var random = RepeatableRandom(seed: 3)
    var histograms = PixelHistograms()
    defer { histograms.deallocate() }
    for _ in 0..<2000 {
      let pixel = (0..<3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      histograms.reset(isGray: false)
      histograms.add(pixel, pixels: 1)
      let squares = pixel.map { Double($0) * Double($0) }
      let exact = (0.241 * squares[0] + 0.691 * squares[1] + 0.068 * squares[2]).squareRoot() / 255
      let counted = histograms.brightness.mean
      #expect(counted <= exact + 1e-6 && counted > exact - 1 / 4000 - 1e-6, "\(pixel)")
    }
    for value: UInt8 in [0, 1, 255] {
      histograms.reset(isGray: false)
      // More pixels than one run of the loop.
      histograms.add([UInt8](repeating: value, count: 3 * 1001), pixels: 1001)
      #expect(abs(histograms.brightness.percentile99 - Double(value) / 255) < 1 / 3999)
      #expect(histograms.moments.count == 1001)
      #expect(histograms.moments.mean(2) == Double(value))
    }
  }

  @Test func `sums merge exactly in any order`() throws {
    let parts = Fixture.decoded.compactMap { read($0.bytes).measures?.moments }
    #expect(parts.count == Fixture.decoded.count)
    var forth = ChannelMoments()
    var back = ChannelMoments()
    for part in parts { forth.merge(part) }
    for part in parts.reversed() { back.merge(part) }
    #expect(forth == back)
    #expect(forth.count == parts.reduce(0) { $0 + $1.count })
  }

  @Test func `copies in other formats look alike`() throws {
    let hashes = try ["colour.png", "baseline.jpg", "alpha.png"].map {
      try #require(read(Fixture.bytes($0)).measures).perceptualHash
    }
    for hash in hashes { #expect((hash ^ hashes[0]).nonzeroBitCount <= 12) }
    #expect(hashes[2] == hashes[0])
    let other = try #require(read(Fixture.bytes("page.jpg")).measures).perceptualHash
    #expect((other ^ hashes[0]).nonzeroBitCount > 16)
  }

  @Test func `a resampler keeps flat pictures flat and sums to one`() {
    for (from, to) in [(7, 32), (64, 32), (100, 64), (1, 32), (255, 64)] {
      for kernel in [Resampler.Kernel.bicubic, .lanczos] {
        let resampler = Resampler(from: from, extent: Double(from), to: to, kernel: kernel)
        for value: UInt8 in [0, 1, 127, 254, 255] {
          var output = [UInt8](repeating: 9, count: 2 * to)
          resampler.applyAcross(
            [UInt8](repeating: value, count: 2 * from + Resampler.group), width: from, height: 2, to: &output)
          #expect(output.allSatisfy { $0 == value }, "\(from) to \(to), \(value)")
        }
      }
    }
  }
}
