import CKernels
import ShardIngest
import ShardModel

/// One way of showing bytes to a framer and a reader, and all that came out.
struct Reading {
  private let reader: any RecordReader
  private var framer: any RecordFramer
  private let hasQuotedTexts: Bool
  private var origin = BatchOrigin()
  private var ordinals: [String: Int] = [:]
  private(set) var values: [Value] = []
  /// Rows that are malformed or truncated.
  private(set) var rejected: Set<Int> = []

  /// - Parameter offset: bytes before the first record, which are not read.
  init(_ reader: any RecordReader, _ framer: any RecordFramer, hasQuotedTexts: Bool, offset: Int = 0) {
    self.reader = reader
    self.framer = framer
    self.hasQuotedTexts = hasQuotedTexts
    origin.offset = UInt64(offset)
  }

  /// Reads whole and in pieces of `step` bytes, which must give the same.
  static func compared(_ bytes: [UInt8], step: Int, _ make: () -> Reading) -> Reading {
    var whole = make()
    whole.read(bytes, step: max(1, bytes.count), isCut: false)
    var pieces = make()
    pieces.read(bytes, step: step, isCut: true)
    for (left, right) in zip(whole.values.sorted(), pieces.values.sorted()) {
      expect(left == right, "whole \(left), in pieces of \(step) \(right)")
    }
    expect(
      whole.values.count == pieces.values.count,
      "whole \(whole.values.count), in pieces of \(step) \(pieces.values.count)")
    return whole
  }

  /// Shows the framer `step` bytes more at a time; reads what it says are records, at once or at the end.
  mutating func read(_ bytes: [UInt8], step: Int, isCut: Bool) {
    var start = 0
    var seen = 0
    while seen < bytes.count {
      let next = min(bytes.count, seen + step)
      let pending = PaddedBytes(bytes[start..<next])
      if let boundary = framer.scan(pending.base, from: seen - start, to: next - start), isCut {
        expect(boundary.offset >= 0 && boundary.offset <= next - start, "boundary \(boundary.offset)")
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
    Locating.check(batch, hasQuotedTexts: hasQuotedTexts)
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

  private mutating func add(_ kind: String, _ path: String, _ position: Int, _ bits: UInt64, _ ordinal: Int) {
    // The first number of a list counts in the column of its elements, whose own ordinals are compared.
    let ordinal = kind == "list" ? 0 : ordinal
    values.append(Value(position: position, kind: kind, path: path, bits: bits, ordinal: ordinal))
  }
}

/// One thing that a reading saw.
struct Value: Comparable {
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
