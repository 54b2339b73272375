import CKernels
import CXXHash
import ShardModel

/// Hashes the content of each record of a batch, 128 bits, from the batch's columns.
///
/// Records with the same content have the same hash: the order of keys, white space, the escapes of texts and the
/// spelling of numbers do not count (integers beyond 2^53 count as written, since two of them may share a double).
/// Different contents have different hashes but for a chance of about n^2 / 2^128 among n records; it is no defence
/// against someone who looks for a collision. Fields that were left out while reading do not count.
///
/// The hash of a record is the sum over its values of each value's hash times a key made from its path and place (see
/// `ck_records.h`). Hashes of numbers and texts outside of lists are those that the statistics need as well.
///
/// Memory: 16 bytes a record of the batch; for objects in lists 4 bytes each.
package final class RecordHasher {
  private let isCompared: (@Sendable (String) -> Bool)?
  private var keys: [RecordKeys] = []
  @exclusivity(unchecked) private var sums = Buffer<ck_record_hash>()
  /// Records that are not compared: what was read of them is not what they say, or may be read in two ways.
  private var isExcluded: [Bool] = []
  /// Of each object and list of a field in its record; parallel to the fields, filled for those in lists.
  private var objectOrdinals: [Buffer<UInt32>] = []
  private var listOrdinals: [Buffer<UInt32>] = []
  private var walk = ListWalk()
  private var isWalked = false
  private var plain: [Double] = []

  /// Which comparison the hashes are for; those of different comparisons are never equal.
  package let comparison: UInt64

  /// - Parameters:
  ///   - comparison: 0 for that of whole records.
  ///   - isCompared: whether the field with this path counts; nil where all do.
  package init(comparison: UInt64 = 0, isCompared: (@Sendable (String) -> Bool)? = nil) {
    self.comparison = comparison
    self.isCompared = isCompared
  }

  deinit {
    sums.deallocate()
    walk.deallocate()
    forgetFields()
  }

  package func forgetFields() {
    keys.removeAll()
    for index in objectOrdinals.indices {
      objectOrdinals[index].deallocate()
      listOrdinals[index].deallocate()
    }
    objectOrdinals.removeAll()
    listOrdinals.removeAll()
  }

  /// Prepares for the records of a batch; then each field is added, and `finish` called.
  func begin(_ batch: RecordBatch) {
    addKeys(batch)
    sums.removeAll()
    sums.reserve(batch.records.count)
    sums.base.update(repeating: ck_record_hash(low: 0, high: 0), count: batch.records.count)
    sums.count = batch.records.count
    exclude(batch)
    if comparison == 0 { excludeScalars(batch) }
    walk.forget()
    isWalked = false
    for field in keys.indices where keys[field].isInList {
      let column = batch.columns + field
      Self.count(column.pointee.objects.values, batch, into: &objectOrdinals[field]) { $0 }
      Self.count(column.pointee.lists.values, batch, into: &listOrdinals[field]) { $0.position }
    }
  }

  private func addKeys(_ batch: RecordBatch) {
    for index in keys.count..<batch.fields.count {
      let field = batch.fields[index]
      let isInList = field.role == .element || (field.role == .member && keys[field.parent].isInList)
      keys.append(
        RecordKeys(field, isInList: isInList, isCompared: isCompared?(field.path) ?? !isKey(index, batch)))
      if field.role == .element { keys[field.parent].element = index }
      objectOrdinals.append(Buffer())
      listOrdinals.append(Buffer())
    }
  }

  /// What a sample is called does not make it another one.
  private func isKey(_ field: Int, _ batch: RecordBatch) -> Bool {
    batch.holdsSamples && batch.fields[field].parent == 0 && batch.fields[field].name == "__key__"
  }

  private func exclude(_ batch: RecordBatch) {
    isExcluded.removeAll(keepingCapacity: true)
    isExcluded.append(contentsOf: repeatElement(false, count: batch.records.count))
    for defect in batch.defects where isExcluded.indices.contains(defect.row) {
      switch defect.kind {
      case .malformed, .truncated, .tooLong, .duplicateName, .cellCount, .empty, .memberTwice:
        isExcluded[defect.row] = true
      case .memberUnnamed, .memberUnexpected, .memberCount: break
      case .invalidEncoding:
        // Half surrogates are all read as U+FFFD; other bytes are kept as they are.
        if batch.bytes[Int(defect.position)] == UInt8(ascii: "\\") { isExcluded[defect.row] = true }
      }
    }
  }

  /// A record that is a number or a truth value says too little to be a copy of another one: a file of labels.
  private func excludeScalars(_ batch: RecordBatch) {
    let root = batch.columns[0]
    if root.numberPositions.count == isExcluded.count {
      for row in isExcluded.indices { isExcluded[row] = true }
      return
    }
    for positions in [root.numberPositions, root.trues, root.falses, root.nulls] {
      for position in positions.values { isExcluded[batch.row(at: position)] = true }
    }
  }

  /// Counts values within their records.
  private static func count<Value>(
    _ values: UnsafeBufferPointer<Value>, _ batch: RecordBatch, into ordinals: inout Buffer<UInt32>,
    position: (Value) -> UInt32
  ) {
    ordinals.removeAll()
    ordinals.reserve(values.count)
    var row = 0
    var countedRow = -1
    var ordinal: UInt32 = 0
    for value in values {
      let position = position(value)
      while row + 1 < batch.records.count, batch.records[row + 1].offset <= position { row += 1 }
      if row != countedRow { ordinal = 0 }
      countedRow = row
      ordinals.append(ordinal)
      ordinal &+= 1
    }
  }

  // MARK: Values

  /// Adds the numbers of a field that is no list's elements, by the hashes of their values.
  func addNumbers(_ field: Int, hashes: UnsafeBufferPointer<UInt64>, _ batch: RecordBatch) {
    // Copied once, not once a value.
    let keys = keys[field]
    guard keys.isCompared else { return }
    let column = batch.columns + field
    let positions = column.pointee.numberPositions
    let count = min(hashes.count, positions.count)
    if keys.isInList {
      var places = places(of: field, batch)
      for index in 0..<count {
        let (row, place) = places.next(positions[index])
        ck_record_add_word(sums.base + row, hashes[index], keys.key(.number, place: place))
      }
    } else {
      ck_records_add_words(
        sums.base, batch.records.base, batch.records.count, positions.base, MemoryLayout<UInt32>.stride,
        hashes.baseAddress, count, keys.single(.number))
    }
  }

  /// Adds the texts of a field by their XXH3-128.
  func addTexts(
    _ field: Int, low: UnsafeBufferPointer<UInt64>, high: UnsafeBufferPointer<UInt64>, _ batch: RecordBatch
  ) {
    let keys = keys[field]
    guard keys.isCompared else { return }
    let texts = batch.columns[field].texts
    let count = min(texts.count, low.count, high.count)
    if keys.isInList {
      var places = places(of: field, batch)
      for index in 0..<count {
        // The quote, where the value begins: only JSON has lists.
        let (row, place) = places.next(texts[index].offset &- 1)
        ck_record_add_pair(sums.base + row, low[index], high[index], keys.key(.text, place: place))
      }
    } else {
      ck_records_add_pairs(
        sums.base, batch.records.base, batch.records.count, texts.base, MemoryLayout<TextView>.stride,
        low.baseAddress, high.baseAddress, count, keys.single(.text))
    }
  }

  /// Adds everything else that the field has: nulls, booleans, objects, and lists with their numbers.
  func addRest(_ field: Int, _ batch: RecordBatch) {
    let column = batch.columns + field
    if column.pointee.lists.count > 0 { addLists(field, batch) }
    guard keys[field].isCompared else { return }
    // Where single fields are compared, nothing is not the same as nothing.
    if comparison == 0 { addConstants(.null, column.pointee.nulls.values, field, batch) }
    addConstants(.yes, column.pointee.trues.values, field, batch)
    addFiles(column.pointee.blobs.values, field, batch)
    addFiles(column.pointee.files.values, field, batch)
    addConstants(.no, column.pointee.falses.values, field, batch)
    // That a record is an object follows from its members.
    if batch.fields[field].role != .root {
      addConstants(.object, column.pointee.objects.values, field, batch)
    }
  }

  /// Adds files by their content.
  /// - Complexity: O(bytes of the files), at the speed of memory.
  private func addFiles(_ files: UnsafeBufferPointer<BlobView>, _ field: Int, _ batch: RecordBatch) {
    let key = keys[field].single(.file)
    for file in files {
      let hash = xxh128_long(batch.bytes + Int(file.offset), Int(file.length))
      ck_record_add_pair(sums.base + batch.row(at: file.position), hash.low64, hash.high64, key)
    }
  }

  private func addConstants(
    _ kind: RecordKeys.Kind, _ positions: UnsafeBufferPointer<UInt32>, _ field: Int, _ batch: RecordBatch
  ) {
    guard positions.count > 0 else { return }
    let keys = keys[field]
    if keys.isInList {
      var places = places(of: field, batch)
      for position in positions {
        let (row, place) = places.next(position)
        ck_record_add_word(sums.base + row, 1, keys.key(kind, place: place))
      }
    } else {
      ck_records_add_constant(
        sums.base, batch.records.base, batch.records.count, positions.baseAddress,
        MemoryLayout<UInt32>.stride, positions.count, keys.single(kind))
    }
  }

  // MARK: Lists

  /// Adds each list: how many elements it has, and its numbers in their order.
  private func addLists(_ field: Int, _ batch: RecordBatch) {
    let listKeys = keys[field]
    let element = listKeys.element
    guard listKeys.isCompared || element.map({ keys[$0].isCompared }) ?? false else { return }
    let lists = batch.columns[field].lists.values
    var numbers = UnsafeBufferPointer<Double>(start: nil, count: 0)
    if let element { numbers = batch.columns[element].numbers.values }
    let hasNegativeZero = ck_has_negative_zero(numbers.baseAddress, numbers.count) != 0
    var places = places(of: field, batch)
    for index in lists.indices {
      let start = Int(lists[index].firstNumber)
      let end = index + 1 < lists.count ? Int(lists[index + 1].firstNumber) : numbers.count
      var hash = XXH128_hash_t(low64: 0, high64: 0)
      if start < end, end <= numbers.count {
        hash = Self.hash(
          UnsafeBufferPointer(rebasing: numbers[start..<end]), hasNegativeZero: hasNegativeZero, &plain)
      }
      let count = ck_mix64(UInt64(lists[index].count) &+ 0x9E37_79B9_7F4A_7C15)
      let (row, place) = places.next(lists[index].position)
      ck_record_add_pair(
        sums.base + row, hash.low64 &+ count, hash.high64 ^ count, listKeys.key(.list, place: place))
    }
    if let element, batch.columns[element].exceptions.count > 0 { addLongIntegers(element, batch) }
  }

  private static func hash(
    _ numbers: UnsafeBufferPointer<Double>, hasNegativeZero: Bool, _ plain: inout [Double]
  ) -> XXH128_hash_t {
    guard hasNegativeZero else { return xxh128_long(numbers.baseAddress, numbers.count &* 8) }
    plain.removeAll(keepingCapacity: true)
    for number in numbers { plain.append(number + 0.0) }
    return xxh128_long(plain, plain.count &* 8)
  }

  /// Adds what the doubles of a list do not tell of its integers beyond 2^53: their texts.
  private func addLongIntegers(_ element: Int, _ batch: RecordBatch) {
    let column = batch.columns + element
    let exceptions = column.pointee.exceptions.values
    let lists = batch.columns[batch.fields[element].parent].lists
    guard lists.count > 0, exceptions.contains(where: { $0.kind == .largeInteger }) else { return }
    walkLists(batch)
    let parent = batch.fields[element].parent
    var list = 0
    var places = places(of: parent, batch)
    var (row, place) = places.next(lists[0].position)
    for exception in exceptions where exception.kind == .largeInteger {
      while list + 1 < lists.count, lists[list + 1].firstNumber <= exception.index {
        list += 1
        (row, place) = places.next(lists[list].position)
      }
      let ordinal = exception.index &- lists[list].firstNumber
      guard let integer = walk.integer(list: lists[list].position, ordinal: ordinal) else { continue }
      let hash = XXH3_128bits(batch.bytes + Int(integer.position), Int(integer.length))
      let key = keys[element].key(.longInteger, place: ck_mix64(place) &+ UInt64(ordinal))
      ck_record_add_pair(sums.base + row, hash.low64, hash.high64, key)
    }
  }

  private func places(of field: Int, _ batch: RecordBatch) -> ValuePlaces {
    let (role, parent) = (batch.fields[field].role, keys[field].parent)
    let ordinals = role == .element ? listOrdinals[parent] : objectOrdinals[parent]
    let isMixed = role == .element && batch.columns[field].hasSeveralKinds
    if isMixed { walkLists(batch) }
    // Safe: neither is changed while the places are in use.
    return ValuePlaces(
      of: field, in: batch, ordinals: keys[parent].isInList ? UnsafePointer(ordinals.base) : nil,
      elements: isMixed ? walk.positions : nil)
  }

  private func walkLists(_ batch: RecordBatch) {
    guard !isWalked else { return }
    isWalked = true
    for row in 0..<batch.records.count where !isExcluded[row] {
      for extent in batch.format.jsonExtents(ofRow: row, in: batch) { walk.add(extent, of: batch) }
    }
    walk.finish()
  }

  /// The hashes of the batch's records, valid until the next `begin`; both halves are 0 for a record that is not compared.
  ///
  /// Not compared are records with a defect of form (also a name twice: loaders disagree about them), those without
  /// any value that counts, and all of a batch with values beyond the limit of fields, which nobody has looked at.
  package func finish(_ batch: RecordBatch) -> UnsafeBufferPointer<ck_record_hash> {
    let isBlind = batch.valuesBeyondFieldLimit > 0
    for row in 0..<sums.count {
      let sum = sums[row]
      if isBlind || isExcluded[row] || (sum.low == 0 && sum.high == 0) {
        sums[row] = ck_record_hash(low: 0, high: 0)
      } else {
        let (low, high) = (ck_mix64(sum.low &+ comparison), ck_mix64(sum.high &+ comparison))
        sums[row] = ck_record_hash(low: low == 0 && high == 0 ? 1 : low, high: high)
      }
    }
    return sums.values
  }
}

extension Column {
  /// Whether a list of these elements may hold values of several types.
  fileprivate var hasSeveralKinds: Bool {
    let counts = [
      numbers.count, texts.count, lists.count, objects.count, nulls.count, trues.count, falses.count,
    ]
    return counts.count { $0 > 0 } > 1
  }
}
