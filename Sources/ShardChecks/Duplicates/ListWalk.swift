import ShardModel

/// What the columns do not say about lists whose elements are of several types, or hold integers beyond 2^53: the index
/// of each element that is no number, and where the long integers stand. For such lists only; others need no walk.
///
/// - Complexity: O(bytes of the records); memory O(elements of the batch).
struct ListWalk {
  struct Element: BitwiseCopyable {
    var position: UInt32
    var index: UInt32
  }

  /// A number of at least 16 digits without fraction and exponent.
  struct LongInteger: BitwiseCopyable {
    /// Byte of the list's opening bracket.
    var list: UInt32
    /// How many numbers of the list stand before it.
    var ordinal: UInt32
    var position: UInt32
    var length: UInt32
  }

  private var elements = Buffer<Element>()
  /// In the order of lists, then ordinals.
  private(set) var integers: [LongInteger] = []
  private var open: [Frame] = []

  private struct Frame {
    var isList: Bool
    var position: UInt32
    var index: UInt32 = 0
    var numbers: UInt32 = 0
  }

  /// Elements that are no numbers, in the order of positions; valid until the next change.
  var positions: UnsafeBufferPointer<Element> { elements.values }

  mutating func deallocate() { elements.deallocate() }

  mutating func forget() {
    elements.removeAll()
    integers.removeAll(keepingCapacity: true)
  }

  /// Walks over a record that was accepted; on other bytes it stays within them.
  mutating func add(_ record: RecordView, of batch: RecordBatch) {
    open.removeAll(keepingCapacity: true)
    let bytes = batch.bytes
    let end = min(Int(record.offset) + Int(record.length), batch.byteCount)
    var index = Int(record.offset)
    while index < end {
      switch bytes[index] {
      case 0...0x20, UInt8(ascii: ":"): index += 1
      case UInt8(ascii: ","):
        if !open.isEmpty { open[open.count - 1].index &+= 1 }
        index += 1
      case UInt8(ascii: "\""):
        noteElement(at: index)
        index = Self.textEnd(bytes, from: index, to: end)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        noteElement(at: index)
        open.append(
          Frame(isList: bytes[index] == UInt8(ascii: "["), position: UInt32(truncatingIfNeeded: index)))
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = open.popLast()
        index += 1
      default: index = addScalar(bytes, from: index, to: end)
      }
    }
  }

  /// Brings the integers into order; called once all records were added.
  mutating func finish() {
    integers.sort { ($0.list, $0.ordinal) < ($1.list, $1.ordinal) }
  }

  /// - Complexity: O(log n).
  func integer(list: UInt32, ordinal: UInt32) -> LongInteger? {
    var low = 0
    var high = integers.count
    while low < high {
      let middle = (low + high) / 2
      if (integers[middle].list, integers[middle].ordinal) < (list, ordinal) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < integers.count, integers[low].list == list, integers[low].ordinal == ordinal else {
      return nil
    }
    return integers[low]
  }

  private mutating func noteElement(at index: Int) {
    guard let frame = open.last, frame.isList else { return }
    elements.append(Element(position: UInt32(truncatingIfNeeded: index), index: frame.index))
  }

  private mutating func addScalar(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var index = start
    var isInteger = true
    scan: while index < end {
      switch bytes[index] {
      case 0...0x20, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"),
        UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "{"):
        break scan
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): index += 1
      default:
        isInteger = false
        index += 1
      }
    }
    guard let frame = open.last, frame.isList else { return index }
    if Self.isNumber(bytes, start, end) {
      open[open.count - 1].numbers &+= 1
      if isInteger, index - start >= 16 {
        integers.append(
          LongInteger(
            list: frame.position, ordinal: frame.numbers, position: UInt32(truncatingIfNeeded: start),
            length: UInt32(truncatingIfNeeded: index - start)))
      }
    } else {
      noteElement(at: start)
    }
    return index
  }

  /// `true`, `false` and `null` are the words that are no numbers; `nan` is one.
  private static func isNumber(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch bytes[start] {
    case UInt8(ascii: "t"), UInt8(ascii: "f"): false
    case UInt8(ascii: "n"): start + 1 < end && bytes[start + 1] == UInt8(ascii: "a")
    default: true
    }
  }

  private static func textEnd(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var index = start + 1
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "\""): return index + 1
      case UInt8(ascii: "\\"): index += 2
      default: index += 1
      }
    }
    return end
  }
}
