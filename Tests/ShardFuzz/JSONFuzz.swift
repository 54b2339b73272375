import CKernels
import ShardIngest
import ShardModel

/// JSON through framer, reader and format.
///
/// The first byte chooses the layout and how the rest is split. Whole or in pieces, the values must be the same; a line is
/// accepted if the reference accepts it; every value kept can be located, named and read back.
enum JSONFuzz {
  static func run(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let layout: JSONReader.Layout = [.lines, .array, .values][Int(choice % 3)]
    let step = [1, 5, 16, 33][Int(choice / 3 % 4)]
    let bytes = Array(input.dropFirst())
    var whole = Reading(layout)
    whole.read(bytes, step: max(1, bytes.count), isCut: false)
    var pieces = Reading(layout)
    pieces.read(bytes, step: step, isCut: true)
    for (left, right) in zip(whole.values.sorted(), pieces.values.sorted()) {
      expect(left == right, "whole \(left), in pieces of \(step) \(right)")
    }
    expect(
      whole.values.count == pieces.values.count,
      "whole \(whole.values.count), in pieces of \(step) \(pieces.values.count)")
    if layout == .lines { compareWithReference(bytes, whole) }
  }

  private static func compareWithReference(_ bytes: [UInt8], _ reading: Reading) {
    var row = 0
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let limit = JSONLimits().depth
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[start..<end]
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      let isValue = ReferenceJSON.isValue(line, maximumDepth: limit)
      let isAccepted = !reading.rejected.contains(row)
      expect(isAccepted == (isValue || isBlank), "row \(row) accepted: \(isAccepted), should be \(isValue)")
      row += 1
      start = end + 1
    }
  }

  /// One way of reading, and all that it saw.
  private struct Reading {
    private let layout: JSONReader.Layout
    private let reader: JSONReader
    private var framer: any RecordFramer
    private var origin = BatchOrigin()
    private var ordinals: [String: Int] = [:]
    private(set) var values: [Value] = []
    /// Rows that are malformed or truncated.
    private(set) var rejected: Set<Int> = []

    init(_ layout: JSONReader.Layout) {
      self.layout = layout
      reader = JSONReader(layout: layout)
      switch layout {
      case .lines: framer = LineFramer()
      case .array: framer = JSONValueFramer(layout: .array)
      case .values: framer = JSONValueFramer(layout: .values)
      }
    }

    /// Shows the framer `step` bytes more at a time; reads what it says are records, at once or at the end.
    mutating func read(_ bytes: [UInt8], step: Int, isCut: Bool) {
      var start = 0
      var seen = 0
      while seen < bytes.count {
        let next = min(bytes.count, seen + step)
        let pending = PaddedBytes(bytes[start..<next])
        if let boundary = framer.scan(pending.base, from: seen - start, to: next - start), isCut {
          expect(boundary.offset > 0 && boundary.offset <= next - start, "boundary \(boundary.offset)")
          framer.cut(at: boundary)
          take(bytes[start..<(start + boundary.offset)], isFinal: false, records: boundary.records)
          start += boundary.offset
        }
        seen = next
      }
      let rest = PaddedBytes(bytes[start...])
      _ = framer.finish(rest.base, count: rest.count)
      take(bytes[start...], isFinal: true, records: nil)
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, isFinal: Bool, records: Int?) {
      let padded = PaddedBytes(bytes)
      reader.read(padded.base, count: padded.count, origin: origin, isFinal: isFinal)
      let batch = reader.batch
      if let records {
        expect(batch.records.count == records, "\(records) framed, \(batch.records.count) read")
      }
      note(batch)
      Locating.check(batch)
      origin.chunk += 1
      origin.offset += UInt64(padded.count)
      origin.record += UInt64(batch.records.count)
      origin.line += UInt64(ck_count_byte(padded.base, padded.count, UInt8(ascii: "\n")))
    }

    private mutating func note(_ batch: RecordBatch) {
      let base = Int(origin.offset)
      let row = Int(origin.record)
      for (index, record) in batch.records.values.enumerated() {
        add("record", "", base + Int(record.offset), UInt64(record.length), row + index)
      }
      for defect in batch.defects {
        expect(defect.row >= 0 && defect.row < max(1, batch.records.count), "defect in row \(defect.row)")
        expect(Int(defect.position) <= batch.byteCount, "defect at \(defect.position)")
        add("defect \(defect.kind)", "", base + Int(defect.position), 0, row + defect.row)
        if defect.kind == .malformed || defect.kind == .truncated { rejected.insert(row + defect.row) }
      }
      for (index, field) in batch.fields.enumerated() { note(batch.columns[index], field.path, base) }
    }

    private mutating func note(_ column: Column, _ path: String, _ base: Int) {
      let before = ordinals[path] ?? 0
      for (index, number) in column.numbers.values.enumerated() {
        let isPlaced = index < column.numberPositions.count
        let position = isPlaced ? base + Int(column.numberPositions[index]) : -1
        add("number", path, position, number.bitPattern, before + index)
      }
      ordinals[path] = before + column.numbers.count
      for exception in column.exceptions.values {
        add("exception \(exception.kind)", path, before + Int(exception.index), 0, 0)
      }
      for text in column.texts.values {
        add("text", path, base + Int(text.offset), UInt64(text.lengthAndFlag), Int(text.characters))
      }
      for list in column.lists.values {
        add("list", path, base + Int(list.position), UInt64(list.count), before + Int(list.firstNumber))
      }
      for position in column.objects.values { add("object", path, base + Int(position), 0, 0) }
      for position in column.nulls.values { add("null", path, base + Int(position), 0, 0) }
      for position in column.trues.values { add("true", path, base + Int(position), 0, 0) }
      for position in column.falses.values { add("false", path, base + Int(position), 0, 0) }
    }

    private mutating func add(_ kind: String, _ path: String, _ position: Int, _ bits: UInt64, _ ordinal: Int)
    {
      // The first number of a list counts in the column of its elements, whose own ordinals are compared.
      let ordinal = kind == "list" ? 0 : ordinal
      values.append(Value(position: position, kind: kind, path: path, bits: bits, ordinal: ordinal))
    }
  }

  private struct Value: Comparable {
    var position: Int
    var kind: String
    var path: String
    var bits: UInt64
    var ordinal: Int

    static func < (left: Value, right: Value) -> Bool {
      (left.position, left.kind, left.path, left.ordinal, left.bits)
        < (right.position, right.kind, right.path, right.ordinal, right.bits)
    }
  }
}

