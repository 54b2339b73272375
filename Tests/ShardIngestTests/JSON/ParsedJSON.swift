import ShardIngest
import ShardModel

/// What a reader made of JSON, in positions of the whole input: the same for any chunking.
struct ParsedJSON: Equatable, CustomStringConvertible {
  struct Record: Hashable {
    var offset: Int
    var length: Int
  }

  enum Kind: UInt8, Hashable { case object, list, text, number, null, yes, no }

  struct Value: Hashable, Comparable {
    var position: Int
    /// Ordinal among the numbers of the list at `position`, -1 for what has a position of its own.
    var ordinal = -1
    var path: String
    var kind: Kind
    /// The value's bits, the number of elements, or the characters of a text.
    var bits: UInt64 = 0
    var exception: NumberKind?
    var length = 0
    var isEscaped = false

    static func < (left: Value, right: Value) -> Bool {
      (left.position, left.ordinal, left.path) < (right.position, right.ordinal, right.path)
    }
  }

  struct Problem: Hashable {
    var kind: Defect.Kind
    var row: Int
    var position: Int
    var path: String?
  }

  var records: [Record] = []
  var values: [Value] = []
  var defects: [Problem] = []
  var details: [String] = []
  /// By path.
  var integers: [String: Int] = [:]
  var valuesBeyondFieldLimit = 0
  /// What must never be.
  var errors: [String] = []

  var kinds: [Defect.Kind] { defects.map(\.kind) }
  /// Rows whose values were not kept.
  var rejected: Set<Int> {
    Set(defects.filter { [.malformed, .truncated, .tooLong].contains($0.kind) }.map(\.row))
  }

  static func == (left: ParsedJSON, right: ParsedJSON) -> Bool {
    left.records == right.records && left.values == right.values && left.defects == right.defects
      && left.integers == right.integers && left.valuesBeyondFieldLimit == right.valuesBeyondFieldLimit
      && left.errors == right.errors
  }

  var description: String {
    let records = records.map { "\($0.offset)+\($0.length)" }
    let values = values.map { "\($0.position) \($0.path) \($0.kind) \($0.bits)" }
    return
      "\(records) \(values) \(defects.map { "\($0.kind)@\($0.row):\($0.position)" }) \(details) \(errors)"
  }

  mutating func add(_ batch: RecordBatch, offset: Int) {
    let firstRow = records.count
    var end = 0
    for record in batch.records.values {
      if Int(record.offset) < end { errors.append("records overlap at \(record.offset)") }
      end = Int(record.offset) + Int(record.length)
      records.append(Record(offset: offset + Int(record.offset), length: Int(record.length)))
    }
    if end > batch.byteCount { errors.append("a record ends behind the data") }
    var found: [Value] = []
    for field in batch.fields.indices { collect(field, of: batch, &found, offset) }
    values += found.sorted()
    for defect in batch.defects {
      if defect.row >= batch.records.count { errors.append("a defect in row \(defect.row)") }
      if Int(defect.position) > batch.byteCount { errors.append("a defect at \(defect.position)") }
      defects.append(
        Problem(
          kind: defect.kind, row: firstRow + defect.row, position: offset + Int(defect.position),
          path: defect.field.map { batch.fields[$0].path }))
      details.append(defect.detail)
    }
    valuesBeyondFieldLimit += batch.valuesBeyondFieldLimit
  }

  private mutating func collect(_ field: Int, of batch: RecordBatch, _ found: inout [Value], _ offset: Int) {
    let column = batch.columns[field]
    let path = batch.fields[field].path
    if column.integers != 0 { integers[path, default: 0] += column.integers }
    for (kind, positions) in [
      (Kind.object, column.objects), (.null, column.nulls), (.yes, column.trues), (.no, column.falses),
    ] {
      for position in positions.values {
        found.append(Value(position: offset + Int(position), path: path, kind: kind))
      }
    }
    for text in column.texts.values {
      found.append(
        Value(
          position: offset + Int(text.offset), path: path, kind: .text, bits: UInt64(text.characters),
          length: text.length, isEscaped: text.isEscaped))
    }
    for list in column.lists.values {
      found.append(
        Value(position: offset + Int(list.position), path: path, kind: .list, bits: UInt64(list.count)))
    }
    collectNumbers(field, of: batch, &found, offset)
  }

