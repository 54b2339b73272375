import ShardModel

/// The most frequent values of a field with their texts, mergeable in order.
///
/// No true count exceeds `count + error`, none is below `count`, and a value that is not listed has at most `error`.
/// Merging follows Agarwal et al. 2012, "Mergeable summaries": counts are added, then the 65th largest is taken
/// from all, which keeps the error of n values within n/65, plus one for each chunk that left out values seen once.
/// Memory: 64 entries and their texts.
package struct TopValues: Sendable, Equatable {
  /// A value that is listed.
  package struct Entry: Sendable, Equatable {
    package var hash: UInt64
    package var text: String
    package var count: UInt64

    package init(hash: UInt64, text: String, count: UInt64) {
      self.hash = hash
      self.text = text
      self.count = count
    }
  }

  /// The listed values by falling count, then by hash; at most `TopValuesTable.capacity`.
  package private(set) var entries: [Entry] = []
  /// How much a count may be too low, and the most that a value that is not listed was seen.
  package private(set) var error: UInt64 = 0

  /// A stored state may not claim more, so sums of states stay far from overflow.
  static let maximumCount: UInt64 = 1 << 53

  /// The state of no values.
  package init() {}

  /// The state of one chunk, from what `TopValuesTable.finish` returned.
  ///
  /// Where counts are not exact, values seen once are left out, so that no text is made for the many values of a
  /// field that hardly repeats.
  /// - Parameter text: Gives the text of the value with an index; called only for values that are listed.
  package init(chunk: (entries: [TopValuesTable.Entry], error: UInt64), text: (UInt32) -> String) {
    error = chunk.error
    let listed = chunk.error == 0 ? chunk.entries : chunk.entries.filter { $0.count > 1 }
    if listed.count < chunk.entries.count { error += 1 }
    entries = listed.map { Entry(hash: $0.hash, text: text($0.index), count: $0.count) }
    sort()
  }

  /// Whether all values are listed with their exact counts.
  package var isExact: Bool { error == 0 }

  /// Adds the values of a state that follows this one.
  ///
  /// - Complexity: O(1): at most 64 entries each.
  package mutating func merge(_ other: TopValues) {
    error &+= other.error
    guard !other.entries.isEmpty else { return }
    var places = PlaceTable()
    for (place, entry) in entries.enumerated() { places.insert(entry.hash, place: place) }
    for entry in other.entries {
      if let place = places.place(of: entry.hash) {
        entries[place].count &+= entry.count
      } else {
        entries.append(entry)
      }
    }
    sort()
    guard entries.count > TopValuesTable.capacity else { return }
    let cut = entries[TopValuesTable.capacity].count
    error &+= cut
    entries.removeSubrange(TopValuesTable.capacity...)
    entries.removeAll { $0.count <= cut }
    for place in entries.indices { entries[place].count -= cut }
  }

  /// Sorts small keys instead of entries, whose texts cost a retain at each move.
  private mutating func sort() {
    var keys = entries.enumerated().map { (count: $1.count, hash: $1.hash, place: $0) }
    keys.sort { ($1.count, $0.hash) < ($0.count, $1.hash) }
    entries = keys.map { entries[$0.place] }
  }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    (right.count, left.hash) < (left.count, right.hash)
  }
}

extension TopValues {
  package func encode(into writer: inout ByteWriter) {
    writer.write(error)
    writer.write(UInt64(entries.count))
    for entry in entries {
      writer.writeFixed(entry.hash)
      writer.write(entry.count)
      writer.write(entry.text)
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    error = try reader.readUInt64()
    // A hash, a count and the length of a text.
    let size = try reader.readCount(minimumSize: 10)
    guard error <= Self.maximumCount, size <= TopValuesTable.capacity
    else { throw DecodingFailure("too many frequent values") }
    var hashes: Set<UInt64> = []
    for _ in 0..<size {
      let hash = try reader.readFixed()
      let count = try reader.readUInt64()
      let entry = Entry(hash: hash, text: try reader.readString(), count: count)
      guard count > 0, count <= Self.maximumCount, hashes.insert(hash).inserted,
        entries.last.map({ Self.precedes($0, entry) }) ?? true
      else { throw DecodingFailure("frequent values out of order") }
      entries.append(entry)
    }
  }
}

/// Finds the place of a listed value by its hash; a dictionary would hash the hashes again for each merge.
private struct PlaceTable {
  /// Four slots for each of at most 64 hashes.
  private var slots = [(hash: UInt64, place: Int)](repeating: (0, -1), count: 4 * TopValuesTable.capacity)

  mutating func insert(_ hash: UInt64, place: Int) { slots[slot(of: hash)] = (hash, place) }

  func place(of hash: UInt64) -> Int? {
    let place = slots[slot(of: hash)].place
    return place < 0 ? nil : place
  }

  /// The slot that holds a hash or would; there is always a free one.
  private func slot(of hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot].place >= 0, slots[slot].hash != hash { slot = (slot + 1) & mask }
    return slot
  }
}
