import CKernels
import ShardModel

/// Cuts line-delimited records: a record ends with its line feed.
package struct LineFramer: RecordFramer {
  private var records = 0
  private var boundary = 0
  private var isAtStart = true

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
    isAtStart = false
  }

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    // A byte order mark alone is no line.
    let isMark =
      isAtStart && records == 0 && count == 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    return records + (count > boundary && !isMark ? 1 : 0)
  }
}

/// Cuts JSON values that follow each other, or that are the elements of one array, by counting brackets outside
/// of strings.
///
/// A raw line feed inside a string is no JSON; the string is taken to end there, so that one missing quote does
/// not turn the rest of the file inside out. In an array these are records too, all of them wrong: a place where an
/// element is missing (`1,,2` and `1,]`; nothing long), a brace that closes nothing, a closing bracket that
/// something follows, and the end of the data where the bracket is missing. `JSONReader` makes the same records.
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
    /// Behind a separator that separates nothing: a record of its own, which ends with the next byte, so that no byte
    /// ends two.
    case stray
  }

  /// What may come next between the elements of an array.
  private enum Next {
    case elementOrEnd
    /// A comma stands before.
    case element
    case commaOrEnd
    /// A closing bracket stands at this offset, and nothing after it so far.
    case nothing(after: Int)
  }

  /// A value that a brace opens and a bracket closes: that bracket was meant for something around it.
  struct Crossed {
    /// The records before.
    var complete: FrameBoundary
    var end: Int
  }

  private let layout: Layout
  private var state: State
  private var opening: UInt8 = 0
  /// Those since the last cut, in order.
  private(set) var crossed: [Crossed] = []
  private var next = Next.commaOrEnd
  private var scan = ck_nesting()
  private var records = 0
  private var boundary = 0

  /// - Parameter isInside: whether the bytes follow a record.
  package init(layout: Layout, isInside: Bool = false) {
    self.layout = layout
    state = isInside ? .between : .start(0)
  }

  package mutating func scan(_ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> FrameBoundary? {
    var index = from
    while index < count { index = step(bytes, index, count) }
    return records > 0 ? FrameBoundary(offset: boundary, records: records) : nil
  }

  /// The end of the first value in the bytes, or nil where it has none.
  package mutating func firstEnd(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
    var index = 0
    while index < count, records == 0 { index = step(bytes, index, count) }
    return records > 0 ? boundary : nil
  }

  package mutating func cut(at boundary: FrameBoundary) {
    records -= boundary.records
    self.boundary -= boundary.offset
    if !crossed.isEmpty { dropCrossed(before: boundary) }
    if case .nothing(let offset) = next { next = .nothing(after: offset - boundary.offset) }
  }

  private mutating func dropCrossed(before cut: FrameBoundary) {
    crossed.removeAll { $0.end <= cut.offset }
    for index in crossed.indices {
      crossed[index].end -= cut.offset
      crossed[index].complete.offset -= cut.offset
      crossed[index].complete.records -= cut.records
    }
  }

  /// Forgets what was looked at.
  mutating func forgetCrossed() { crossed.removeAll() }

  package mutating func finish(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    switch state {
    case .inside: return records + 1
    case .scalar, .stray: records += 1
    case .start(let seen): if seen > 0 { records += 1 }
    case .between, .beforeArray: break
    }
    if case .nothing = next { return records }
    return layout == .array ? records + 1 : records
  }

  /// Whether the bytes so far end inside a string or brackets.
  var isOpen: Bool {
    if case .inside = state { true } else { false }
  }

  /// The records complete so far and where the last one ends, since the last cut.
  var complete: FrameBoundary { FrameBoundary(offset: boundary, records: records) }

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
    next = .commaOrEnd
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
      next = .elementOrEnd
      return byte == UInt8(ascii: "[") ? index + 1 : index
    case .between:
      if isSpace(byte) { return index + 1 }
      // The bracket did not end the data.
      if case .nothing(let bracket) = next { _ = end(at: bracket + 1) }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
        state = .inside
        opening = byte
        scan = ck_nesting()
        return index
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return stepAtSeparator(byte, index)
      default:
        state = .scalar
        return index
      }
    case .scalar: return Self.endsScalar(byte) ? end(at: index) : index + 1
    case .stray: return end(at: index)
    case .inside:
      let used = ck_scan_nesting(&scan, bytes + index, count - index)
      let after = index + Int(used)
      guard scan.is_closed != 0 else { return after }
      if opening == UInt8(ascii: "{"), bytes[after - 1] == UInt8(ascii: "]") {
        crossed.append(Crossed(complete: complete, end: after))
      }
      return end(at: after)
    }
  }

  private mutating func stepAtSeparator(_ byte: UInt8, _ index: Int) -> Int {
    // Where values follow each other without an array it is a record of its own, and wrong.
    if layout == .values || byte == UInt8(ascii: "}") {
      state = .stray
      return index + 1
    }
    let isComma = byte == UInt8(ascii: ",")
    switch next {
    case .element: _ = end(at: index)
    case .elementOrEnd where isComma: _ = end(at: index)
    case .elementOrEnd, .commaOrEnd, .nothing: break
    }
    next = isComma ? .element : .nothing(after: index)
    return index + 1
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
