import CKernels
import ShardModel

/// Every value of a batch asked for its record, path, bytes and key.
enum Locating {
  static func check(_ batch: RecordBatch, hasQuotedTexts: Bool) {
    var end: UInt32 = 0
    for (row, record) in batch.records.values.enumerated() {
      expect(record.offset >= end, "record \(row) starts before the one before ends")
      end = record.offset + record.length
      expect(Int(end) <= batch.byteCount, "record \(row) ends behind the data")
      _ = batch.format.key(ofRow: row, in: batch)
    }
    for field in batch.fields.indices { check(batch, field, hasQuotedTexts ? 1 : 0) }
  }

  private static func check(_ batch: RecordBatch, _ field: Int, _ quote: UInt32) {
    let column = batch.columns[field]
    for position in column.numberPositions.values { locate(batch, field, position) }
    expect(column.integers >= 0 && column.integers <= column.numbers.count, "\(column.integers) integers")
    var previous = -1
    for exception in column.exceptions.values {
      expect(Int(exception.index) > previous, "exceptions out of order")
      expect(Int(exception.index) < column.numbers.count, "an exception without its number")
      previous = Int(exception.index)
    }
    for text in column.texts.values {
      locate(batch, field, text.offset - quote)
      let content = batch.format.unescaped(text, in: batch)
      let characters = String(decoding: content, as: UTF8.self).unicodeScalars.count
      if content == Array(String(decoding: content, as: UTF8.self).utf8) {
        expect(characters == Int(text.characters), "\(text.characters) characters, not \(characters)")
      }
    }
    for list in column.lists.values { locate(batch, field, list.position) }
    // An empty cell at the end of a row stands behind its last byte, as an empty row does.
    for position in column.objects.values { locate(batch, field, position, mayBeEmpty: true) }
    for position in column.nulls.values { locate(batch, field, position, mayBeEmpty: true) }
    for position in column.trues.values { locate(batch, field, position) }
    for position in column.falses.values { locate(batch, field, position) }
    checkElements(batch, field, column)
  }

  private static func locate(
    _ batch: RecordBatch, _ field: Int, _ position: UInt32, mayBeEmpty: Bool = false
  ) {
    let row = batch.row(at: position)
    let record = batch.records[row]
    expect(
      position >= record.offset && position < record.offset + record.length + (mayBeEmpty ? 1 : 0),
      "no record holds \(position)")
    expect(!batch.format.path(of: position, field: field, row: row, in: batch).isEmpty, "no path")
    _ = batch.format.valueBytes(at: position, in: batch)
  }

  /// The numbers of a list are found again at the positions that the format tells.
  private static func checkElements(_ batch: RecordBatch, _ field: Int, _ column: Column) {
    guard let element = batch.fields.firstIndex(where: { $0.parent == field && $0.role == .element }) else {
      return
    }
    let numbers = batch.columns[element].numbers
    let lists = column.lists
    for index in 0..<lists.count {
      let first = Int(lists[index].firstNumber)
      let end = index + 1 < lists.count ? Int(lists[index + 1].firstNumber) : numbers.count
      expect(first <= end && end <= numbers.count, "list \(index) has numbers \(first)..<\(end)")
      for ordinal in 0..<min(8, end - first) {
        let place = batch.format.elementPosition(number: ordinal, list: lists[index].position, in: batch)
        guard let place else {
          expect(false, "number \(ordinal) of list \(index) is nowhere")
          return
        }
        expect(place.index < Int(lists[index].count), "element \(place.index) of \(lists[index].count)")
        let value = numbers[first + ordinal]
        if let text = batch.format.spelling(at: place.position, in: batch) {
          // The fewest digits of a narrower type are not those of the double.
          let isSame = Double(text) == value || Float(text).map { Double($0) == value } ?? false
          expect(
            isSame || Float16(text).map { Double($0) == value } ?? false || value.isNaN,
            "\(text), not \(value)")
          continue
        }
        let parsed = ck_parse_number(batch.bytes + Int(place.position))
        if parsed.kind != UInt32(CK_NUMBER_INVALID) {
          expect(parsed.value.bitPattern == value.bitPattern, "\(parsed.value), not \(value)")
        } else {
          expect(!value.isFinite, "\(value) is not at its place")
        }
      }
    }
  }
}
