/// How the numbers of a field, or the lengths of its texts or lists, lie in the shards one after the other.
///
/// At most `slotLimit` slots, each for equally many shards that follow each other by name; memory some kilobytes a field.
package struct ShardSpread: Sendable, Equatable {
  package static let slotLimit = 64

  /// A shard, or several: then the quartiles are the outermost ones, so that the odd one of them shows.
  package struct Slot: Sendable, Equatable {
    /// Name of the first shard.
    package var first: String
    package var shards: Int
    /// Least first quartile, least and greatest median, greatest third quartile; nil where no shard has a value.
    package var lowerQuartile: Double?
    package var leastMedian: Double?
    package var greatestMedian: Double?
    package var upperQuartile: Double?
    /// Values that are NaN or infinite.
    package var notFinite: UInt64 = 0

    package init(first: String) {
      self.first = first
      shards = 0
    }
  }

  package var slots: [Slot] = []

  package init() {}

  /// Adds the next shard; `index` of `total` shards.
  ///
  /// - Parameter quartiles: Three finite values in rising order, or none.
  package mutating func add(
    _ name: String, index: Int, of total: Int, quartiles: [Double], notFinite: UInt64
  ) {
    let width = max(1, (total + Self.slotLimit - 1) / Self.slotLimit)
    let place = index / width
    guard place >= 0, place < Self.slotLimit else { return }
    // Shards without the field leave their slots empty.
    while slots.count <= place { slots.append(Slot(first: slots.count == place ? name : "")) }
    if slots[place].shards == 0 { slots[place].first = name }
    slots[place].shards += 1
    slots[place].notFinite &+= notFinite
    guard quartiles.count == 3 else { return }
    slots[place].lowerQuartile = min(slots[place].lowerQuartile ?? quartiles[0], quartiles[0])
    slots[place].leastMedian = min(slots[place].leastMedian ?? quartiles[1], quartiles[1])
    slots[place].greatestMedian = max(slots[place].greatestMedian ?? quartiles[1], quartiles[1])
    slots[place].upperQuartile = max(slots[place].upperQuartile ?? quartiles[2], quartiles[2])
  }

  /// Adds the empty slots of shards at the end that do not have the field.
  package mutating func close(of total: Int) {
    let width = max(1, (total + Self.slotLimit - 1) / Self.slotLimit)
    while slots.count * width < total { slots.append(Slot(first: "")) }
  }
}
