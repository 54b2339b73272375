/// Where one record stands in the bytes of its batch.
@frozen
public struct RecordView: BitwiseCopyable {
  public var offset: UInt32
  public var length: UInt32

  @inlinable
  public init(offset: UInt32, length: UInt32) {
    self.offset = offset
    self.length = length
  }
}

/// Place of a batch's first byte in its shard (or in its member of an archive), in decoded bytes.
package struct BatchOrigin: Sendable, Equatable {
  /// Index of the chunk in the shard, over all members.
  package var chunk = 0
  package var offset: UInt64 = 0
  /// Ordinal of the first record, from 0.
  package var record: UInt64 = 0
  /// Line of the first byte, from 1; 0 where the format has no lines.
  package var line: UInt64 = 1
  package var member: String?
  /// Index of the member in the shard, 0 where there are none.
  package var memberOrdinal: UInt64 = 0

  package init() {}
}

/// The records of one chunk as typed columns, one for each field seen so far by this batch's reader.
///
/// A batch is owned by one worker, filled by a reader, read by the checks and then filled again, so that its
/// memory is allocated once. Fields keep their index for the life of the batch.
///
/// Memory: proportional to the chunk and to the number of fields, whatever the number of records in a shard.
package final class RecordBatch {
  /// The chunk: `byteCount` bytes, with at least `padding` readable bytes before and after.
  package private(set) var bytes: UnsafePointer<UInt8>
  package private(set) var byteCount = 0
  package var origin = BatchOrigin()

  @exclusivity(unchecked) package var records = Buffer<RecordView>()
  package private(set) var fields: [Field] = [.root]
  /// Parallel to `fields`; moves when a field is added.
  package private(set) var columns: UnsafeMutablePointer<Column>
  private var columnCapacity: Int
  package var defects: [Defect] = []
  /// Whether cells have no declared type (CSV): a text column may hold what looks like a number.
  package var isUntyped = false
  /// Whether lines end with a lone carriage return, as in old Mac files.
  package var endsLinesWithCarriageReturn = false
  /// Whether record i stands on line i of the batch.
  package var hasRecordPerLine = false
  /// Whether the fields of the records themselves are members of samples (files).
  package var holdsSamples = false
  /// Fields of pictures that stand in for each other: a sample has its picture as `jpg` or as `png`.
  package var pictureFields: Set<Int> = []
  /// Members whose content was not read, by extension.
  package var membersNotRead: [String: UInt64] = [:]
  /// Values left out because there were more fields than the reader's limit.
  package var valuesBeyondFieldLimit = 0
  /// How to name, unescape and look up what the bytes of this format say.
  package var format: any RecordFormat

  /// Readable bytes that every chunk has before its first and after its last byte.
  package static let padding = 64

  package init(format: any RecordFormat) {
    self.format = format
    columnCapacity = 16
    columns = .allocate(capacity: columnCapacity)
    columns.initialize(to: Column())
    bytes = UnsafePointer(bitPattern: 16)!
  }

  deinit {
    for index in fields.indices { columns[index].deallocate() }
    columns.deallocate()
    records.deallocate()
  }

  /// Empties the batch and points it at the next chunk, which must stay in place until the next call.
  package func begin(bytes: UnsafePointer<UInt8>, count: Int, origin: BatchOrigin) {
    self.bytes = bytes
    byteCount = count
    self.origin = origin
    records.removeAll()
    for index in fields.indices { columns[index].removeAll() }
    defects.removeAll(keepingCapacity: true)
    valuesBeyondFieldLimit = 0
    membersNotRead.removeAll(keepingCapacity: true)
  }

  /// Adds a field and its empty column.
  /// - Complexity: O(1) amortized.
  package func addField(_ field: Field) -> Int {
    if fields.count == columnCapacity {
      let larger = UnsafeMutablePointer<Column>.allocate(capacity: columnCapacity * 2)
      larger.moveInitialize(from: columns, count: fields.count)
      columns.deallocate()
      columns = larger
      columnCapacity *= 2
    }
    (columns + fields.count).initialize(to: Column())
    fields.append(field)
    return fields.count - 1
  }

  /// Forgets every field but the root, as for a new shard with other fields.
  package func removeFields() {
    for index in fields.indices.dropFirst() { columns[index].deallocate() }
    columns[0].removeAll()
    pictureFields.removeAll()
    fields = [.root]
  }

  /// The record that holds the byte at `position`.
  /// - Complexity: O(log n).
  package func row(at position: UInt32) -> Int {
    var low = 0
    var high = records.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if records[middle].offset <= position { low = middle } else { high = middle }
    }
    return low
  }

  package func recordBytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    let record = records[row]
    return UnsafeBufferPointer(start: bytes + Int(record.offset), count: Int(record.length))
  }
}

