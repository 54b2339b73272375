import CKernels
import ShardModel

/// The stored hashes of one shard's records and where the records stand, beside the shard's state.
///
///     magic (8)  { header length, rest length, header, rest }*  0
///
/// A frame holds consecutive records of one chunk: the hashes first (16 bytes each), then the places (2 to 15 bytes
/// each). Records that are compared in several ways have a frame for each. No record's own key is stored. Chunks without a record that is compared have no frame.
///
/// A record's address is where its frame begins and its row in the frame; addresses of the indexes laid end to end order
/// all records of a data set.
enum RecordIndex {
  /// The last byte is the version.
  static let magic: [UInt8] = Array("SHRDIDX".utf8) + [2]
  static let rowBits: UInt64 = 14
  static let mostRows = 1 << 14

  /// `%` stands before two digits in every path that a shard's name makes, so this one is nobody else's.
  static func path(of name: String, in folder: String) -> String {
    folder + "/" + SafePath.relative(for: name, ending: "%records")
  }

  /// What holds for all records of a frame.
  struct Header: Equatable {
    var memberOrdinal: UInt64
    var member: String?
    /// Of the first record.
    var record: UInt64
    /// Of the chunk.
    var offset: UInt64
    /// 0 where the format has no lines.
    var line: UInt64
    /// Whether each record has one line of its own.
    var hasRecordPerLine: Bool
    /// What the hashes are compared for, 0 for whole records.
    var comparison: UInt64
    var count: Int
    /// Path of the values that are compared, where the comparison does not tell.
    var field: String?

    func encode(into writer: inout ByteWriter) {
      writer.write(memberOrdinal)
      writer.write(member != nil)
      if let member { writer.write(member) }
      writer.write(record)
      writer.write(offset)
      writer.write(line)
      writer.write(hasRecordPerLine)
      writer.write(comparison)
      writer.write(UInt64(count))
      writer.write(field != nil)
      if let field { writer.write(field) }
    }

    init(of batch: RecordBatch, rows: Range<Int>, hasRecordPerLine: Bool, comparison: UInt64, field: String?)
    {
      self.field = field
      self.comparison = comparison
      memberOrdinal = batch.origin.memberOrdinal
      member = batch.origin.member
      record = batch.origin.record &+ UInt64(rows.lowerBound)
      offset = batch.origin.offset
      line =
        batch.origin.line == 0 ? 0 : batch.origin.line &+ (hasRecordPerLine ? UInt64(rows.lowerBound) : 0)
      self.hasRecordPerLine = hasRecordPerLine
      count = rows.count
    }

    init(decoding reader: inout ByteReader) throws(DecodingFailure) {
      memberOrdinal = try reader.readUInt64()
      member = try reader.readBool() ? try reader.readString() : nil
      record = try reader.readUInt64()
      offset = try reader.readUInt64()
      line = try reader.readUInt64()
      hasRecordPerLine = try reader.readBool()
      comparison = try reader.readUInt64()
      let count = try reader.readUInt64()
      guard count <= UInt64(RecordIndex.mostRows) else { throw DecodingFailure("too many records") }
      self.count = Int(count)
      field = try reader.readBool() ? try reader.readString() : nil
    }
  }

  /// The frames of a batch's records.
  /// - Parameters:
  ///   - hashes: of the rows, one each.
  ///   - rows: nil for all.
  /// - Complexity: O(records), and O(bytes) where records and lines are not one and the same.
  static func frames(
    of batch: RecordBatch, hashes: UnsafeBufferPointer<ck_record_hash>, comparison: UInt64 = 0,
    field: String? = nil, rows wanted: Range<Int>? = nil
  ) -> [UInt8] {
    let wanted = wanted ?? 0..<min(batch.records.count, hashes.count)
    guard hashes.contains(where: { $0.low != 0 || $0.high != 0 }) else { return [] }
    // Where there are no lines there are none to count.
    let isPerLine = batch.origin.line == 0 || hasRecordPerLine(batch)
    var lines = LineCount(batch)
    var result: [UInt8] = []
    var start = wanted.lowerBound
    while start < wanted.upperBound {
      let rows = start..<min(start + mostRows, wanted.upperBound)
      var header = ByteWriter()
      Header(of: batch, rows: rows, hasRecordPerLine: isPerLine, comparison: comparison, field: field).encode(
        into: &header)
      let head = header.bytes
      let frame = [UInt8](
        unsafeUninitializedCapacity: mostLengthBytes + head.count + mostBytes * rows.count
      ) { bytes, count in
        let body = UnsafeMutableBufferPointer(rebasing: bytes[(mostLengthBytes + head.count)...])
        let size = encode(
          rows, of: batch, UnsafeBufferPointer(rebasing: hashes[(rows.lowerBound - wanted.lowerBound)...]),
          isPerLine ? nil : { lines.upTo($0) }, into: body)
        var start = ByteWriter()
        start.write(UInt64(head.count))
        start.write(UInt64(size))
        start.write(raw: head)
        // The lengths are known last: what they leave free is closed.
        for (index, byte) in start.bytes.enumerated() { bytes[index] = byte }
        if let base = bytes.baseAddress {
          (base + start.bytes.count).update(from: base + (mostLengthBytes + head.count), count: size)
        }
        count = start.bytes.count + size
      }
      if result.isEmpty { result = frame } else { result += frame }
      start = rows.upperBound
    }
    return result
  }

