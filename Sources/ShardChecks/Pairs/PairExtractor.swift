import CKernels
import ShardModel
import ShardRules

/// Finds pictures, captions and turns in the records of a batch: the seam between records as they are written and
/// all checks of pictures, texts and tokens.
///
/// Each reader has one. After `extract`, the flat arrays hold what the batch says, in the order of its records:
/// `images` (read a path or an address with `bytes(of:)`), `captions`, and `turns` with their `parts`; `records` has one
/// element for each record, with its shape and its ranges in these arrays. They are valid until the next call; a text is
/// a view into the batch that `bytes(of:)` unescapes into a buffer which is used again.
///
/// What a record is follows from its own fields and from the rules file, never from other records: the same record has
/// the same shape in any chunk of any shard.
///
/// Memory: some 60 bytes for each record of the batch and for each picture and turn in it, reused from batch to batch.
/// - Complexity: O(values of the fields that can hold pairs); nothing where no field can.
package final class PairExtractor {
  @exclusivity(unchecked) package internal(set) var records = Buffer<PairRecord>()
  @exclusivity(unchecked) package internal(set) var images = Buffer<PairImage>()
  @exclusivity(unchecked) package internal(set) var captions = Buffer<PairCaption>()
  @exclusivity(unchecked) package internal(set) var turns = Buffer<PairTurn>()
  @exclusivity(unchecked) package internal(set) var parts = Buffer<PairPart>()
  @exclusivity(unchecked) var tags = Buffer<PairTag>()
  /// Whether the batch may hold pairs; the arrays are empty where not.
  package private(set) var isActive = false

  // The batch's own, without a check of access for each text.
  @exclusivity(unchecked) private var base: UnsafePointer<UInt8>
  @exclusivity(unchecked) private var isUntyped = false
  let rule: PairRule
  private(set) var fields: PairFields
  let batch: RecordBatch
  let placeholder: [UInt8]
  let roles: PairRoleNames
  // Paths of tags in texts with escapes.
  @exclusivity(unchecked) var copies = Buffer<UInt8>()
  @exclusivity(unchecked) private var scratch = Buffer<UInt8>()

  package init(_ batch: RecordBatch, rule: PairRule) {
    self.batch = batch
    base = batch.bytes
    self.rule = rule
    fields = PairFields(rule)
    placeholder = Array((rule.placeholder ?? "<image>").utf8)
    roles = PairRoleNames(rule)
  }

  deinit {
    records.deallocate()
    images.deallocate()
    captions.deallocate()
    turns.deallocate()
    parts.deallocate()
    tags.deallocate()
    copies.deallocate()
    scratch.deallocate()
  }

  /// Forgets the fields, as the reader does.
  package func forgetFields() { fields.forget() }

  /// Takes in the batch that the reader filled.
  package func extract() {
    fields.look(at: batch.fields)
    records.removeAll()
    images.removeAll()
    captions.removeAll()
    turns.removeAll()
    parts.removeAll()
    tags.removeAll()
    copies.removeAll()
    isActive = fields.isActive
    guard isActive else { return }
    base = batch.bytes
    isUntyped = batch.isUntyped
    records.reserve(batch.records.count)
    for _ in 0..<batch.records.count { records.append(PairRecord()) }
    for field in fields.sizes { mark(field) { $0.sizes &+= 1 } }
    if fields.images.contains(where: \.isAddress) {
      for field in fields.evidence { mark(field) { $0.hasEvidence = true } }
    }
    for field in fields.turns { addTurns(field) }
    for field in fields.images { addImages(field) }
    for field in fields.captions { addCaptions(field) }
    for index in 0..<turns.count { scanTags(of: index) }
    for row in 0..<records.count { records[row].shape = shape(of: records[row]) }
    settle()
  }

  // MARK: Texts

  /// The text with its escapes undone, valid until the next call.
  package func bytes(of text: TextView) -> UnsafeBufferPointer<UInt8> {
    guard text.isEscaped else {
      return UnsafeBufferPointer(start: base + Int(text.offset), count: text.length)
    }
    scratch.removeAll()
    batch.format.unescape(text, in: batch, into: &scratch)
    return scratch.values
  }

  /// The path or address of a picture, valid until the next call; empty for a blob.
  package func bytes(of image: PairImage) -> UnsafeBufferPointer<UInt8> {
    guard image.copy >= 0 else { return bytes(of: image.text) }
    return UnsafeBufferPointer(start: copies.base + Int(image.copy), count: Int(image.copyLength))
  }

  /// Byte of the value in the batch, its quote included where the format has them.
  func position(of text: TextView) -> UInt32 { isUntyped ? text.offset : text.offset &- 1 }

  // MARK: Records

  private func shape(of record: PairRecord) -> PairShape? {
    if let declared = rule.shape {
      let isThere = record.turnField >= 0 || record.imageField >= 0 || record.captionField >= 0
      // A declared conversation without a picture is one still.
      return isThere ? declared : nil
    }
    if record.turnField >= 0 {
      if record.hasImageList { return .imageList }
      if record.imageField >= 0 { return record.sizes >= 2 ? .internVL : .llava }
      if record.isTagged { return .qwenVL }
      return record.hasParts ? .messages : .conversation
    }
    return record.imageField >= 0 && record.captionField >= 0 ? .metadata : nil
  }

  /// Marks the records that have a value of the field.
  private func mark(_ field: Int, _ body: (inout PairRecord) -> Void) {
    let column = batch.columns[field]
    var row = 0
    for position in column.numberPositions.values { body(&records.base[advance(&row, to: position)]) }
    row = 0
    for list in column.lists.values { body(&records.base[advance(&row, to: list.position)]) }
  }

  /// The record that holds `position`, which is not before the last one asked for.
  @inline(__always)
  func advance(_ row: inout Int, to position: UInt32) -> Int {
    while row &+ 1 < batch.records.count, batch.records[row &+ 1].offset <= position { row &+= 1 }
    return row
  }

  // MARK: Pictures beside turns, captions

  private func addImages(_ field: PairFields.Images) {
    let owner = batch.columns[field.owner]
    claimImages(field, owner.nulls.values, isEmpty: true) { $0 }
    claimImages(field, owner.texts.values, isEmpty: false) { self.position(of: $0) }
    claimImages(field, owner.lists.values, isEmpty: false) { $0.position }
    claimImages(field, owner.objects.values, isEmpty: false) { $0 }
    claimImages(field, owner.blobs.values, isEmpty: false) { $0.position }
    for index in field.texts {
      var row = 0
      for text in batch.columns[index].texts.values {
        let position = position(of: text)
        let record = records.base + advance(&row, to: position)
        guard record.pointee.imageField == Int32(field.owner) else { continue }
        if isBlank(text) {
          record.pointee.isImageEmpty = true
          continue
        }
        append(text, field: index, row: row, position: position, turn: -1)
      }
    }
  }

  private func isBlank(_ text: TextView) -> Bool {
    let bytes = bytes(of: text)
    var index = 0
    while index < bytes.count {
      if bytes[index] > 0x20 { return false }
      index &+= 1
    }
    return true
  }

  /// Notes for each record with a value of the field that this is where its picture stands, unless an earlier field is.
  private func claimImages<Value>(
    _ field: PairFields.Images, _ values: UnsafeBufferPointer<Value>, isEmpty: Bool,
    _ position: (Value) -> UInt32
  ) {
    var row = 0
    for value in values {
      let position = position(value)
      let record = records.base + advance(&row, to: position)
      guard record.pointee.imageField < 0 else { continue }
      // An address of a page says nothing about a picture in a conversation or without metadata of one.
      if field.isAddress, record.pointee.turnField >= 0 || !record.pointee.hasEvidence { continue }
      record.pointee.imageField = Int32(truncatingIfNeeded: field.owner)
      record.pointee.imagePosition = position
      record.pointee.isImageEmpty = isEmpty
      if field.isList, !isEmpty {
        record.pointee.hasImageList = true
        record.pointee.isImageListText = Value.self == TextView.self
      }
    }
  }

  func append(_ text: TextView, field: Int, row: Int, position: UInt32, turn: Int) {
    let source = PairAddress.source(of: bytes(of: text))
    images.append(
      PairImage(
        row: UInt32(truncatingIfNeeded: row), field: UInt32(truncatingIfNeeded: field), position: position,
        source: source, turn: Int32(truncatingIfNeeded: turn), text: text))
  }

  private func addCaptions(_ field: PairFields.Captions) {
    let column = batch.columns[field.field]
    let nothing = TextView(offset: 0, length: 0, isEscaped: false, characters: 0)
    addCaptions(field, column.texts.values) { (self.position(of: $0), $0, false) }
    addCaptions(field, column.nulls.values) { ($0, nothing, true) }
    // A cell that reads as a number is a text all the same: `nan`, `2019`.
    guard batch.isUntyped else { return }
    addCaptions(field, column.numberPositions.values) { position in
      let cell = batch.format.valueBytes(at: position, in: batch)
      let length = UInt32(truncatingIfNeeded: cell.count)
      let text = TextView(offset: position, length: length, isEscaped: false, characters: length)
      return (position, text, false)
    }
  }

  private func addCaptions<Value>(
    _ field: PairFields.Captions, _ values: UnsafeBufferPointer<Value>,
    _ element: (Value) -> (position: UInt32, text: TextView, isNull: Bool)
  ) {
    var row = 0
    for value in values {
      let (position, text, isNull) = element(value)
      let record = records.base + advance(&row, to: position)
      // Texts beside turns are something else.
      guard record.pointee.captionField < 0, record.pointee.turnField < 0 else { continue }
      if rule.shape == nil, record.pointee.imageField < 0 { continue }
      record.pointee.captionField = Int32(truncatingIfNeeded: field.field)
      record.pointee.caption = Int32(truncatingIfNeeded: captions.count)
      captions.append(
        PairCaption(
          row: UInt32(truncatingIfNeeded: row), field: UInt32(truncatingIfNeeded: field.field),
          position: position, text: text, isNull: isNull,
          marks: TextMarks(bytes(of: text), characters: Int(text.characters))))
    }
  }

  // MARK: Order

  /// Brings pictures into the order of the records, without those of tags that are none in their record.
  private func settle() {
    var kept = 0
    var isSorted = true
    for image in images.values {
      guard let shape = records[Int(image.row)].shape else { continue }
      if image.copy >= 0, shape != .qwenVL { continue }
      if kept > 0, images[kept - 1].row > image.row { isSorted = false }
      images[kept] = image
      kept += 1
    }
    images.count = kept
    if !isSorted {
      // By position within a record; pictures of one text keep their order.
      var run = UnsafeMutableBufferPointer(start: images.base, count: kept)
      run.sort { ($0.row, $0.position, $0.copy) < ($1.row, $1.position, $1.copy) }
    }
    if zip(captions.values, captions.values.dropFirst()).contains(where: { $0.row > $1.row }) {
      var run = UnsafeMutableBufferPointer(start: captions.base, count: captions.count)
      run.sort { ($0.row, $0.position) < ($1.row, $1.position) }
      for index in 0..<captions.count {
        records[Int(captions[index].row)].caption = Int32(truncatingIfNeeded: index)
      }
    }
    for index in 0..<kept {
      let record = records.base + Int(images[index].row)
      if record.pointee.images.count == 0 { record.pointee.images.start = Int32(truncatingIfNeeded: index) }
      record.pointee.images.count &+= 1
    }
  }
}
