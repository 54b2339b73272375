import ShardModel

/// Finds the next record after a JSON value whose brackets are never closed, such as one with a missing brace or
/// quote, which would hide all records after it.
///
/// Asked only where the data, or the longest record allowed, ended inside of brackets, and where a value that a brace
/// opened is closed by a bracket, so that valid data never depend on it. The next record is then the first line that begins like the line of the open record did: with the
/// same white space and a brace, after a comma where the records are elements of an array.
///
/// The bytes after that are scanned again, so they must be bounded: after the first time in a member the open record is
/// given up at `usualLookahead` already, and all that is scanned again is at most `share` times what was read. Then
/// records are lost again.
struct JSONRecovery {
  private static let usualLookahead = 1 << 20
  private static let share = 16
  /// So that small members have a few tries.
  private static let always = 16 << 20

  private var rescanned = 0
  /// The last line feed at which the open record was searched for another one.
  private var searched = 0

  /// How long an open record may become before `end` is asked.
  func lookahead(_ options: IngestOptions) -> Int {
    rescanned == 0 ? options.maximumRecordBytes : min(options.maximumRecordBytes, Self.usualLookahead)
  }

  /// Forgets the open record, when chunks go on behind it.
  mutating func forgetRecord() { searched = 0 }

  /// Where the open record ends, which begins after the `complete` ones; nil where no record can be found after it.
  /// - Parameters:
  ///   - start: bytes of the member before `bytes`.
  ///   - limit: where to stop searching.
  ///   - count: bytes read.
  ///   - resumes: whether the same record was searched before, up to a smaller limit.
  mutating func end(
    of complete: FrameBoundary, layout: JSONReader.Layout, start: UInt64, bytes: UnsafePointer<UInt8>,
    limit: Int,
    count: Int, resumes: Bool
  ) -> FrameBoundary? {
    let read = Int(clamping: start) + count
    guard layout != .lines, rescanned <= Self.always + Self.share * min(read, 1 << 56) else { return nil }
    if !resumes { searched = 0 }
    let data = UnsafeBufferPointer(start: bytes, count: limit)
    guard let open = open(data, from: complete.offset, isStart: start == 0 && complete.records == 0),
      let end = nextRecord(after: open.index, open.indentation, data, isElement: layout == .array)
    else { return nil }
    rescanned += count - end
    return FrameBoundary(offset: end, records: complete.records + 1)
  }

  /// The brace of the open record and the white space before it, if it is the first on its line.
  private func open(
    _ data: UnsafeBufferPointer<UInt8>, from boundary: Int, isStart: Bool
  ) -> (index: Int, indentation: Slice<UnsafeBufferPointer<UInt8>>)? {
    var rest = data[boundary...]
    if isStart, rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    var indentation = isStart ? rest.prefix { Self.isBlank($0) } : nil
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "\n"): indentation = rest.dropFirst().prefix { Self.isBlank($0) }
      case UInt8(ascii: "{"): return indentation.map { (rest.startIndex, $0) }
      case _ where Self.isBlank(byte) || byte == UInt8(ascii: "[") || byte == UInt8(ascii: ","): break
      default: return nil
      }
      rest = rest.dropFirst()
    }
    return nil
  }

  private mutating func nextRecord(
    after open: Int, _ indentation: Slice<UnsafeBufferPointer<UInt8>>, _ data: UnsafeBufferPointer<UInt8>,
    isElement: Bool
  ) -> Int? {
    var from = max(open, searched)
    while let lineEnd = data[from...].firstIndex(of: UInt8(ascii: "\n")) {
      searched = lineEnd
      from = lineEnd + 1
      var rest = data[from...]
      guard rest.starts(with: indentation) else { continue }
      rest = rest.dropFirst(indentation.count)
      let hasComma = rest.first == UInt8(ascii: ",")
      if hasComma { rest = rest.dropFirst().drop { Self.isBlank($0) } }
      guard rest.first == UInt8(ascii: "{") else { continue }
      // The line feed goes with the next record, whose line it begins.
      if !isElement || hasComma { return lineEnd }
      if let comma = commaBefore(lineEnd, data) { return comma }
    }
    return nil
  }

  private func commaBefore(_ end: Int, _ data: UnsafeBufferPointer<UInt8>) -> Int? {
    let last = data[..<end].lastIndex { $0 > 0x20 }
    return last.flatMap { data[$0] == UInt8(ascii: ",") ? $0 : nil }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
