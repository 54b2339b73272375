import ShardIngest
import ShardModel
import ShardTestSupport

typealias ScratchFolder = ShardTestSupport.TemporaryFolder

/// A shard read through `ChunkSource` and reader, and what its pieces said.
struct ShardReading {
  var parsed = ParsedJSON()
  var chunks: [Range<Int>] = []
  /// Record ordinal and length of each record that was skipped.
  var tooLong: [Int: UInt64] = [:]
  var errors: [String] = []
  var isCutByLimit = false
  var formats: [String] = []

  init(_ folder: ScratchFolder, _ name: String, _ change: (inout IngestOptions) -> Void = { _ in }) throws {
    var options = IngestOptions()
    change(&options)
    let path = folder.path + "/" + name
    let bytes = folder.read(name) ?? []
    let source = try ChunkSource(
      ShardInput(name: path, path: path), options: options, workspace: DecodingWorkspace())
    let buffer = ChunkBuffer()
    let reader = JSONReader(layout: .lines)
    var offset = 0
    var record = 0
    while let piece = source.next(into: buffer) {
      switch piece {
      case .records(let count, let origin, .json(let layout), let isFinal):
        check(origin, offset, record, bytes)
        if !buffer.holds(bytes[offset..<(offset + count)]) { errors.append("other bytes at \(offset)") }
        reader.layout = layout
        reader.read(buffer.bytes, count: count, origin: origin, isFinal: isFinal)
        parsed.add(reader.batch, offset: offset)
        chunks.append(offset..<(offset + count))
        offset += count
        record += reader.batch.records.count
      case .tooLong(let origin, let length):
        check(origin, offset, record, bytes)
        tooLong[record] = length
        parsed.records.append(ParsedJSON.Record(offset: offset, length: Int(length)))
        offset += Int(length)
        record += 1
      default: errors.append("\(piece)")
      }
    }
    isCutByLimit = source.isCutByLimit
    formats = source.formats
    if !isCutByLimit, offset != bytes.count { errors.append("\(offset) of \(bytes.count) bytes") }
    errors += parsed.errors
  }

  private mutating func check(_ origin: BatchOrigin, _ offset: Int, _ record: Int, _ bytes: [UInt8]) {
    let lines = bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
    if origin.offset != UInt64(offset) { errors.append("offset \(origin.offset), not \(offset)") }
    if origin.record != UInt64(record) {
      errors.append("record \(origin.record), not \(record) at \(offset)")
    }
    if origin.line != UInt64(lines + 1) { errors.append("line \(origin.line), not \(lines + 1)") }
    if origin.chunk != chunks.count + tooLong.count { errors.append("chunk \(origin.chunk)") }
  }
}

extension ChunkBuffer {
  /// Whether these bytes come first, between zeros.
  fileprivate func holds(_ wanted: ArraySlice<UInt8>) -> Bool {
    let content = UnsafeBufferPointer(start: UnsafePointer(bytes), count: wanted.count)
    let before = UnsafeBufferPointer(
      start: UnsafePointer(bytes) - RecordBatch.padding, count: RecordBatch.padding)
    let after = UnsafeBufferPointer(start: UnsafePointer(bytes) + wanted.count, count: RecordBatch.padding)
    return content.elementsEqual(wanted) && before.allSatisfy { $0 == 0 } && after.allSatisfy { $0 == 0 }
  }
}

extension IngestOptions {
  /// Chunks of one record or some bytes, whichever is more.
  mutating func cutEach(_ bytes: Int) {
    chunks.bytes = bytes
    chunks.fewestRecords = 1
  }
}
