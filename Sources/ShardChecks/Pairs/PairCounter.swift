import CKernels
import ShardModel
import ShardRules
import ShardSketches

/// Takes the statistics of the pairs of batches; one belongs to one reader.
package final class PairCounter {
  private var profile = PairProfile()
  private let characters = QuantileTable()
  private let words = QuantileTable()
  private let imagesPerRecord = QuantileTable()
  @exclusivity(unchecked) private var lengths = LengthColumn()
  @exclusivity(unchecked) private var wordCounts = LengthColumn()

  package init() {}

  deinit {
    lengths.values.deallocate()
    wordCounts.values.deallocate()
  }

  /// - Complexity: O(records, captions, turns and tags of the batch).
  package func observe(_ pairs: PairExtractor) {
    guard pairs.isActive else { return }
    var shapes = RunCounts()
    var captionFields = RunCounts()
    var imageFields = RunCounts()
    var (withoutImage, withoutText, boxes): (UInt64, UInt64, UInt64) = (0, 0, 0)
    lengths.removeAll()
    lengths.values.reserve(pairs.records.count)
    for index in 0..<pairs.records.count {
      let record = pairs.records.base + index
      guard let shape = record.pointee.shape else { continue }
      shapes.add(shape.ordinal)
      lengths.append(UInt64(truncatingIfNeeded: record.pointee.images.count))
      if record.pointee.images.count == 0 { withoutImage &+= 1 }
      if shape.hasTurns {
        if record.pointee.turns.count == 0 { withoutText &+= 1 }
        if record.pointee.isTagged { boxes &+= self.boxes(of: record.pointee, pairs) }
      } else {
        if hasNoText(record.pointee.caption, pairs) { withoutText &+= 1 }
        if record.pointee.captionField >= 0 { captionFields.add(record.pointee.captionField) }
        if record.pointee.imageField >= 0 { imageFields.add(record.pointee.imageField) }
      }
    }
    guard !lengths.values.isEmpty else { return }
    shapes.finish { profile.add(PairShape.allCases[$0], $1) }
    profile.withoutImage += withoutImage
    profile.withoutText += withoutText
    profile.boxes += boxes
    profile.imagesPerRecord.merge(lengths.add(to: imagesPerRecord))
    profile.images += UInt64(pairs.images.count)
    profile.turns += UInt64(pairs.turns.count)
    captionFields.finish { profile.captionFields[pairs.batch.fields[$0].path, default: 0] += $1 }
    imageFields.finish { profile.imageFields[pairs.batch.fields[$0].path, default: 0] += $1 }
    profile.captions += UInt64(pairs.captions.count)
    addLengths(of: pairs)
  }

  private func addLengths(of pairs: PairExtractor) {
    guard !pairs.captions.isEmpty else { return }
    let captions = pairs.captions.values
    lengths.removeAll()
    wordCounts.removeAll()
    lengths.values.reserve(captions.count)
    wordCounts.values.reserve(captions.count)
    for caption in captions where !caption.isNull {
      lengths.append(UInt64(caption.text.characters))
      wordCounts.append(caption.marks.words)
    }
    profile.characters.merge(lengths.add(to: characters))
    profile.words.merge(wordCounts.add(to: words))
  }

  private func hasNoText(_ caption: Int32, _ pairs: PairExtractor) -> Bool {
    guard caption >= 0 else { return true }
    guard pairs.captionExtent.hasBlank else { return false }
    return pairs.captions[Int(caption)].isNull || pairs.captions[Int(caption)].marks.isBlank
  }

  private func boxes(of record: PairRecord, _ pairs: PairExtractor) -> UInt64 {
    var count: UInt64 = 0
    for turn in pairs.turns.values[record.turns.indices] {
      for tag in pairs.tags.values[turn.tags.indices] where tag.kind == .box && tag.isClosing { count += 1 }
    }
    return count
  }

  /// What was counted since the last call.
  package func drain() -> PairProfile {
    var result = profile
    result.characters.merge(LengthTally(sketch: characters.snapshot()))
    result.words.merge(LengthTally(sketch: words.snapshot()))
    result.imagesPerRecord.merge(LengthTally(sketch: imagesPerRecord.snapshot()))
    for table in [characters, words, imagesPerRecord] { table.reset() }
    profile = PairProfile()
    return result
  }
}

/// Lengths of one batch on their way into a table, with what needs none taken as they come.
private struct LengthColumn {
  var values = Buffer<Double>()
  private var sum: UInt64 = 0
  private var least = UInt64.max
  private var most: UInt64 = 0
  private var leastAboveZero = UInt64.max

  mutating func removeAll() {
    let emptied = values
    self = LengthColumn()
    values = emptied
    values.removeAll()
  }

  @inline(__always)
  mutating func append(_ length: UInt64) {
    sum &+= length
    least = min(least, length)
    most = max(most, length)
    leastAboveZero = min(leastAboveZero, length == 0 ? UInt64.max : length)
    values.append(Double(length))
  }

  /// Adds the values to the table and returns what is not in it.
  func add(to table: QuantileTable) -> LengthTally {
    guard !values.isEmpty else { return LengthTally() }
    let magnitude = leastAboveZero == UInt64.max ? Double.infinity : Double(leastAboveZero)
    table.add(
      values.values,
      summary: ck_summary(
        sum: Double(sum), min: Double(least), max: Double(most), min_magnitude: magnitude))
    return LengthTally(sum: sum, least: least, most: most)
  }
}

/// Counts small numbers that hardly change from one record to the next.
private struct RunCounts {
  private var counts: [Int32: UInt64] = [:]
  private var last: Int32 = -1
  private var run: UInt64 = 0

  @inline(__always)
  mutating func add(_ field: Int32) {
    if field != last { settle(field) }
    run &+= 1
  }

  @inline(never)
  private mutating func settle(_ next: Int32) {
    if run > 0 { counts[last, default: 0] += run }
    last = next
    run = 0
  }

  mutating func finish(_ body: (Int, UInt64) -> Void) {
    settle(-1)
    for (field, count) in counts { body(Int(field), count) }
  }
}

extension PairShape {
  /// The place in `allCases`.
  fileprivate var ordinal: Int32 {
    switch self {
    case .metadata: 0
    case .llava: 1
    case .qwenVL: 2
    case .messages: 3
    case .imageList: 4
    case .internVL: 5
    case .webDataset: 6
    case .conversation: 7
    }
  }
}