/// What only the format's own code can say about the bytes of a record. Asked for values that are reported,
/// never in the hot path.
package protocol RecordFormat: Sendable {
  /// Whether the bytes are no text, so that only `spelling` can show them.
  var isBinary: Bool { get }

  /// The type that held the numbers before they were doubles, where its range is what a reader must know.
  var storedRange: StoredRange? { get }

  /// The exact path (`features[3]`) of the value at `position`, which belongs to `field`.
  func path(of position: UInt32, field: Int, row: Int, in batch: RecordBatch) -> String

  /// Byte of the `ordinal`-th number of the list that opens at `list`, and its index among all elements.
  func elementPosition(number ordinal: Int, list: UInt32, in batch: RecordBatch) -> (
    position: UInt32, index: Int
  )?

  /// The bytes of the scalar at `position` as written, without quotes.
  func valueBytes(at position: UInt32, in batch: RecordBatch) -> UnsafeBufferPointer<UInt8>

  /// The scalar at `position` as text, where its bytes are none.
  func spelling(at position: UInt32, in batch: RecordBatch) -> String?

  /// Where the record stands in the shard, where that is not where it stands in the batch.
  func storedExtent(ofRow row: Int, in batch: RecordBatch) -> (offset: UInt64, length: UInt64)?

  /// Which bytes may be shown beside the one at `position`; empty where they are no text.
  func shownExtent(around position: UInt32, row: Int, in batch: RecordBatch) -> Range<Int>

  /// Where the record has JSON, in rising order.
  func jsonExtents(ofRow row: Int, in batch: RecordBatch) -> [RecordView]

  /// A text with its escapes undone.
  func unescaped(_ text: TextView, in batch: RecordBatch) -> [UInt8]

  /// Appends a text with its escapes undone, for texts that are read as a whole and not kept.
  func unescape(_ text: TextView, in batch: RecordBatch, into result: inout Buffer<UInt8>)

  /// The record's own id (`key`, `id`, ...), if it has one.
  func key(ofRow row: Int, in batch: RecordBatch) -> String?
}

extension RecordFormat {
  package var isBinary: Bool { false }

  package var storedRange: StoredRange? { nil }

  package func unescape(_ text: TextView, in batch: RecordBatch, into result: inout Buffer<UInt8>) {
    for byte in unescaped(text, in: batch) { result.append(byte) }
  }

  package func spelling(at position: UInt32, in batch: RecordBatch) -> String? { nil }

  package func jsonExtents(ofRow row: Int, in batch: RecordBatch) -> [RecordView] { [batch.records[row]] }

  package func shownExtent(around position: UInt32, row: Int, in batch: RecordBatch) -> Range<Int> {
    let start = Int(batch.records[row].offset)
    return isBinary ? start..<start : start..<(start + Int(batch.records[row].length))
  }

  package func storedExtent(ofRow row: Int, in batch: RecordBatch) -> (offset: UInt64, length: UInt64)? {
    nil
  }
}

/// A type of numbers narrower than a double, by its largest one.
package struct StoredRange: Sendable, Equatable {
  package let type: String
  package let largest: String

  package init(type: String, largest: String) {
    self.type = type
    self.largest = largest
  }
}
