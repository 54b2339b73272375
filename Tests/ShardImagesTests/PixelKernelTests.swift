import CKernels
import ShardTestSupport
import Testing

@testable import ShardImages

/// Each kernel against its plain twin, at all lengths around the widths of registers, on random and on extreme values.
@Suite struct PixelKernelTests {
  private static let lengths = Array(0...70) + [255, 256, 257, 511, 513, 1000]

  private func bytes(_ count: Int, _ random: inout RepeatableRandom, extreme: Bool) -> [UInt8] {
    (0..<count).map { _ in
      let value = UInt8(truncatingIfNeeded: random.next() >> 7)
      return extreme ? (value & 1 == 0 ? 0 : 255) : value
    }
  }

  @Test(arguments: [false, true]) func `gray is that of the formula`(extreme: Bool) {
    var random = RepeatableRandom(seed: 5)
    for count in Self.lengths {
      let rgb = bytes(3 * count, &random, extreme: extreme)
      let expected = (0..<count).map { index in
        let weights = zip([19595, 38470, 7471], rgb[(3 * index)..<(3 * index + 3)])
        return UInt8(weights.reduce(0x8000) { $0 + $1.0 * Int($1.1) } >> 16)
      }
      for kernel in [ck_luma, ck_luma_baseline] {
        var gray = [UInt8](repeating: 77, count: count + 1)
        kernel(rgb, count, &gray)
        #expect(gray == expected + [77], "length \(count)")
      }
    }
  }

  @Test(arguments: [false, true]) func `pixels are counted once in each channel and level`(extreme: Bool) {
    var random = RepeatableRandom(seed: 6)
    let last = 4000
    let step = Float(last) / (255 * Float(1000).squareRoot())
    for count in Self.lengths {
      let rgb = bytes(3 * count, &random, extreme: extreme)
      var channels = [UInt32](repeating: 0, count: 768)
      var levels = [UInt32](repeating: 0, count: last + 1)
      var difference: UInt8 = 0
      for index in 0..<count {
        let pixel = rgb[(3 * index)..<(3 * index + 3)].map(Int.init)
        for channel in 0..<3 { channels[256 * channel + pixel[channel]] += 1 }
        let energy = 241 * pixel[0] * pixel[0] + 691 * pixel[1] * pixel[1] + 68 * pixel[2] * pixel[2]
        let place = Float(energy).squareRoot() * step + 0.001
        // As the kernel cuts: by rounding what is half a level lower.
        levels[min(last, Int((place - 0.5).rounded(.toNearestOrEven)))] += 1
        difference |= UInt8((pixel[0] ^ pixel[1]) | (pixel[1] ^ pixel[2]))
      }
      for kernel in [ck_count_pixels, ck_count_pixels_baseline] {
        var counted = [UInt32](repeating: 0, count: 768)
        var countedLevels = [UInt32](repeating: 0, count: last + 1)
        let found = kernel(rgb, count, step, UInt32(last), &counted, &countedLevels)
        #expect(found == difference && counted == channels && countedLevels == levels, "length \(count)")
      }
    }
  }

  @Test func `level sums are those of a loop`() {
    var random = RepeatableRandom(seed: 7)
    for count in Self.lengths {
      let counts = (0..<count).map { _ in UInt32(truncatingIfNeeded: random.next() >> 32) }
      var weighted: UInt64 = 0
      let sum = ck_level_sums(counts, count, &weighted)
      #expect(sum == counts.reduce(0) { $0 + UInt64($1) })
      #expect(weighted == counts.enumerated().reduce(0) { $0 + UInt64($1.offset) * UInt64($1.element) })
    }
  }

  /// Weights of both signs, as large as a kernel's, over bytes that make sums leave the range of bytes on both sides.
  @Test(arguments: [false, true]) func `resampling is a clamped weighted sum`(extreme: Bool) {
    var random = RepeatableRandom(seed: 8)
    let group = Int(CK_RESAMPLE_GROUP)
    func expected(_ values: [UInt8], _ weights: [Int16]) -> UInt8 {
      UInt8(clamping: zip(values, weights).reduce(1 << 13) { $0 + Int($1.0) * Int($1.1) } >> 14)
    }
    for width in [1, 7, 8, 9, 16, 64, 65] {
      for count in [1, 2, 3, 7, 8, 16, 24] where count <= width + group {
        let weights = (0..<count).map { _ in Int16(truncatingIfNeeded: Int(random.next() % 24_000) - 8_000) }
        let source = bytes(width * count + group, &random, extreme: extreme)
        var down = [UInt8](repeating: 77, count: width + 1)
        ck_resample_down(source, width, weights, count, &down)
        let columns = (0..<width).map { x in
          expected((0..<count).map { source[$0 * width + x] }, weights)
        }
        #expect(down == columns + [77], "\(count) rows of \(width)")
        guard count % group == 0, width >= count else { continue }
        var across = [UInt8](repeating: 77, count: 2 * count)
        ck_resample_across(source, width, count, weights, count, &across, 2)
        for row in 0..<count {
          #expect(across[2 * row] == expected(Array(source[(row * width)...].prefix(count)), weights))
          #expect(across[2 * row + 1] == 77)
        }
      }
    }
  }

  @Test func `means are those of a division`() {
    var random = RepeatableRandom(seed: 9)
    for side in [1, 2, 3, 4, 5, 7, 8, 100, 255, 256] {
      for rows in [1, side] {
        let area = UInt32(rows * side)
        let sums = (0..<64).map { _ in UInt32(random.next() % UInt64(area * 255 + 1)) } + [0, area * 255]
        var means = [UInt8](repeating: 0, count: sums.count)
        ck_means(sums, sums.count, area, &means)
        #expect(means == sums.map { UInt8(($0 + area / 2) / area) }, "\(area)")
      }
    }
  }

  /// Bounds by the definition: each mean counted by itself.
  @Test func `shares that reach a threshold are bounded by Markov's inequality`() {
    var random = RepeatableRandom(seed: 10)
    var histograms = PixelHistograms()
    defer { histograms.deallocate() }
    for threshold in [0.05, 0.5, 0.95, 1] {
      histograms.reset(isGray: true)
      let row = bytes(500, &random, extreme: false).map { $0 | 0x80 }
      histograms.add(row, pixels: row.count)
      let means = row.map { Double($0) / 255 }
      let most = means.reduce(0) { $0 + min(1, $1 / threshold) } / 500
      let least =
        threshold < 1 ? means.reduce(0) { $0 + max(0, ($1 - threshold) / (1 - threshold)) } / 500 : 0
      let share = histograms.shareReaching(threshold)
      #expect(abs(share.upperBound - most) < 1e-9 && abs(share.lowerBound - least) < 1e-9)
    }
  }
}
