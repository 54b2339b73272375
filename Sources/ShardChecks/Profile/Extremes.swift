import ShardModel

/// A value far from the others, with its place.
package struct Extreme: Sendable, Equatable {
  package var value: Double
  /// As written.
  package var text: String
  /// Path of the value, `features[3]`.
  package var field: String
  /// Index of the member in the shard, 0 where there are none.
  package var memberOrdinal: UInt64
  package var location: Location

  package init(value: Double, text: String, field: String, memberOrdinal: UInt64, location: Location) {
    self.value = value
    self.text = text
    self.field = field
    self.memberOrdinal = memberOrdinal
    self.location = location
  }

  /// Earlier in the shard.
  fileprivate func precedes(_ other: Extreme) -> Bool {
    if memberOrdinal != other.memberOrdinal { return memberOrdinal < other.memberOrdinal }
    if location.record != other.location.record { return location.record ?? 0 < other.location.record ?? 0 }
    return field < other.field
  }
}

/// The values of one field of one shard that may turn out to be outliers, and how far they are complete.
///
/// Every value below `lowBound` and every value above `highBound` is in the set. So if the final fences lie at or
/// beyond the bounds, the outliers are known without a second read; otherwise the shard is read again.
///
/// Memory: at most `2 * limit` values, whatever the number of records.
package struct Extremes: Sendable, Equatable {
  package static let limit = 1_024

  package private(set) var low: [Extreme] = []
  package private(set) var high: [Extreme] = []
  package private(set) var lowBound = Double.infinity
  package private(set) var highBound = -Double.infinity

  package init() {}

  /// Gives up on values between the bounds. A bound never moves inwards again: what was passed over is gone.
  package mutating func narrow(to fences: ClosedRange<Double>) {
    lowBound = min(lowBound, fences.lowerBound)
    highBound = max(highBound, fences.upperBound)
  }

  /// Whether a value of this size belongs into the set.
  @inline(__always)
  package func accepts(_ value: Double) -> Bool { value > highBound || value < lowBound }

  /// Adds a value that `accepts` accepted.
  /// - Complexity: O(1) amortized; twice the limit is held before it is sorted and cut.
  package mutating func insert(_ extreme: Extreme, limit: Int = Extremes.limit) {
    if extreme.value > highBound {
      high.append(extreme)
      if high.count >= 2 * limit { trimHigh(to: limit) }
    }
    if extreme.value < lowBound {
      low.append(extreme)
      if low.count >= 2 * limit { trimLow(to: limit) }
    }
  }

  /// Drops what is no longer beyond the bounds, and cuts to the limit.
  package mutating func settle(limit: Int = Extremes.limit) {
    high.removeAll { $0.value <= highBound }
    low.removeAll { $0.value >= lowBound }
    trimHigh(to: limit)
    trimLow(to: limit)
  }

  private mutating func trimHigh(to limit: Int) {
    high.sort { $0.value != $1.value ? $0.value > $1.value : $0.precedes($1) }
    guard high.count > limit else { return }
    highBound = max(highBound, high[limit].value)
    high.removeSubrange(limit...)
    high.removeAll { $0.value <= highBound }
  }

  private mutating func trimLow(to limit: Int) {
    low.sort { $0.value != $1.value ? $0.value < $1.value : $0.precedes($1) }
    guard low.count > limit else { return }
    lowBound = min(lowBound, low[limit].value)
    low.removeSubrange(limit...)
    low.removeAll { $0.value >= lowBound }
  }

  /// Joins the sets of two workers or shards.
  package mutating func merge(_ other: Extremes) {
    low += other.low
    high += other.high
    lowBound = min(lowBound, other.lowBound)
    highBound = max(highBound, other.highBound)
    settle()
  }

  /// The values outside the fences.
  package func outside(_ fences: ClosedRange<Double>) -> [Extreme] {
    low.filter { $0.value < fences.lowerBound } + high.filter { $0.value > fences.upperBound }
  }

  /// Whether `outside` can have missed a value.
  package func isComplete(for fences: ClosedRange<Double>) -> Bool {
    fences.lowerBound <= lowBound && fences.upperBound >= highBound
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(lowBound)
    writer.write(highBound)
    for side in [low, high] {
      writer.write(UInt64(side.count))
      for extreme in side {
        writer.write(extreme.value)
        writer.write(extreme.text)
        writer.write(extreme.field)
        writer.write(extreme.memberOrdinal)
        extreme.location.encode(into: &writer)
      }
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    lowBound = try reader.readDouble()
    highBound = try reader.readDouble()
    low = try Self.decodeSide(&reader)
    high = try Self.decodeSide(&reader)
  }

  private static func decodeSide(_ reader: inout ByteReader) throws(DecodingFailure) -> [Extreme] {
    var side: [Extreme] = []
    for _ in 0..<(try reader.readCount(minimumSize: 17)) {
      let value = try reader.readDouble()
      let text = try reader.readString()
      let field = try reader.readString()
      let memberOrdinal = try reader.readUInt64()
      side.append(
        Extreme(
          value: value, text: text, field: field, memberOrdinal: memberOrdinal,
          location: try Location(decoding: &reader)))
    }
    return side
  }
}
