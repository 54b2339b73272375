import ShardModel

/// The shards in which a field has one scale class: how many they are, and how large the field is in them.
package struct ScaleTally: Sendable, Equatable {
  package var shards: UInt64 = 0
  package var values: UInt64 = 0
  /// Those of the shards in which all numbers are whole.
  package var whole: UInt64 = 0
  /// The least and the greatest size of the field in a shard (`ScaleStatistics.size`).
  package var least = Double.infinity
  package var most = 0.0

  package init() {}

  package mutating func merge(_ other: ScaleTally) {
    shards += other.shards
    values += other.values
    whole += other.whole
    least = min(least, other.least)
    most = max(most, other.most)
  }

  static func encode(_ scales: [ScaleClass: ScaleTally], into writer: inout ByteWriter) {
    writer.write(UInt64(scales.count))
    for scale in ScaleClass.allCases {
      guard let tally = scales[scale] else { continue }
      writer.write(scale.rawValue)
      writer.write(tally.shards)
      writer.write(tally.values)
      writer.write(tally.whole)
      writer.write(tally.least)
      writer.write(tally.most)
    }
  }

  static func decode(_ reader: inout ByteReader) throws(DecodingFailure) -> [ScaleClass: ScaleTally] {
    var scales: [ScaleClass: ScaleTally] = [:]
    for _ in 0..<(try reader.readCount(minimumSize: 20)) {
      guard let scale = ScaleClass(rawValue: try reader.readUInt8()) else {
        throw DecodingFailure("unknown scale")
      }
      var tally = ScaleTally()
      tally.shards = try reader.readTally()
      tally.values = try reader.readTally()
      tally.whole = try reader.readTally()
      tally.least = try reader.readDouble()
      tally.most = try reader.readDouble()
      guard tally.most >= 0, tally.least >= 0 else { throw DecodingFailure("scale out of range") }
      scales[scale] = tally
    }
    return scales
  }
}