  /// Bytes of a record in a frame: its hash and three varints of up to 32 bits.
  static let mostBytes = 16 + 3 * 5
  private static let mostLengthBytes = 10
  /// The name of a member, which the decoders bound, and some numbers.
  static let mostHeaderBytes = 1 << 24

  /// Returns how many bytes were written.
  private static func encode(
    _ rows: Range<Int>, of batch: RecordBatch, _ hashes: UnsafeBufferPointer<ck_record_hash>,
    _ lines: ((UInt32) -> UInt32)?, into bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    // Safe: there is room for `mostBytes` a row.
    guard let base = bytes.baseAddress else { return 0 }
    var p = base
    for index in 0..<rows.count {
      let raw = UnsafeMutableRawPointer(p)
      raw.storeBytes(of: hashes[index].low.littleEndian, as: UInt64.self)
      raw.storeBytes(of: hashes[index].high.littleEndian, toByteOffset: 8, as: UInt64.self)
      p += 16
    }
    var end: UInt32 = 0
    for row in rows {
      let record = batch.records[row]
      write(record.offset &- end, to: &p)
      write(record.length, to: &p)
      if let lines { write(lines(record.offset), to: &p) }
      end = record.offset &+ record.length
    }
    return p - base
  }

  /// As `ByteWriter` does it.
  @inline(__always)
  private static func write(_ value: UInt32, to p: inout UnsafeMutablePointer<UInt8>) {
    var rest = value
    while rest >= 0x80 {
      p.pointee = UInt8(truncatingIfNeeded: rest) | 0x80
      p += 1
      rest >>= 7
    }
    p.pointee = UInt8(truncatingIfNeeded: rest)
    p += 1
  }

  /// Rows of a table end with a line break each; if there are no others, rows are lines.
  private static func hasRecordPerLine(_ batch: RecordBatch) -> Bool {
    if batch.hasRecordPerLine { return true }
    guard batch.isUntyped else { return false }
    let end: UInt8 = batch.endsLinesWithCarriageReturn ? 0x0D : 0x0A
    let isClosed = batch.byteCount > 0 && batch.bytes[batch.byteCount - 1] == end
    return ck_count_byte(batch.bytes, batch.byteCount, end) == batch.records.count - (isClosed ? 0 : 1)
  }

  /// Line breaks between the start of a batch and its records.
  private struct LineCount {
    private let batch: RecordBatch
    private var offset = 0
    private var lines: UInt32 = 0

    init(_ batch: RecordBatch) { self.batch = batch }

    mutating func upTo(_ position: UInt32) -> UInt32 {
      let end = min(Int(position), batch.byteCount)
      if end > offset {
        let byte: UInt8 = batch.endsLinesWithCarriageReturn ? 0x0D : 0x0A
        lines &+= UInt32(truncatingIfNeeded: ck_count_byte(batch.bytes + offset, end - offset, byte))
        offset = end
      }
      return lines
    }
  }
}

/// Writes a record index while its shard is read.
///
/// Room is set aside in the order of the chunks, by one thread at a time; it is filled by any thread, which must be done
/// before `finish`.
final class RecordIndexWriter: @unchecked Sendable {
  /// What `RecordIndex.frames` made of a chunk, and where it goes.
  struct Part {
    var offset: UInt64
    var frames: [UInt8]
  }

  private let file: FileWriter

  init(path: String) throws(FileFailure) {
    file = try FileWriter(path: path)
    try write(place(RecordIndex.magic))
  }

  /// Sets room aside for the next chunk.
  func place(_ frames: [UInt8]) -> Part { Part(offset: file.reserve(frames.count), frames: frames) }

  func write(_ part: Part) throws(FileFailure) { try file.write(part.frames, at: part.offset) }

  func finish() throws(FileFailure) {
    try write(place([0]))
    try file.finish()
  }

  func abandon() { file.abandon() }
}
