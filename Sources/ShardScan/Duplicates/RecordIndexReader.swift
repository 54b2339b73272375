import ShardModel

/// Reads a record index back; anything that is not one throws.
final class RecordIndexReader {
  private let path: String
  private let file: FileReader

  /// Bytes of the index.
  var count: UInt64 { file.count }

  init(path: String) throws(FileFailure) {
    self.path = path
    guard Files.exists(path) else {
      throw FileFailure(path: path, reason: "the index of the shard's records is gone; scan the shard again")
    }
    file = try FileReader(path: path)
    // An offset and 14 bits of row make an address.
    guard file.count >= 9, file.count < 1 << 48, try file.read(at: 0, count: 8) == RecordIndex.magic else {
      throw failure("not an index of this version of shardcheck; scan the shard again")
    }
  }

  private func failure(_ reason: String) -> FileFailure { FileFailure(path: path, reason: reason) }

  private static let windowSize = 1 << 18

  /// Calls `body` with the offset of each frame and its hashes, 16 bytes a record, which are there during the call.
  /// - Complexity: O(bytes); memory O(frame), in one piece.
  func forEachFrame(_ body: (_ offset: UInt64, _ hashes: UnsafeRawBufferPointer) throws -> Void) throws {
    let window = Window(file, start: 8, size: Self.windowSize)
    while true {
      try window.need(20)
      let frame: (headerLength: Int, length: Int, headSize: Int)
      do throws(DecodingFailure) {
        var reader = ByteReader(Array(window.bytes.prefix(20)))
        guard let lengths = try Self.lengths(&reader) else { return }
        frame = (lengths.header, lengths.header + lengths.rest, reader.position)
      } catch {
        throw failure(error.description)
      }
      let size = frame.headSize + frame.length
      try window.need(size)
      guard window.bytes.count >= size else { throw failure("cut short") }
      let hashesStart = frame.headSize + frame.headerLength
      let count: Int
      do throws(DecodingFailure) {
        var reader = ByteReader(Array(window.bytes[frame.headSize..<hashesStart]))
        count = try RecordIndex.Header(decoding: &reader).count
      } catch {
        throw failure(error.description)
      }
      guard 16 * count <= frame.length - frame.headerLength else { throw failure("cut short") }
      try body(
        window.offset,
        UnsafeRawBufferPointer(rebasing: window.bytes[hashesStart..<(hashesStart + 16 * count)]))
      window.pass(size)
    }
  }

  /// A part of a file in memory that moves towards its end.
  private final class Window {
    private let file: FileReader
    private var buffer: UnsafeMutableRawBufferPointer
    private var position = 0
    private var count = 0
    /// Of `bytes` in the file.
    private(set) var offset: UInt64

    init(_ file: FileReader, start: UInt64, size: Int) {
      self.file = file
      offset = start
      buffer = .allocate(byteCount: size, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// What is in memory and not passed.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[position..<count]) }

    func pass(_ size: Int) {
      position += size
      offset += UInt64(size)
    }

    /// Reads on so that at least `size` bytes are there, or all that are left.
    func need(_ size: Int) throws(FileFailure) {
      let held = count - position
      guard held < size, offset + UInt64(held) < file.count else { return }
      if size <= buffer.count {
        UnsafeMutableRawBufferPointer(rebasing: buffer[..<held]).copyMemory(from: bytes)
      } else {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: bytes)
        buffer.deallocate()
        buffer = larger
      }
      position = 0
      count = held
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[held...])
      count += try file.read(at: offset + UInt64(held), into: room)
    }
  }

  /// Lengths of a frame's parts; nil behind the last frame.
  private static func lengths(
    _ reader: inout ByteReader
  ) throws(DecodingFailure) -> (header: Int, rest: Int)? {
    let header = try reader.readUInt64()
    if header == 0 { return nil }
    let rest = try reader.readUInt64()
    guard header <= UInt64(RecordIndex.mostHeaderBytes),
      rest <= UInt64(RecordIndex.mostBytes * RecordIndex.mostRows)
    else { throw DecodingFailure("a frame larger than any") }
    return (Int(header), Int(rest))
  }

  /// The header of the frame at `offset`.
  func header(at offset: UInt64) throws(FileFailure) -> RecordIndex.Header {
    try read(at: offset, size: 4_096) { (bytes) throws(DecodingFailure) in
      var reader = ByteReader(bytes)
      guard let lengths = try Self.lengths(&reader) else { throw DecodingFailure("no frame") }
      guard lengths.header <= reader.remaining else { return nil }
      return try RecordIndex.Header(decoding: &reader)
    }
  }

  /// The header and the places of the records of the frame at `offset`, in their order.
  func places(at offset: UInt64) throws(FileFailure) -> (header: RecordIndex.Header, places: [Location]) {
    try read(at: offset, size: 1 << 16) { (bytes) throws(DecodingFailure) in
      var reader = ByteReader(bytes)
      guard let lengths = try Self.lengths(&reader) else { throw DecodingFailure("no frame") }
      guard lengths.header + lengths.rest <= reader.remaining else { return nil }
      let header = try RecordIndex.Header(decoding: &reader)
      _ = try reader.readRaw(16 * header.count)
      return (header, try Self.places(header, &reader))
    }
  }

  /// Reads from `offset` until `parse` has enough.
  private func read<Value>(
    at offset: UInt64, size: Int, _ parse: (ArraySlice<UInt8>) throws(DecodingFailure) -> Value?
  ) throws(FileFailure) -> Value {
    var size = size
    while true {
      let bytes = try file.read(at: offset, count: size)
      do throws(DecodingFailure) {
        if let value = try parse(bytes[...]) { return value }
      } catch {
        throw failure(error.description)
      }
      guard bytes.count == size, UInt64(size) < file.count else { throw failure("cut short") }
      size *= 4
    }
  }

  private static func places(
    _ header: RecordIndex.Header, _ reader: inout ByteReader
  ) throws(DecodingFailure) -> [Location] {
    var places: [Location] = []
    places.reserveCapacity(header.count)
    var end: UInt32 = 0
    for row in 0..<header.count {
      let offset = end &+ UInt32(truncatingIfNeeded: try reader.readUInt64())
      let length = UInt32(truncatingIfNeeded: try reader.readUInt64())
      let lines = header.hasRecordPerLine ? UInt64(row) : try reader.readUInt64()
      places.append(
        Location(
          member: header.member, record: header.record &+ UInt64(row),
          line: header.line == 0 ? nil : header.line &+ lines,
          offset: header.offset &+ UInt64(offset), length: UInt64(length)))
      end = offset &+ length
    }
    return places
  }
}
