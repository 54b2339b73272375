import Glibc

/// Counts of the values of each channel and of the brightness of pixels, from which sums, quantiles and entropy follow.
///
/// Memory is 19 KB. The owner calls `deallocate()`.
struct PixelHistograms {
  /// Steps of brightness from 0 to 1: CleanVision's thresholds, 0.32 and 0.95, are borders of steps.
  static let steps = 4000
  /// 255 times the square root of the weights' scale, 1000, is the brightness of white.
  private static let step = Float(steps) / (255 * Float(1000).squareRoot())
  /// Pixels whose brightness is found before they are counted.
  private static let run = 256

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
    let step = Self.step
    var difference: UInt8 = 0
    // In two loops: processors take several roots at a time, where nothing else is in the way.
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.run) { places in
      guard let places = places.baseAddress else { return }
      var first = 0
      while first < pixels {
        let count = min(Self.run, pixels &- first)
        let part = row + 3 &* first
        for index in 0..<count {
          let red = Int32(part[3 &* index])
          let green = Int32(part[3 &* index &+ 1])
          let blue = Int32(part[3 &* index &+ 2])
          let energy = 241 &* red &* red &+ 691 &* green &* green &+ 68 &* blue &* blue
          // A thousandth of a step makes up for the rounding of the root. Added to 1.5 x 2^23, a number is rounded to
          // the whole number in the low bits, and half a step less is cut off: unlike a conversion this cannot trap.
          let place = Float(energy).squareRoot() * step + 0.001
          places[index] = Int32(bitPattern: (place - 0.5 + 0x1.8p23).bitPattern & 0x3F_FFFF)
        }
        for index in 0..<count {
          let red = part[3 &* index]
          let green = part[3 &* index &+ 1]
          let blue = part[3 &* index &+ 2]
          difference |= red ^ green | green ^ blue
          channels[Int(red)] &+= 1
          channels[256 &+ Int(green)] &+= 1
          channels[512 &+ Int(blue)] &+= 1
          levels[min(Self.steps, Int(places[index]))] &+= 1
        }
        first &+= count
      }
    }
    self.difference |= difference
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

  private func visitLevels(_ body: (_ brightness: Double, _ count: Int) -> Bool) {
    if isGray {
      for value in 0..<256 where channels[value] > 0 {
        if !body(Double(value) / 255, Int(channels[value])) { return }
      }
    } else {
      for level in 0...Self.steps where levels[level] > 0 {
        if !body(Double(level) / Double(Self.steps), Int(levels[level])) { return }
      }
    }
  }

  /// Quantiles by linear interpolation between the two nearest ranks (numpy's default).
  var brightness: Brightness {
    let ranks = [0.01, 0.05, 0.99].map { $0 * Double(count - 1) }
    var low = [0.0, 0, 0]
    var high = [0.0, 0, 0]
    var seen = 0
    var sum = 0.0
    visitLevels { value, count in
      for (index, rank) in ranks.enumerated() {
        let floor = Int(rank)
        if floor >= seen, floor < seen + count { low[index] = value }
        let ceiling = min(floor + 1, self.count - 1)
        if ceiling >= seen, ceiling < seen + count { high[index] = value }
      }
      seen += count
      sum += value * Double(count)
      return true
    }
    let values = ranks.indices.map { index in
      low[index] + (high[index] - low[index]) * (ranks[index] - ranks[index].rounded(.down))
    }
    return Brightness(
      percentile1: values[0], percentile5: values[1], percentile99: values[2],
      mean: sum / Double(max(1, count)))
  }

  /// Bounds of the share of pixels whose brightness is at least `threshold`, where what was counted are means of blocks.
  ///
  /// In a block of mean m at most m/t of the pixels reach t, and at least (m - t)/(1 - t) do (Markov's inequality).
  func shareReaching(_ threshold: Double) -> ClosedRange<Double> {
    var least = 0.0
    var most = 0.0
    visitLevels { mean, count in
      least += max(0, (mean - threshold) / (1 - threshold)) * Double(count)
      most += min(1, mean / threshold) * Double(count)
      return true
    }
    let total = Double(max(1, count))
    return least / total...max(least, most) / total
  }
}
