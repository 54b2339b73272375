import CKernels
import CXXHash
import ShardModel
import ShardSketches

/// What depends on the order of chunks, from one chunk: merged in that order by whoever owns the shard.
package struct ChunkProfile: Sendable {
  package struct Part: Sendable {
    package var path: String
    package var role: Field.Role
    package var parent: String
    package var numbers = Moments()
    package var characters = Moments()
    package var lengths = Moments()
    package var top = TopValues()
    package var vectors = VectorProfile()
  }

  package var parts: [Part] = []

  package init() {}
}

/// Facts about the numbers of one column of the current batch, for checks.
package struct NumberFacts {
  /// Of the finite values.
  package var summary = ck_summary()
  package var finite = 0

  package init() {}

  init(summary: ck_summary, finite: Int) {
    self.summary = summary
    self.finite = finite
  }
}

/// Takes the statistics of batches: the columnar loops of a scan. One profiler belongs to one worker.
package final class Profiler {
  let settings: CheckSettings
  var accumulators: [FieldAccumulator] = []
  private let topValues = TopValuesTable()
  let vectorObserver = VectorObserver()
  var boxFields: BoxFields
  // Written once a value, by one thread: a dynamic check of exclusive access would cost as much as the work.
  @exclusivity(unchecked) private var finite = Buffer<Double>()
  @exclusivity(unchecked) private var hashes = Buffer<UInt64>()
  /// The high halves of the hashes of texts.
  @exclusivity(unchecked) private var highHashes = Buffer<UInt64>()
  private var valuesBeyondFieldLimit: UInt64 = 0
  /// Parallel to the batch's fields; of the batch that was observed last.
  package private(set) var facts: [NumberFacts] = []

  /// What hashes records, once for each way in which they are compared with each other.
  package let records: [RecordHasher]

  package init(settings: CheckSettings, records: [RecordHasher] = []) {
    self.settings = settings
    self.records = records
    boxFields = BoxFields(settings.rules)
  }

  deinit {
    finite.deallocate()
    hashes.deallocate()
    highHashes.deallocate()
  }

  /// Takes in one batch; writes down what a verdict at the end may need.
  /// - Complexity: O(values); no allocation for a value that is not written down, top values excepted.
  package func observe(_ batch: RecordBatch, _ locator: Locator, _ findings: inout ChunkFindings)
    -> ChunkProfile
  {
    let columns = batch.columns
    while accumulators.count < batch.fields.count { accumulators.append(FieldAccumulator()) }
    if facts.count < batch.fields.count {
      facts += Array(repeating: NumberFacts(), count: batch.fields.count - facts.count)
    }
    valuesBeyondFieldLimit += UInt64(batch.valuesBeyondFieldLimit)
    boxFields.look(at: batch.fields)
    var result = ChunkProfile()
    for hasher in records { hasher.begin(batch) }
    for field in 0..<batch.fields.count {
      facts[field].finite = 0
      guard columns[field].count > 0 else { continue }
      var part = observe(field, batch, locator, &findings)
      if batch.fields[field].role == .element, columns[field].numbers.count > 0 {
        part.vectors = observeVectors(field, batch, locator, &findings)
      }
      result.parts.append(part)
      for hasher in records { hasher.addRest(field, batch) }
    }
    let duplicates = countDuplicates(batch)
    listRare(batch, duplicates, locator, &findings)
    return result
  }

  private func observe(
    _ field: Int, _ batch: RecordBatch, _ locator: Locator, _ findings: inout ChunkFindings
  ) -> ChunkProfile.Part {
    let column = batch.columns + field
    let accumulator = accumulators[field]
    var part = ChunkProfile.Part(
      path: batch.fields[field].path, role: batch.fields[field].role,
      parent: batch.fields[batch.fields[field].parent].path)
    count(column, accumulator, batch)
    if batch.holdsSamples, field > 0, batch.fields[field].parent == 0 { accumulator.isMember = true }
    let hasTop = column.pointee.texts.count > 0 || hasHashes(field, batch)
    if hasTop { topValues.reset() }
    if column.pointee.numbers.count > 0 {
      part.numbers = observeNumbers(field, batch, accumulator, locator)
    }
    if column.pointee.texts.count > 0 {
      part.characters = observeTexts(column, accumulator, batch)
      for hasher in records { hasher.addTexts(field, low: hashes.values, high: highHashes.values, batch) }
    }
    if column.pointee.lists.count > 0 {
      part.lengths = observeLists(column, accumulator)
    }
    if hasTop { part.top = topOf(column, batch, locator) }
    return part
  }

  private func count(
    _ column: UnsafeMutablePointer<Column>, _ accumulator: FieldAccumulator, _ batch: RecordBatch
  ) {
    accumulator.counts.number += UInt64(column.pointee.numbers.count)
    accumulator.counts.integer += UInt64(column.pointee.integers)
    accumulator.counts.text += UInt64(column.pointee.texts.count)
    accumulator.counts.boolean += UInt64(column.pointee.trues.count + column.pointee.falses.count)
    accumulator.trues += UInt64(column.pointee.trues.count)
    accumulator.counts.object += UInt64(column.pointee.objects.count)
    accumulator.counts.list += UInt64(column.pointee.lists.count)
    accumulator.counts.picture += UInt64(column.pointee.blobs.count)
    accumulator.counts.file += UInt64(column.pointee.files.count)
    accumulator.counts.null += UInt64(column.pointee.nulls.count)
    if batch.isUntyped { accumulator.isUntyped = true }
  }

  /// Whether the numbers of a field are counted by value: not those of lists, which are many and have no names.
  private func hasHashes(_ field: Int, _ batch: RecordBatch) -> Bool {
    batch.columns[field].numbers.count > 0 && batch.fields[field].role != .element
  }

  // MARK: Numbers

  private func observeNumbers(
    _ field: Int, _ batch: RecordBatch, _ accumulator: FieldAccumulator, _ locator: Locator
  ) -> Moments {
    let column = batch.columns + field
    let numbers = accumulator.numbers ?? NumberAccumulator()
    accumulator.numbers = numbers
    var values = column.pointee.numbers.values
    if column.pointee.exceptions.count > 0 { values = finiteValues(column, numbers) }
    var summary = ck_summary()
    ck_summarize(values.baseAddress, values.count, &summary)
    facts[field] = NumberFacts(summary: summary, finite: values.count)
    var moments = Moments()
    if values.count > 0 {
      moments = numbers.add(values, summary: summary)
      accumulator.finite += UInt64(values.count)
      if settings.outliers != .none {
        accumulator.narrowExtremes(by: settings.outliers)
        if accumulator.extremes.accepts(summary.min) || accumulator.extremes.accepts(summary.max) {
          insertExtremes(field, batch, accumulator, locator)
        }
      }
    }
    if hasHashes(field, batch) {
      hashNumbers(column, batch)
      accumulator.distinct.add(hashes: hashes.values)
      topValues.add(hashes: hashes.values)
      for hasher in records { hasher.addNumbers(field, hashes: hashes.values, batch) }
    }
    return moments
  }

  /// The column without NaN and infinities, which are counted.
  private func finiteValues(
    _ column: UnsafeMutablePointer<Column>, _ numbers: NumberAccumulator
  ) -> UnsafeBufferPointer<Double> {
    finite.removeAll()
    finite.reserve(column.pointee.numbers.count)
    for value in column.pointee.numbers.values {
      if value.isFinite {
        finite.append(value)
      } else if value.isNaN {
        numbers.nan += 1
      } else if value > 0 {
        numbers.positiveInfinity += 1
      } else {
        numbers.negativeInfinity += 1
      }
    }
    return finite.values
  }

  /// Hashes by value, of large integers by text: two of them may share a double.
  private func hashNumbers(_ column: UnsafeMutablePointer<Column>, _ batch: RecordBatch) {
    let values = column.pointee.numbers.values
    hashes.removeAll()
    hashes.reserve(values.count)
    ck_hash_doubles(values.baseAddress, values.count, hashes.base)
    hashes.count = values.count
    for exception in column.pointee.exceptions.values where exception.kind == .largeInteger {
      let index = Int(exception.index)
      let position = column.pointee.numberPositions[index]
      if let text = batch.format.spelling(at: position, in: batch) {
        let bytes = Array(text.utf8)
        hashes[index] = XXH3_64bits(bytes, bytes.count)
      } else {
        let bytes = batch.format.valueBytes(at: position, in: batch)
        hashes[index] = XXH3_64bits(bytes.baseAddress, bytes.count)
      }
    }
  }

  private func insertExtremes(
    _ field: Int, _ batch: RecordBatch, _ accumulator: FieldAccumulator, _ locator: Locator
  ) {
    let values = batch.columns[field].numbers.values
    for index in 0..<values.count where accumulator.extremes.accepts(values[index]) {
      guard values[index].isFinite else { continue }
      let place = locator.place(ofNumber: index, field: field)
      accumulator.extremes.insert(
        Extreme(
          value: values[index], text: locator.excerpt(at: place.position), field: place.path,
          memberOrdinal: batch.origin.memberOrdinal, location: locator.location(ofRow: place.row)))
    }
  }

  // MARK: Texts and lists

  private func observeTexts(
    _ column: UnsafeMutablePointer<Column>, _ accumulator: FieldAccumulator, _ batch: RecordBatch
  ) -> Moments {
    let texts = column.pointee.texts.values
    finite.removeAll()
    finite.reserve(texts.count)
    hashes.removeAll()
    hashes.reserve(texts.count)
    highHashes.removeAll()
    highHashes.reserve(texts.count)
    var bytes = 0
    for text in texts {
      finite.append(Double(text.characters))
      bytes &+= text.length
      let hash: xxh128_pair
      if text.isEscaped {
        let plain = batch.format.unescaped(text, in: batch)
        hash = xxh128_short(plain, plain.count)
      } else {
        hash = xxh128_short(batch.bytes + Int(text.offset), text.length)
      }
      hashes.append(hash.low)
      highHashes.append(hash.high)
    }
    accumulator.textBytes += UInt64(bytes)
    accumulator.distinct.add(hashes: hashes.values)
    topValues.add(hashes: hashes.values, base: UInt32(column.pointee.numbers.count))
    let characters = accumulator.characters ?? NumberAccumulator()
    accumulator.characters = characters
    return addLengths(to: characters)
  }

  private func observeLists(_ column: UnsafeMutablePointer<Column>, _ accumulator: FieldAccumulator)
    -> Moments
  {
    finite.removeAll()
    finite.reserve(column.pointee.lists.count)
    for list in column.pointee.lists.values { finite.append(Double(list.count)) }
    let lengths = accumulator.lengths ?? NumberAccumulator()
    accumulator.lengths = lengths
    return addLengths(to: lengths)
  }

  private func addLengths(to numbers: NumberAccumulator) -> Moments {
    var summary = ck_summary()
    ck_summarize(finite.base, finite.count, &summary)
    return numbers.add(finite.values, summary: summary)
  }

  private func topOf(_ column: UnsafeMutablePointer<Column>, _ batch: RecordBatch, _ locator: Locator)
    -> TopValues
  {
    let numbers = column.pointee.numbers.count
    return TopValues(chunk: topValues.finish()) { index in
      if Int(index) < numbers { return locator.excerpt(at: column.pointee.numberPositions[Int(index)]) }
      let text = column.pointee.texts[Int(index) - numbers]
      return locator.excerpt(at: batch.isUntyped ? text.offset : text.offset - 1)
    }
  }

  // MARK: The end of a shard

  /// All that was taken in since the last call, chunk profiles excepted.
  package func drain(_ batch: RecordBatch) -> ShardProfile {
    var profile = ShardProfile()
    profile.valuesBeyondFieldLimit = valuesBeyondFieldLimit
    valuesBeyondFieldLimit = 0
    for (index, accumulator) in accumulators.enumerated() where !accumulator.isEmpty {
      let field = batch.fields[index]
      profile.fields[field.path] = accumulator.drain(field, parent: batch.fields[field.parent].path)
    }
    return profile
  }

  /// Forgets the fields, as the reader does.
  package func forgetFields() {
    accumulators.removeAll()
    facts.removeAll()
    boxFields.forget()
    for hasher in records { hasher.forgetFields() }
  }
}
