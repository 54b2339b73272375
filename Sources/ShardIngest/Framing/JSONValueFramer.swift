import CKernels
import ShardModel

/// Cuts line-delimited records: a record ends with its line feed.
package struct LineFramer: RecordFramer {
  private var records = 0
  private var boundary = 0

  package init() {}

  package mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary? {
    let run = ck_count_lines(bytes + from, count - from)
    if run.lines > 0 {
      records += Int(run.lines)
      boundary = from + Int(run.end)
    }
    return records > 0 ? FrameBoundary(offset: boundary, records: records) : nil
  }

  package mutating func cut(at boundary: FrameBoundary) {
    records -= boundary.records
    self.boundary -= boundary.offset
  }

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    records + (count > boundary ? 1 : 0)
  }
}

/// Cuts JSON values that follow each other, or that are the elements of one array, by counting brackets outside
/// of strings.
///
/// A raw line feed inside a string is no JSON; the string is taken to end there, so that one missing quote does
/// not turn the rest of the file inside out.
package struct JSONValueFramer: RecordFramer {
  package enum Layout: Sendable { case array, values }

  private enum State {
    /// At the first byte of the data, or in a byte order mark of which so many bytes were seen.
    case start(Int)
    /// Before the bracket that opens the array.
    case beforeArray
    /// Between values.
    case between
    /// In a number or a word outside of brackets.
    case scalar
    /// In brackets, or in a string.
    case inside
    /// Behind the bracket that closes the array; whatever stands there is one record, and wrong.
    case closed(hasRest: Bool)
  }

  private let layout: Layout
  private var state: State
  private var scan = ck_nesting()
  private var records = 0
  private var boundary = 0

  /// - Parameter isInside: whether the start of the data (the opening bracket of the array) has been seen.
  package init(layout: Layout, isInside: Bool = false) {
    self.layout = layout
    state = isInside ? .between : .start(0)
  }

  package mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary? {
    var index = from
    while index < count { index = step(bytes, index, count) }
    return records > 0 ? FrameBoundary(offset: boundary, records: records) : nil
  }

  /// The end of the first value in the bytes, or the bracket that closes the array before one; nil without either.
  package mutating func firstEnd(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
    var index = 0
    while index < count, records == 0 {
      index = step(bytes, index, count)
      if case .closed = state { return index - 1 }
    }
    return records > 0 ? boundary : nil
  }

  package mutating func cut(at boundary: FrameBoundary) {
    records -= boundary.records
    self.boundary -= boundary.offset
  }

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    if case .closed(let hasRest) = state { return records + (hasRest ? 1 : 0) }
    let hasRest = (boundary..<max(boundary, count)).contains { !isSpace(bytes[$0]) }
    return records + (hasRest ? 1 : 0)
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  /// Whether a number or a word ends before this byte.
  static func endsScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "{"), UInt8(ascii: "["),
      UInt8(ascii: "\""), 0x20, 0x0A, 0x0D, 0x09:
      true
    default: false
    }
  }

  private mutating func end(at index: Int) -> Int {
    records += 1
    boundary = index
    state = .between
    return index
  }

  /// Goes on from `index` and returns how far it came.
  private mutating func step(_ bytes: UnsafePointer<UInt8>, _ index: Int, _ count: Int) -> Int {
    let byte = bytes[index]
    switch state {
    case .start(let seen): return stepAtStart(byte, seen, index)
    case .beforeArray:
      if isSpace(byte) { return index + 1 }
      state = .between
      return byte == UInt8(ascii: "[") ? index + 1 : index
    case .between:
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
        state = .inside
        scan = ck_nesting()
        return index
      case UInt8(ascii: "]") where layout == .array:
        state = .closed(hasRest: false)
        return index + 1
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
        // A separator; where values follow each other without an array it is a record of its own, and wrong.
        return layout == .array ? index + 1 : end(at: index + 1)
      case _ where isSpace(byte): return index + 1
      default:
        state = .scalar
        return index
      }
    case .scalar: return Self.endsScalar(byte) ? end(at: index) : index + 1
    case .closed:
      if !isSpace(byte) { state = .closed(hasRest: true) }
      return index + 1
    case .inside:
      let used = ck_scan_nesting(&scan, bytes + index, count - index)
      return scan.is_closed != 0 ? end(at: index + Int(used)) : index + Int(used)
    }
  }

  /// A whole byte order mark belongs to no record; a part of one is content.
  private mutating func stepAtStart(_ byte: UInt8, _ seen: Int, _ index: Int) -> Int {
    let mark: [3 of UInt8] = [0xEF, 0xBB, 0xBF]
    let afterMark = layout == .array ? State.beforeArray : .between
    guard byte == mark[seen] else {
      state = seen > 0 ? .scalar : afterMark
      return index
    }
    if seen == 2 { boundary = index + 1 }
    state = seen < 2 ? .start(seen + 1) : afterMark
    return index + 1
  }
}
