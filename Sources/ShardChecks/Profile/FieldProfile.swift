import ShardModel
import ShardSketches

/// Mergeable statistics of one field of one shard, or of many.
package struct FieldProfile: Sendable, Equatable {
  package var role: Field.Role
  /// Path of the object or list that holds the field; of itself for the root.
  package var parent: String
  /// `missing` stays 0: it follows from the parent's objects.
  package var counts = TypeCounts()
  /// Values beyond the first of the same name in one object.
  package var duplicates: UInt64 = 0
  /// Objects that could have the field, in shards where at least one has it; of the root, samples in shards where at
  /// least one has a picture.
  package var owners: UInt64 = 0
  /// Whether any value came from a format without types (CSV).
  package var isUntyped = false
  /// Whether any value came from a member of a sample.
  package var isMember = false
  package var numbers = NumberProfile()
  package var characters = NumberProfile()
  /// Bytes of the texts as written.
  package var textBytes: UInt64 = 0
  package var lengths = NumberProfile()
  package var trues: UInt64 = 0
  /// Untyped cells that are NaN, infinite, or beyond the training type.
  package var notFinite: UInt64 = 0
  /// Of the root: samples without a picture.
  package var withoutPicture: UInt64 = 0
  package var distinct = DistinctSketch()
  package var top = TopValues()
  /// How many values of each kind are written down, one by one, with their places.
  package var listed = KindCounts()
  package var extremes = Extremes()
  package var vectors = VectorProfile()
  /// Shards by the scale of the field in them; filled when a shard is closed.
  package var scales: [ScaleClass: ScaleTally] = [:]

  package init(role: Field.Role, parent: String) {
    self.role = role
    self.parent = parent
  }

  /// Values of any type, null included.
  package var occurrences: UInt64 { counts.present + counts.null }

  /// Whether the field is one of numbers, so that its scale means something.
  package var isNumeric: Bool { counts.number * 2 > counts.present }

  package var isWhole: Bool { counts.integer == counts.number }

  package var scaleClass: ScaleClass? { isNumeric ? ScaleClass(of: numbers, isWhole: isWhole) : nil }

  /// Counts this shard for its scale.
  mutating func closeScale() {
    guard let scale = scaleClass else { return }
    var tally = ScaleTally()
    tally.shards = 1
    tally.values = numbers.moments.count
    tally.whole = isWhole ? 1 : 0
    let size = ScaleStatistics(inner: numbers).size
    tally.least = size
    tally.most = size
    scales = [scale: tally]
  }

  /// Adds what was seen later in the data.
  package mutating func merge(_ later: FieldProfile) {
    counts.merge(later.counts)
    duplicates += later.duplicates
    owners += later.owners
    isUntyped = isUntyped || later.isUntyped
    isMember = isMember || later.isMember
    numbers.merge(later.numbers)
    characters.merge(later.characters)
    textBytes += later.textBytes
    lengths.merge(later.lengths)
    trues += later.trues
    notFinite += later.notFinite
    withoutPicture += later.withoutPicture
    distinct.merge(later.distinct)
    top.merge(later.top)
    listed.merge(later.listed)
    extremes.merge(later.extremes)
    vectors.merge(later.vectors)
    for (scale, tally) in later.scales { scales[scale, default: ScaleTally()].merge(tally) }
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(role.rawValue)
    writer.write(parent)
    counts.encode(into: &writer)
    writer.write(duplicates)
    writer.write(owners)
    writer.write(isUntyped)
    writer.write(isMember)
    // Most fields have one type: the others cost a byte.
    let parts: UInt8 =
      (numbers.isEmpty ? 0 : 1) | (characters.isEmpty ? 0 : 2) | (lengths.isEmpty ? 0 : 4)
      | (vectors.isEmpty ? 0 : 8) | (scales.isEmpty ? 0 : 16)
    writer.write(parts)
    if !numbers.isEmpty { numbers.encode(into: &writer) }
    if !characters.isEmpty { characters.encode(into: &writer) }
    if !lengths.isEmpty { lengths.encode(into: &writer) }
    if !vectors.isEmpty { vectors.encode(into: &writer) }
    if !scales.isEmpty { ScaleTally.encode(scales, into: &writer) }
    writer.write(textBytes)
    writer.write(trues)
    writer.write(notFinite)
    writer.write(withoutPicture)
    distinct.encode(into: &writer)
    top.encode(into: &writer)
    listed.encode(into: &writer)
    extremes.encode(into: &writer)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    guard let role = Field.Role(rawValue: try reader.readUInt8()) else {
      throw DecodingFailure("unknown role")
    }
    self.init(role: role, parent: try reader.readString())
    counts = try TypeCounts(decoding: &reader)
    duplicates = try reader.readTally()
    owners = try reader.readTally()
    isUntyped = try reader.readBool()
    isMember = try reader.readBool()
    let parts = try reader.readUInt8()
    if parts & 1 != 0 { numbers = try NumberProfile(decoding: &reader) }
    if parts & 2 != 0 { characters = try NumberProfile(decoding: &reader) }
    if parts & 4 != 0 { lengths = try NumberProfile(decoding: &reader) }
    if parts & 8 != 0 { vectors = try VectorProfile(decoding: &reader) }
    if parts & 16 != 0 { scales = try ScaleTally.decode(&reader) }
    textBytes = try reader.readTally()
    trues = try reader.readTally()
    notFinite = try reader.readTally()
    withoutPicture = try reader.readTally()
    guard counts.integer <= counts.number, trues <= counts.boolean else {
      throw DecodingFailure("a part is larger than the whole")
    }
    distinct = try DistinctSketch(decoding: &reader)
    top = try TopValues(decoding: &reader)
    listed = try KindCounts(decoding: &reader)
    extremes = try Extremes(decoding: &reader)
  }
}

extension TypeCounts {
  package mutating func merge(_ other: TypeCounts) {
    number += other.number
    integer += other.integer
    text += other.text
    boolean += other.boolean
    object += other.object
    list += other.list
    picture += other.picture
    file += other.file
    null += other.null
  }

  func encode(into writer: inout ByteWriter) {
    for count in [number, integer, text, boolean, object, list, picture, file, null] { writer.write(count) }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init()
    number = try reader.readTally()
    integer = try reader.readTally()
    text = try reader.readTally()
    boolean = try reader.readTally()
    object = try reader.readTally()
    list = try reader.readTally()
    picture = try reader.readTally()
    file = try reader.readTally()
    null = try reader.readTally()
  }
}