  private mutating func collectNumbers(
    _ field: Int, of batch: RecordBatch, _ found: inout [Value], _ offset: Int
  ) {
    let column = batch.columns[field]
    let path = batch.fields[field].path
    var exceptions: [Int: NumberKind] = [:]
    var last = -1
    for exception in column.exceptions.values {
      if Int(exception.index) <= last || Int(exception.index) >= column.numbers.count {
        errors.append("exception \(exception.index) of \(path) out of order")
      }
      last = Int(exception.index)
      exceptions[last] = exception.kind
    }
    if batch.fields[field].role != .element {
      if column.numbers.count != column.numberPositions.count { errors.append("numbers without a place") }
      for index in 0..<column.numbers.count {
        found.append(
          Value(
            position: offset + Int(column.numberPositions[index]), path: path, kind: .number,
            bits: column.numbers[index].bitPattern, exception: exceptions[index]))
      }
      return
    }
    if column.numberPositions.count != 0 { errors.append("elements with places") }
    let lists = batch.columns[batch.fields[field].parent].lists
    var counted = 0
    for index in 0..<lists.count {
      let first = Int(lists[index].firstNumber)
      let end = index + 1 < lists.count ? Int(lists[index + 1].firstNumber) : column.numbers.count
      if first != counted { errors.append("list \(index) of \(path) starts at \(first), not \(counted)") }
      for number in first..<max(first, end) {
        found.append(
          Value(
            position: offset + Int(lists[index].position), ordinal: number - first, path: path, kind: .number,
            bits: column.numbers[number].bitPattern, exception: exceptions[number]))
      }
      counted = max(first, end)
    }
    if counted != column.numbers.count { errors.append("numbers of \(path) without a list") }
  }
}

/// Bytes between zeros, as a chunk has them.
final class PaddedBytes {
  private let storage: UnsafeMutablePointer<UInt8>
  let count: Int

  init(_ bytes: some Collection<UInt8>) {
    count = bytes.count
    storage = .allocate(capacity: count + 2 * RecordBatch.padding)
    storage.initialize(repeating: 0, count: count + 2 * RecordBatch.padding)
    let target = UnsafeMutableBufferPointer(start: storage + RecordBatch.padding, count: count)
    _ = target.update(fromContentsOf: bytes)
  }

  deinit { storage.deallocate() }

  var base: UnsafePointer<UInt8> { UnsafePointer(storage + RecordBatch.padding) }
}

extension JSONReader {
  /// Reads bytes as all the data there are.
  func readAll(_ bytes: [UInt8]) -> ParsedJSON {
    var parsed = ParsedJSON()
    let padded = PaddedBytes(bytes)
    read(padded.base, count: padded.count, origin: BatchOrigin(), isFinal: true)
    parsed.add(batch, offset: 0)
    return parsed
  }

  func readAll(_ text: String) -> ParsedJSON { readAll(Array(text.utf8)) }

  var framer: any RecordFramer {
    switch layout {
    case .lines: LineFramer()
    case .array: JSONValueFramer(layout: .array)
    case .values: JSONValueFramer(layout: .values)
    }
  }

  /// Shows the framer so many bytes at a time, again and again, and reads what it says are records, as soon as
  /// there are any.
  func read(_ bytes: [UInt8], steps: [Int]) -> ParsedJSON {
    var parsed = ParsedJSON()
    var framer = framer
    var done = 0
    var seen = 0
    var turn = 0
    let whole = PaddedBytes(bytes)
    func take(_ count: Int, isFinal: Bool, records: Int) {
      var origin = BatchOrigin()
      origin.offset = UInt64(done)
      origin.record = UInt64(parsed.records.count)
      let padded = PaddedBytes(bytes[done..<(done + count)])
      read(padded.base, count: count, origin: origin, isFinal: isFinal)
      parsed.add(batch, offset: done)
      if batch.records.count != records {
        parsed.errors.append("\(records) records framed at \(done), \(batch.records.count) read")
      }
      done += count
    }
    while seen < bytes.count {
      let next = min(bytes.count, seen + steps[turn % steps.count])
      turn += 1
      let boundary = framer.scan(whole.base + done, from: seen - done, to: next - done)
      seen = next
      guard let boundary else { continue }
      framer.cut(at: boundary)
      take(boundary.offset, isFinal: false, records: boundary.records)
    }
    let rest = bytes.count - done
    take(rest, isFinal: true, records: framer.finish(whole.base + done, count: rest))
    return parsed
  }
}
