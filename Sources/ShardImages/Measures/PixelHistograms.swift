import CKernels
import Glibc

/// Counts of the values of each channel and of the brightness of pixels, from which sums, quantiles and entropy follow.
///
/// Memory is 19 KB. The owner calls `deallocate()`.
struct PixelHistograms {
  /// Steps of brightness from 0 to 1: CleanVision's thresholds, 0.32 and 0.95, are borders of steps.
  static let steps = 4000
  /// 255 times the square root of the weights' scale, 1000, is the brightness of white.
  private static let step = Float(steps) / (255 * Float(1000).squareRoot())
  /// Safe: three runs of 256 and one of `steps + 1` counts; indices are bytes and clamped steps.
  private let channels: UnsafeMutablePointer<UInt32>
  private let levels: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  private(set) var isGray = false
  /// The bits in which any pixel's channels differ.
  private var difference: UInt8 = 0

  init() {
    channels = .allocate(capacity: 3 * 256)
    levels = .allocate(capacity: Self.steps + 1)
    reset(isGray: false)
  }

  func deallocate() {
    channels.deallocate()
    levels.deallocate()
  }

  mutating func reset(isGray: Bool) {
    channels.update(repeating: 0, count: 3 * 256)
    levels.update(repeating: 0, count: Self.steps + 1)
    count = 0
    difference = 0
    self.isGray = isGray
  }

  /// - Complexity: O(pixels).
  mutating func add(_ row: UnsafePointer<UInt8>, pixels: Int) {
    count &+= pixels
    if isGray {
      for index in 0..<pixels { channels[Int(row[index])] &+= 1 }
      return
    }
    difference |= ck_count_pixels(row, pixels, Self.step, UInt32(Self.steps), channels, levels)
  }

  /// Writes the brightness of `count` pixels, from 0 to 255, rounded to the nearest.
  static func writeBrightness(
    of pixels: UnsafePointer<UInt8>, channels: Int, count: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    if channels == 1 { return target.update(from: pixels, count: count) }
    for index in 0..<count {
      let red = Int32(pixels[3 &* index])
      let green = Int32(pixels[3 &* index &+ 1])
      let blue = Int32(pixels[3 &* index &+ 2])
      let energy = 241 &* red &* red &+ 691 &* green &* green &+ 68 &* blue &* blue
      target[index] = UInt8(clamping: Int((Float(energy) / 1000).squareRoot() + 0.5))
    }
  }

  var isColorless: Bool { difference == 0 }

  var moments: ChannelMoments {
    var moments = ChannelMoments()
    moments.count = UInt64(count)
    for channel in 0..<3 {
      let counts = channels + (isGray ? 0 : 256 * channel)
      for value in 0..<256 {
        // Below 2^33 pixels of 2^16: no sum overflows.
        moments.sums[channel] &+= UInt64(counts[value]) &* UInt64(value)
        moments.squares[channel] &+= UInt64(counts[value]) &* UInt64(value * value)
      }
    }
    return moments
  }

  /// Shannon's entropy of the channels' histogram, one behind the other, in bits.
  var entropy: Double {
    let used = isGray ? 256 : 768
    let total = Double(count) * (isGray ? 1 : 3)
    var sum = 0.0
    for index in 0..<used where channels[index] > 0 {
      let share = Double(channels[index]) / total
      sum -= share * log2(share)
    }
    return sum
  }

  /// Counts by rising brightness, whose last is that of white.
  private var brightnesses: (counts: UnsafeMutablePointer<UInt32>, last: Int) {
    isGray ? (channels, 255) : (levels, Self.steps)
  }

  /// Quantiles by linear interpolation between the two nearest ranks (numpy's default).
  var brightness: Brightness {
    let (counts, last) = brightnesses
    // Not by a reciprocal: thresholds are compared with borders of levels.
    func value(_ level: Int) -> Double { Double(level) / Double(last) }
    func quantile(_ share: Double) -> Double {
      let rank = share * Double(count - 1)
      let floor = Int(rank)
      var level = 0
      var seen = Int(counts[0])
      while seen <= floor, level < last {
        level &+= 1
        seen &+= Int(counts[level])
      }
      let low = value(level)
      while seen <= min(floor + 1, count - 1), level < last {
        level &+= 1
        seen &+= Int(counts[level])
      }
      return low + (value(level) - low) * (rank - Double(floor))
    }
    var sum: UInt64 = 0
    _ = ck_level_sums(counts, last + 1, &sum)
    return Brightness(
      percentile1: quantile(0.01), percentile5: quantile(0.05), percentile99: quantile(0.99),
      mean: Double(sum) / Double(last) / Double(max(1, count)))
  }

  /// Bounds of the share of pixels whose brightness is at least `threshold`, where what was counted are means of blocks.
  ///
  /// In a block of mean m at most m/t of the pixels reach t, and at least (m - t)/(1 - t) do (Markov's inequality).
  func shareReaching(_ threshold: Double) -> ClosedRange<Double> {
    guard threshold > 0 else { return 1...1 }
    let (counts, last) = brightnesses
    let unit = 1 / Double(last)
    let border = Int((min(1, threshold) * Double(last)).rounded(.up))
    var below: UInt64 = 0
    var above: UInt64 = 0
    _ = ck_level_sums(counts, border, &below)
    let reaching = Double(ck_level_sums(counts + border, last + 1 - border, &above))
    let total = Double(max(1, count))
    // What lies above the border has its sum counted from there.
    let brightest = (Double(above) + Double(border) * reaching) * unit
    let least = threshold < 1 ? max(0, (brightest - threshold * reaching) / (1 - threshold)) : 0
    let most = Double(below) * unit / threshold + reaching
    return least / total...max(least, most) / total
  }
}