/// Every value of a batch asked for its record, path, bytes and key.
enum Locating {
  static func check(_ batch: RecordBatch) {
    var end: UInt32 = 0
    for (row, record) in batch.records.values.enumerated() {
      expect(record.offset >= end, "record \(row) starts before the one before ends")
      end = record.offset + record.length
      expect(Int(end) <= batch.byteCount, "record \(row) ends behind the data")
      _ = batch.format.key(ofRow: row, in: batch)
    }
    for field in batch.fields.indices { check(batch, field) }
  }

  private static func check(_ batch: RecordBatch, _ field: Int) {
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
      locate(batch, field, text.offset > 0 ? text.offset - 1 : 0)
      let content = batch.format.unescaped(text, in: batch)
      let characters = String(decoding: content, as: UTF8.self).unicodeScalars.count
      if content == Array(String(decoding: content, as: UTF8.self).utf8) {
        expect(characters == Int(text.characters), "\(text.characters) characters, not \(characters)")
      }
    }
    for list in column.lists.values { locate(batch, field, list.position) }
    for position in column.objects.values { locate(batch, field, position) }
    for position in column.nulls.values { locate(batch, field, position) }
    for position in column.trues.values { locate(batch, field, position) }
    for position in column.falses.values { locate(batch, field, position) }
    checkElements(batch, field, column)
  }

  private static func locate(_ batch: RecordBatch, _ field: Int, _ position: UInt32) {
    let row = batch.row(at: position)
    let record = batch.records[row]
    expect(
      position >= record.offset && position < record.offset + record.length, "no record holds \(position)")
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
        let parsed = ck_parse_number(batch.bytes + Int(place.position))
        let value = numbers[first + ordinal]
        if parsed.kind != UInt32(CK_NUMBER_INVALID) {
          expect(parsed.value.bitPattern == value.bitPattern, "\(parsed.value), not \(value)")
        } else {
          expect(!value.isFinite, "\(value) is not at its place")
        }
      }
    }
  }
}
