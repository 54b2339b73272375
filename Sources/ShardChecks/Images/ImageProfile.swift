import ShardImages
import ShardModel
import ShardSketches

/// Why a picture was not read.
package enum NotRead: UInt8, Sendable, CaseIterable {
  case missing, malformed, unsafe, remote, tooLarge, failed, notAsked, elsewhere

  /// For people, after a number of pictures.
  package var reason: String {
    switch self {
    case .missing: "missing"
    case .malformed: "in data: URLs that cannot be decoded"
    case .unsafe: "on paths that are not followed"
    case .remote: "behind addresses, which are not fetched"
    case .tooLarge: "larger than the limit of a record"
    case .failed: "in files that cannot be read"
    case .notAsked: "not opened (--image-decode none)"
    case .elsewhere: "in folders that are not beside the shards (--image-root DIR says where they are)"
    }
  }
}

/// What is counted of pictures beside their formats.
package enum ImageTrait: UInt8, Sendable, CaseIterable {
  case broken, notDecoded, animated, alpha, palette, gray, cmyk, progressive, deep, turned, colorless

  package var name: String {
    switch self {
    case .broken: "broken"
    case .notDecoded: "notDecoded"
    case .animated: "animated"
    case .alpha: "alpha"
    case .palette: "palette"
    case .gray: "gray"
    case .cmyk: "cmyk"
    case .progressive: "progressive"
    case .deep: "moreThan8Bits"
    case .turned: "exifTurned"
    case .colorless: "colorless"
    }
  }
}

/// Values of pictures: quantiles, and the exact smallest and largest.
package struct ImageDistribution: Sendable, Equatable {
  package var sketch = QuantileSketch()
  package var low = Double.infinity
  package var high = -Double.infinity

  package init() {}

  package mutating func merge(_ other: Self) {
    sketch.merge(other.sketch)
    low = min(low, other.low)
    high = max(high, other.high)
  }

  package func encode(into writer: inout ByteWriter) {
    sketch.encode(into: &writer)
    writer.write(low)
    writer.write(high)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    sketch = try QuantileSketch(decoding: &reader)
    low = try reader.readDouble()
    high = try reader.readDouble()
    guard sketch.count == 0 || (low.isFinite && high.isFinite && low <= high) else {
      throw DecodingFailure("limits out of range")
    }
  }

  package func summary(isWhole: Bool) -> NumberSummary? {
    guard sketch.count > 0, low <= high else { return nil }
    var summary = NumberSummary()
    summary.count = sketch.count
    summary.minimum = low
    summary.maximum = high
    summary.quantiles = sketch.quantiles(FieldSummary.quantileRanks.map(\.rank), within: low...high)
    if isWhole { summary.quantiles = summary.quantiles.map { $0.rounded() } }
    summary.histogram = sketch.histogram(bins: 32, within: low...high).map {
      HistogramBin(low: $0.low, high: $0.high, count: $0.count)
    }
    return summary
  }
}

/// Sums over pictures of the mean and the mean square of a channel, in units of 2^-16 of a level of 256.
///
/// Each picture counts alike, whatever its size, as it does when all are scaled to one size before training. Whole
/// numbers, so the order of pictures makes no difference. Right to 2^-16 of a level; up to 2^31 pictures.
package struct ChannelTotals: Sendable, Equatable {
  package var pictures: UInt64 = 0
  package var means = [UInt64](repeating: 0, count: 3)
  package var squares = [UInt64](repeating: 0, count: 3)

  package init() {}

  package mutating func add(_ moments: ChannelMoments) {
    // Of at most 2^31 pixels squares stay below 2^47, so below 2^63 with 16 bits more.
    guard moments.count > 0, moments.count <= 1 << 31 else { return }
    pictures &+= 1
    for channel in 0..<3 {
      means[channel] &+= (moments.sums[channel] << 16) / moments.count
      squares[channel] &+= (moments.squares[channel] << 16) / moments.count
    }
  }

  package mutating func merge(_ other: Self) {
    pictures &+= other.pictures
    for channel in 0..<3 {
      means[channel] &+= other.means[channel]
      squares[channel] &+= other.squares[channel]
    }
  }

  /// From 0 to 1.
  package func mean(_ channel: Int) -> Double {
    pictures == 0 ? 0 : Double(means[channel]) / Double(pictures) / (65_536 * 255)
  }

  package func deviation(_ channel: Int) -> Double {
    guard pictures > 0 else { return 0 }
    let mean = mean(channel)
    let square = Double(squares[channel]) / Double(pictures) / (65_536 * 65_025)
    return max(0, square - mean * mean).squareRoot()
  }
}

