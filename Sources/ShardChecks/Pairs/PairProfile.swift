import ShardModel
import ShardRules
import ShardSketches

/// Statistics of whole numbers that need no order: counts, sum, extremes and a sketch.
package struct LengthTally: Sendable, Equatable {
  package private(set) var sum: UInt64 = 0
  package private(set) var least = UInt64.max
  package private(set) var most: UInt64 = 0
  package private(set) var sketch = QuantileSketch()

  package init() {}

  init(sketch: QuantileSketch) { self.sketch = sketch }

  /// All but the sketch.
  init(sum: UInt64, least: UInt64, most: UInt64) {
    self.sum = sum
    self.least = least
    self.most = most
  }

  package var count: UInt64 { sketch.count }

  package mutating func merge(_ other: LengthTally) {
    sum &+= other.sum
    least = min(least, other.least)
    most = max(most, other.most)
    sketch.merge(other.sketch)
  }

  /// Nil without a value. Quantiles are whole numbers, exact below 128, within 1/256 above.
  package var summary: NumberSummary? {
    guard count > 0, least <= most else { return nil }
    let limits = Double(least)...Double(most)
    var summary = NumberSummary()
    summary.count = count
    summary.minimum = limits.lowerBound
    summary.maximum = limits.upperBound
    summary.mean = Double(sum) / Double(count)
    summary.zeros = sketch.zeros
    summary.quantiles = sketch.quantiles(FieldSummary.quantileRanks.map(\.rank), within: limits).map {
      $0.rounded()
    }
    summary.histogram = sketch.histogram(bins: 32, within: limits).map {
      HistogramBin(low: $0.low, high: $0.high, count: $0.count)
    }
    summary.bins = sketch.quantileBins()
    return summary
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(sum)
    writer.write(least)
    writer.write(most)
    sketch.encode(into: &writer)
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    sum = try reader.readUInt64()
    least = try reader.readUInt64()
    most = try reader.readUInt64()
    sketch = try QuantileSketch(decoding: &reader)
    let isOrdered = sketch.count == 0 ? least == UInt64.max && most == 0 : least <= most
    guard isOrdered, most <= 1 << 53 else { throw DecodingFailure("lengths out of order") }
  }
}

/// Mergeable statistics of the pairs of one shard, or of many. Counts only, so the order of merges does not matter.
package struct PairProfile: Sendable, Equatable {
  /// Records by shape.
  package private(set) var shapes: [PairShape: UInt64] = [:]
  /// Conversations without a picture; records without a text.
  package var withoutImage: UInt64 = 0
  package var withoutText: UInt64 = 0
  package var images: UInt64 = 0
  package var captions: UInt64 = 0
  package var turns: UInt64 = 0
  package var boxes: UInt64 = 0
  /// Of captions that are not null.
  package var characters = LengthTally()
  package var words = LengthTally()
  package var imagesPerRecord = LengthTally()
  /// Records that are pairs by the path of their caption, of their picture. Bounded by the fields that can be one.
  package var captionFields: [String: UInt64] = [:]
  package var imageFields: [String: UInt64] = [:]

  package init() {}

  package var isEmpty: Bool { shapes.isEmpty }

  package var records: UInt64 { shapes.values.reduce(0, +) }

  /// Records with turns.
  package var conversations: UInt64 { shapes.reduce(0) { $0 + ($1.key.hasTurns ? $1.value : 0) } }

  mutating func add(_ shape: PairShape, _ count: UInt64) { shapes[shape, default: 0] += count }

  package mutating func merge(_ other: PairProfile) {
    shapes.merge(other.shapes, uniquingKeysWith: +)
    withoutImage += other.withoutImage
    withoutText += other.withoutText
    images += other.images
    captions += other.captions
    turns += other.turns
    boxes += other.boxes
    characters.merge(other.characters)
    words.merge(other.words)
    imagesPerRecord.merge(other.imagesPerRecord)
    captionFields.merge(other.captionFields, uniquingKeysWith: +)
    imageFields.merge(other.imageFields, uniquingKeysWith: +)
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(!isEmpty)
    guard !isEmpty else { return }
    for shape in PairShape.allCases { writer.write(shapes[shape] ?? 0) }
    for count in [withoutImage, withoutText, images, captions, turns, boxes] { writer.write(count) }
    for tally in [characters, words, imagesPerRecord] { tally.encode(into: &writer) }
    for counts in [captionFields, imageFields] {
      writer.write(UInt64(counts.count))
      for path in counts.keys.sorted() {
        writer.write(path)
        writer.write(counts[path] ?? 0)
      }
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    guard try reader.readBool() else { return }
    for shape in PairShape.allCases {
      let count = try reader.readTally()
      if count > 0 { shapes[shape] = count }
    }
    guard !shapes.isEmpty else { throw DecodingFailure("pairs without a record") }
    withoutImage = try reader.readTally()
    withoutText = try reader.readTally()
    images = try reader.readTally()
    captions = try reader.readTally()
    turns = try reader.readTally()
    boxes = try reader.readTally()
    characters = try LengthTally(decoding: &reader)
    words = try LengthTally(decoding: &reader)
    imagesPerRecord = try LengthTally(decoding: &reader)
    captionFields = try Self.counts(&reader)
    imageFields = try Self.counts(&reader)
  }

  private static func counts(_ reader: inout ByteReader) throws(DecodingFailure) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for _ in 0..<(try reader.readCount(minimumSize: 2)) {
      let path = try reader.readString()
      counts[path] = try reader.readTally()
    }
    return counts
  }

  /// What reports show; nil where no record is a pair.
  package var summary: PairSummary? {
    guard !isEmpty else { return nil }
    var summary = PairSummary()
    summary.shapes = PairShape.allCases.compactMap { shape in
      shapes[shape].map { PairSummary.Shape(name: shape.rawValue, records: $0) }
    }
    summary.withoutImage = withoutImage
    summary.withoutText = withoutText
    summary.images = images
    summary.captions = captions
    summary.turns = turns
    summary.boxes = boxes
    summary.captionCharacters = characters.summary
    summary.captionWords = words.summary
    summary.imagesPerRecord = imagesPerRecord.summary
    return summary
  }
}
