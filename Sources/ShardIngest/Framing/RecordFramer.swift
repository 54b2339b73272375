import ShardModel

/// Finds where records end, so that a stream can be cut into chunks that different workers parse.
///
/// A framer is a state machine over the bytes of one member: it sees each byte once, in order, however the
/// bytes are split, and it never fails. Where the bytes do not follow the grammar it still finds *some* boundary
/// from which a reader can go on; the reader then reports the record.
package protocol RecordFramer {
  /// Scans the next bytes of the pending region.
  ///
  /// `bytes[0]` is the first byte after the last cut; `bytes[..<from]` have been scanned before, `bytes[from..<count]`
  /// are new.
  /// - Returns: the offset just past the last complete record in `bytes[..<count]` and how many records end there,
  ///   counted from `bytes[0]`, or nil where no record is complete yet.
  mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary?

  /// Tells that the pending region was cut at the boundary that `scan` returned: offsets and record counts
  /// restart there, the state of what was scanned after it stays.
  mutating func cut(at boundary: FrameBoundary)

  /// How many records the rest holds, when no more bytes come: `bytes[..<count]` have all been scanned.
  mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int
}

package struct FrameBoundary: Equatable, Sendable {
  /// Bytes from the start of the pending region.
  package var offset: Int
  /// Records that end at or before `offset`.
  package var records: Int

  package init(offset: Int, records: Int) {
    self.offset = offset
    self.records = records
  }
}

/// Parses the records of one chunk into the columns of a batch. One reader belongs to one worker.
///
/// A reader does not fail on content: what it cannot parse becomes a record with a `Defect`, whose values are not
/// kept. It fills exactly as many records as the framer counted in these bytes.
package protocol RecordReader: AnyObject {
  var batch: RecordBatch { get }

  /// - Parameters:
  ///   - bytes: whole records, with `RecordBatch.padding` readable bytes before and after. They stay in place until
  ///     the next call.
  ///   - isFinal: whether the member's data end here, so that an incomplete last record is `truncated`.
  func read(_ bytes: UnsafePointer<UInt8>, count: Int, origin: BatchOrigin, isFinal: Bool)
}