/// Mergeable statistics of the pictures of one shard, or of many. Merging adds integers: the order makes no difference.
package struct ImageProfile: Sendable, Equatable {
  /// Pictures that records name or hold.
  package var references: UInt64 = 0
  package var notRead = [UInt64](repeating: 0, count: NotRead.allCases.count)
  package var formats = [UInt64](repeating: 0, count: ImageFormat.allCases.count)
  package var foreign = [UInt64](repeating: 0, count: ForeignContent.allCases.count)
  package var traits = [UInt64](repeating: 0, count: ImageTrait.allCases.count)
  package var widths = ImageDistribution()
  package var heights = ImageDistribution()
  /// Width by height.
  package var ratios = ImageDistribution()
  /// Square roots of width times height.
  package var sizes = ImageDistribution()
  /// Of the stored file.
  package var bytes = ImageDistribution()
  package var bytesPerPixel = ImageDistribution()
  /// Means of pictures, 0 to 1.
  package var brightness = ImageDistribution()
  package var channels = ChannelTotals()
  /// The sizes that may turn out to be odd.
  package var extremes = Extremes()
  /// The first that each check flagged, of one shard.
  package var flagged = FlaggedPictures()

  package init() {}

  package var isEmpty: Bool { references == 0 }

  /// Pictures of a known format that were opened.
  package var read: UInt64 { formats.reduce(0, &+) }

  /// Whether sizes outside of the fences may have been passed over.
  func needsSecondRead(_ fences: ClosedRange<Double>) -> Bool {
    guard sizes.sketch.count > 0 else { return false }
    let reachesOut = sizes.low < fences.lowerBound || sizes.high > fences.upperBound
    return reachesOut && !extremes.isComplete(for: fences)
  }

  static let distributions: [WritableKeyPath<ImageProfile, ImageDistribution> & Sendable] = [
    \.widths, \.heights, \.ratios, \.sizes, \.bytes, \.bytesPerPixel, \.brightness,
  ]

  private static let counts: [WritableKeyPath<ImageProfile, [UInt64]> & Sendable] = [
    \.notRead, \.formats, \.foreign, \.traits,
  ]

  package mutating func merge(_ other: Self) {
    guard !other.isEmpty else { return }
    references &+= other.references
    for path in Self.counts {
      for index in self[keyPath: path].indices { self[keyPath: path][index] &+= other[keyPath: path][index] }
    }
    for path in Self.distributions { self[keyPath: path].merge(other[keyPath: path]) }
    channels.merge(other.channels)
    extremes.merge(other.extremes)
    flagged.merge(other.flagged)
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(references)
    guard !isEmpty else { return }
    for path in Self.counts { for count in self[keyPath: path] { writer.write(count) } }
    for path in Self.distributions { self[keyPath: path].encode(into: &writer) }
    for count in [channels.pictures] + channels.means + channels.squares { writer.write(count) }
    extremes.encode(into: &writer)
    flagged.encode(into: &writer)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    references = try reader.readTally()
    guard !isEmpty else { return }
    for path in Self.counts {
      for index in self[keyPath: path].indices { self[keyPath: path][index] = try reader.readTally() }
    }
    for path in Self.distributions { self[keyPath: path] = try ImageDistribution(decoding: &reader) }
    channels.pictures = try reader.readTally()
    for channel in 0..<3 { channels.means[channel] = try reader.readUInt64() }
    for channel in 0..<3 { channels.squares[channel] = try reader.readUInt64() }
    extremes = try Extremes(decoding: &reader)
    flagged = try FlaggedPictures(decoding: &reader)
  }
}
