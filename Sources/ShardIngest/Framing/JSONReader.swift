import CKernels
import ShardModel

/// Reads chunks of JSON records into a batch: one record a line, the elements of one array, or values one after
/// another.
///
/// Accepts exactly RFC 8259 in UTF-8, and the numbers `NaN`, `nan`, `NAN`, `Infinity`, `infinity`, `INFINITY`, `Inf`,
/// `inf`, `INF`, each with or without a sign.
///
/// - Complexity: O(bytes); memory O(chunk + fields).
package final class JSONReader: RecordReader {
  package enum Layout: Sendable, Equatable {
    /// A record ends with its line.
    case lines
    /// One array whose elements are the records.
    case array
    /// Values one after another, white space between them or not.
    case values
  }

  package let batch: RecordBatch
  package var layout: Layout
  private let limits: JSONLimits
  private let isIgnored: (@Sendable (String) -> Bool)?
  private var nodes = JSONNodes()
  private var journal = Buffer<JSONScanner.JournalEntry>()
  private var objectOrdinal: UInt64 = 0

  /// - Parameter isIgnored: whether the field with this path is left out.
  package init(
    layout: Layout, limits: JSONLimits = JSONLimits(), isIgnored: (@Sendable (String) -> Bool)? = nil
  ) {
    self.layout = layout
    self.limits = limits
    self.isIgnored = isIgnored
    batch = RecordBatch(format: JSONFormat())
  }

  deinit {
    nodes.deallocate()
    journal.deallocate()
  }

  /// Forgets the fields of the shards before, so that many shards with different fields do not add up.
  package func forgetFields() {
    nodes.deallocate()
    nodes = JSONNodes()
    batch.removeFields()
  }

  package func read(_ bytes: UnsafePointer<UInt8>, count: Int, origin: BatchOrigin, isFinal: Bool) {
    batch.begin(bytes: bytes, count: count, origin: origin)
    batch.hasRecordPerLine = layout == .lines
    var scanner = JSONScanner(
      start: bytes, end: bytes + count, batch: batch, limits: limits, lineFeedEndsRecord: layout == .lines,
      isFinal: isFinal,
      nodes: nodes, columns: batch.columns, records: batch.records, isIgnored: isIgnored,
      objectOrdinal: objectOrdinal,
      journal: journal,
      failurePosition: bytes)
    switch layout {
    case .lines: readLines(&scanner, isFinal: isFinal)
    case .array, .values: readValues(&scanner, isFinal: isFinal)
    }
    batch.records = scanner.records
    // A mark without a record after it marks nothing.
    batch.defects = scanner.records.isEmpty ? [] : scanner.defects
    batch.valuesBeyondFieldLimit = scanner.valuesBeyondFieldLimit
    nodes = scanner.nodes
    journal = scanner.journal
    objectOrdinal = scanner.objectOrdinal
  }

  // MARK: One record a line

  private func readLines(_ scanner: inout JSONScanner, isFinal: Bool) {
    let end = scanner.end
    var p = scanner.start
    if batch.origin.offset == 0 { p = skipByteOrderMark(&scanner, p) }
    while p < end {
      let start = p
      beginRecord(&scanner)
      p = scanner.skipSpace(p)
      if p >= end || p.pointee == UInt8(ascii: "\n") {
        scanner.records.append(view(start, lineContentEnd(start, p), in: scanner))
        addDefect(.empty, &scanner, at: start, "blank line")
        p += 1
        continue
      }
      if let after = scanner.parseValue(0, p) {
        let rest = after.pointee <= 0x20 ? scanner.skipSpace(after) : after
        if rest.pointee == UInt8(ascii: "\n") || rest >= end {
          scanner.records.append(view(start, lineContentEnd(start, rest < end ? rest : end), in: scanner))
          if !scanner.hasMembers { noteIfEmpty(&scanner, start) }
          p = rest + 1
          continue
        }
        _ = scanner.fail(.expected("the end of the line"), at: rest)
      }
      let lineEnd = find(UInt8(ascii: "\n"), from: start, to: end)
      let isTruncated = isFinal && lineEnd == end && scanner.failurePosition >= end
      scanner.takeBack(from: start)
      scanner.records.append(view(start, lineContentEnd(start, lineEnd), in: scanner))
      addFailure(&scanner, isTruncated ? .truncated : .malformed)
      p = lineEnd + 1
    }
  }

  /// The end of a line without its carriage return.
  private func lineContentEnd(_ start: Cursor, _ end: Cursor) -> Cursor {
    end > start && end[-1] == UInt8(ascii: "\r") ? end - 1 : end
  }

  // MARK: Values

  private func readValues(_ scanner: inout JSONScanner, isFinal: Bool) {
    var p = scanner.start
    if batch.origin.offset == 0 { p = skipByteOrderMark(&scanner, p) }
    if layout == .array { readElements(&scanner, p, isFinal: isFinal) } else { readRun(&scanner, p, isFinal) }
  }

  private func readRun(_ scanner: inout JSONScanner, _ start: Cursor, _ isFinal: Bool) {
    var p = start
    while true {
      beginRecord(&scanner)
      p = scanner.skipSpace(p)
      if p >= scanner.end { return }
      p = readValue(&scanner, p, isFinal: isFinal).next
    }
  }

  /// Makes the same records as `JSONValueFramer`, wherever the bytes were cut.
  private func readElements(_ scanner: inout JSONScanner, _ from: Cursor, isFinal: Bool) {
    let end = scanner.end
    var p = from
    var isFirst = false
    if batch.origin.record == 0 {
      p = scanner.skipSpace(p)
      isFirst = p < end && p.pointee == UInt8(ascii: "[")
      if isFirst { p += 1 }
    }
    while true {
      beginRecord(&scanner)
      p = scanner.skipSpace(p)
      if p < end, p.pointee == UInt8(ascii: "]") {
        let rest = scanner.skipSpace(p + 1)
        if isFinal, rest >= end { return }
        // What stands at the end of a chunk is followed by something in the next one.
        _ = scanner.fail(.strayBracket, at: p)
        addRejected(&scanner, from: p, to: p + 1, kind: .malformed)
        p += 1
        isFirst = false
        continue
      }
      let isAfterComma = !isFirst && p < end && p.pointee == UInt8(ascii: ",")
      if isAfterComma { p = scanner.skipSpace(p + 1) }
      if p >= end ? !isFinal && (isFirst || isAfterComma) : isMissing(p, isFirst, isAfterComma) {
        _ = scanner.fail(.missingElement, at: p)
        addRejected(&scanner, from: p, to: p, kind: .malformed)
        isFirst = false
        continue
      }
      if p >= end {
        if isFinal { addUnclosed(&scanner, end) }
        return
      }
      guard isFirst || isAfterComma else {
        _ = scanner.fail(.expected("',' or ']'"), at: p)
        let rejected = reject(&scanner, from: p, isFinal: isFinal)
        if rejected.isOpen { return }
        p = rejected.next
        continue
      }
      isFirst = false
      let value = readValue(&scanner, p, isFinal: isFinal)
      // That the array is not closed goes without saying.
      if value.isOpen { return }
      p = value.next
    }
  }

  /// Whether there should be an element at `p` and is none.
  private func isMissing(_ p: Cursor, _ isFirst: Bool, _ isAfterComma: Bool) -> Bool {
    (p.pointee == UInt8(ascii: ",") && (isFirst || isAfterComma))
      || (p.pointee == UInt8(ascii: "]") && isAfterComma)
  }

  private func beginRecord(_ scanner: inout JSONScanner) {
    scanner.row = scanner.records.count
    scanner.journal.count = 0
    scanner.hasMembers = false
    scanner.failure = nil
    scanner.defectsBefore = scanner.defects.count
    scanner.beyondLimitBefore = scanner.valuesBeyondFieldLimit
  }

  /// Reads the value at `start`, or rejects what stands there.
  private func readValue(
    _ scanner: inout JSONScanner, _ start: Cursor, isFinal: Bool
  ) -> (next: Cursor, isOpen: Bool) {
    if let after = scanner.parseValue(0, start), isSeparated(start, after, scanner.end) {
      scanner.records.append(view(start, after, in: scanner))
      if !scanner.hasMembers { noteIfEmpty(&scanner, start) }
      return (after, false)
    }
    if scanner.failure == nil { _ = scanner.fail(.expected("a value"), at: start) }
    return reject(&scanner, from: start, isFinal: isFinal)
  }

  /// Whether the value ends where `JSONValueFramer` ends it, so that a cut behind it changes nothing: `1 2` are two
  /// values, `12` is one, `truefalse` is none.
  private func isSeparated(_ start: Cursor, _ after: Cursor, _ end: Cursor) -> Bool {
    switch start.pointee {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): return true
    default: return after >= end || JSONValueFramer.endsScalar(after.pointee)
    }
  }

  /// Makes a rejected record of the bytes from `start` up to where the framer sees its end; says whether they end
  /// inside a string or brackets.
  private func reject(
    _ scanner: inout JSONScanner, from start: Cursor, isFinal: Bool
  ) -> (next: Cursor, isOpen: Bool) {
    let rest = scanner.end - start
    var framer = JSONValueFramer(layout: layout == .array ? .array : .values, isInside: true)
    let length = framer.firstEnd(start, count: rest) ?? rest
    let isTruncated = isFinal && length == rest && scanner.failurePosition >= scanner.end
    addRejected(&scanner, from: start, to: start + length, kind: isTruncated ? .truncated : .malformed)
    return (start + length, framer.isOpen)
  }

  private func addRejected(
    _ scanner: inout JSONScanner, from start: Cursor, to end: Cursor, kind: Defect.Kind
  ) {
    scanner.takeBack(from: start)
    scanner.records.append(view(start, end, in: scanner))
    addFailure(&scanner, kind)
  }

  private func addUnclosed(_ scanner: inout JSONScanner, _ end: Cursor) {
    scanner.records.append(view(end, end, in: scanner))
    addDefect(.truncated, &scanner, at: end, "the array is not closed, expected ',' or ']'")
  }

  // MARK: Support

  private func view(_ start: Cursor, _ end: Cursor, in scanner: JSONScanner) -> RecordView {
    RecordView(offset: scanner.position(start), length: UInt32(truncatingIfNeeded: end - start))
  }

  private func skipByteOrderMark(_ scanner: inout JSONScanner, _ p: Cursor) -> Cursor {
    guard scanner.end - p >= 3, p[0] == 0xEF, p[1] == 0xBB, p[2] == 0xBF else { return p }
    scanner.defects.append(
      Defect(
        kind: .invalidEncoding, row: 0, position: 0,
        detail: "a byte order mark stands before the first record, which strict readers refuse"))
    return p + 3
  }

  private func noteIfEmpty(_ scanner: inout JSONScanner, _ start: Cursor) {
    let first = scanner.skipSpace(start)
    if first.pointee == UInt8(ascii: "{") || first.pointee == UInt8(ascii: "[") {
      let inner = scanner.skipSpace(first + 1)
      if inner.pointee == UInt8(ascii: "}") || inner.pointee == UInt8(ascii: "]") {
        addDefect(.empty, &scanner, at: start, "nothing in it")
      }
    } else if first.pointee == UInt8(ascii: "n") {
      addDefect(.empty, &scanner, at: start, "null is no record")
    }
  }

  private func addDefect(_ kind: Defect.Kind, _ scanner: inout JSONScanner, at p: Cursor, _ detail: String) {
    scanner.defects.append(
      Defect(kind: kind, row: scanner.row, position: scanner.position(p), detail: detail))
  }

  private func addFailure(_ scanner: inout JSONScanner, _ kind: Defect.Kind) {
    let detail = scanner.failureText
    addDefect(
      kind, &scanner, at: min(scanner.failurePosition, scanner.end),
      kind == .truncated ? "the data end inside the record: " + detail : detail)
  }

  private func find(_ byte: UInt8, from start: Cursor, to end: Cursor) -> Cursor {
    var p = start
    while p < end, p.pointee != byte { p += 1 }
    return p
  }
}
