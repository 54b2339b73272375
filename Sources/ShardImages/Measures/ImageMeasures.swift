/// What the pixels of a picture's first frame are like.
///
/// Definitions and scores are CleanVision's (0 is the worst, 1 the best) over the RGB values of 8 bits, alpha ignored,
/// palettes and CMYK converted. CleanVision itself takes indices of palettes and inks for colours. JPEGs are decoded at
/// 1/8 of each side, where a pixel is the mean of a block; where a verdict would be in doubt, `scale` is 1 and all
/// scores are those of the pixels.
package struct ImageMeasures: Sendable, Equatable {
  /// 8, 4, 2 or 1: how many pixels of a side became one in what brightness and entropy were measured on.
  package var scale: Int
  /// The same for the two deviations that blur is judged by.
  package var blurScale: Int
  /// Of the pixels as first decoded, which may be at 1/8 although `scale` is 1: so that pictures weigh alike. So is the
  /// hash, so that copies have the same.
  package var moments: ChannelMoments
  /// Quantiles of the pixels' brightness, 0 to 1, to 1/4000.
  package var brightness: Brightness
  /// Bits, of the histogram of all channels together: at most 8 for gray and 9.58 for RGB.
  package var entropy: Double
  /// Standard deviation of the edges of the picture in gray, its longer side shrunk to 64.
  package var edgeDeviation: Double
  /// Standard deviation of the counts of that picture's 256 gray values.
  package var histogramDeviation: Double
  /// Every pixel has R = G = B, however it is stored.
  package var isColorless: Bool
  /// 64 bits of the DCT of the picture in gray, as `imagehash.phash` orders them; equal or near for pictures that look alike.
  package var perceptualHash: UInt64

  package var darkScore: Double { brightness.percentile99 }
  package var lightScore: Double { 1 - brightness.percentile5 }
  package var informationScore: Double { min(1, 0.1 * entropy) }

  package func blurScore(_ thresholds: ImageThresholds = ImageThresholds()) -> Double {
    Blur.score(edges: edgeDeviation, histogram: histogramDeviation, spread: thresholds.histogramSpread)
  }

  package func isDark(_ thresholds: ImageThresholds = ImageThresholds()) -> Bool {
    darkScore < thresholds.dark
  }
  package func isLight(_ thresholds: ImageThresholds = ImageThresholds()) -> Bool {
    lightScore < thresholds.light
  }
  package func isLowInformation(_ thresholds: ImageThresholds = ImageThresholds()) -> Bool {
    informationScore < thresholds.lowInformation
  }
  package func isBlurry(_ thresholds: ImageThresholds = ImageThresholds()) -> Bool {
    blurScore(thresholds) < thresholds.blurry
  }
}

package struct Brightness: Sendable, Equatable {
  package var percentile1: Double
  package var percentile5: Double
  package var percentile99: Double
  package var mean: Double
}

/// Exact sums of the 8-bit values of R, G and B: merging pictures is adding integers.
package struct ChannelMoments: Sendable, Equatable {
  package var count: UInt64 = 0
  package var sums: ChannelSums = ChannelSums()
  package var squares: ChannelSums = ChannelSums()

  package init() {}

  package mutating func merge(_ other: Self) {
    count &+= other.count
    sums.add(other.sums)
    squares.add(other.squares)
  }

  /// Of channel 0, 1 or 2, from 0 to 255.
  package func mean(_ channel: Int) -> Double { count == 0 ? 0 : Double(sums[channel]) / Double(count) }

  /// Of the population.
  package func deviation(_ channel: Int) -> Double {
    guard count > 0 else { return 0 }
    let mean = mean(channel)
    return max(0, Double(squares[channel]) / Double(count) - mean * mean).squareRoot()
  }
}

/// A value for each of red, green and blue.
package struct ChannelSums: Sendable, Equatable {
  package var red: UInt64 = 0
  package var green: UInt64 = 0
  package var blue: UInt64 = 0

  package init() {}

  package subscript(channel: Int) -> UInt64 {
    get { channel == 0 ? red : channel == 1 ? green : blue }
    set {
      switch channel {
      case 0: red = newValue
      case 1: green = newValue
      default: blue = newValue
      }
    }
  }

  mutating func add(_ other: Self) {
    red &+= other.red
    green &+= other.green
    blue &+= other.blue
  }
}
