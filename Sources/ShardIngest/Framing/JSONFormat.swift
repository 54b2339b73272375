import ShardModel

/// Names and finds single values in the bytes of JSON records. Walks the record each time: for values that are
/// reported, not for the hot path.
struct JSONFormat: RecordFormat {
  func path(of position: UInt32, field: Int, row: Int, in batch: RecordBatch) -> String {
    let record = batch.records[row]
    var walker = JSONWalker(batch, from: record.offset, to: record.offset + record.length)
    return walker.path(of: Int(position)) ?? batch.fields[field].path
  }

  func elementPosition(number ordinal: Int, list: UInt32, in batch: RecordBatch) -> (
    position: UInt32, index: Int
  )? {
    var walker = JSONWalker(batch, from: list, to: UInt32(batch.byteCount))
    return walker.number(ordinal)
  }

  func valueBytes(at position: UInt32, in batch: RecordBatch) -> UnsafeBufferPointer<UInt8> {
    Self.valueBytes(at: position, to: UInt32(batch.byteCount), in: batch)
  }

  static func valueBytes(
    at position: UInt32, to limit: UInt32, in batch: RecordBatch
  ) -> UnsafeBufferPointer<UInt8> {
    var walker = JSONWalker(batch, from: position, to: limit)
    walker.skipValue()
    var start = Int(position)
    var end = walker.index
    if start < batch.byteCount, batch.bytes[start] == UInt8(ascii: "\"") {
      start += 1
      end = max(start, end - 1)
    }
    return UnsafeBufferPointer(start: batch.bytes + start, count: max(0, end - start))
  }

  func unescaped(_ text: TextView, in batch: RecordBatch) -> [UInt8] {
    JSONText.unescaped(UnsafeBufferPointer(start: batch.bytes + Int(text.offset), count: text.length))
  }

  func unescape(_ text: TextView, in batch: RecordBatch, into result: inout Buffer<UInt8>) {
    JSONText.unescape(
      UnsafeBufferPointer(start: batch.bytes + Int(text.offset), count: text.length), into: &result)
  }

  func key(ofRow row: Int, in batch: RecordBatch) -> String? {
    let record = batch.records[row]
    var walker = JSONWalker(batch, from: record.offset, to: record.offset + record.length)
    return walker.recordKey()
  }
}

/// The names under which records carry their own id, the first that is there wins.
package enum RecordKey {
  package static let names = ["key", "id", "uid", "_id", "__key__", "uuid", "sample_id"]
  static let spellings = names.map { Array($0.utf8) }
  static let longest = 9
}

/// Walks over JSON that was accepted before. On bytes that are no JSON it stops early, within bounds.
struct JSONWalker {
  private let bytes: UnsafePointer<UInt8>
  private let end: Int
  private(set) var index: Int

  init(_ batch: RecordBatch, from: UInt32, to: UInt32) {
    bytes = batch.bytes
    index = Int(from)
    end = min(Int(to), batch.byteCount)
  }

  private var byte: UInt8 { index < end ? bytes[index] : 0 }

  private mutating func skipSpace() {
    while index < end, byte <= 0x20 { index += 1 }
  }

  /// Moves behind the string that starts here.
  private mutating func skipString() {
    index += 1
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index += 1
        return
      case UInt8(ascii: "\\"): index = min(end, index + 2)
      default: index += 1
      }
    }
  }

  /// Moves behind the value that starts here, or to the end.
  mutating func skipValue() {
    var depth = 0
    repeat {
      skipSpace()
      switch byte {
      case UInt8(ascii: "\""): skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        index += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 0 { return }
        index += 1
      default:
        let start = index
        while index < end, !isDelimiter(bytes[index]) { index += 1 }
        if index == start { index = min(end, index + 1) }
      }
    } while depth > 0 && index < end
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"),
      UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "{"):
      true
    default: false
    }
  }

  private mutating func readKey() -> String {
    let start = index + 1
    skipString()
    let content = UnsafeBufferPointer(start: bytes + start, count: max(0, index - 1 - start))
    return String(decoding: JSONText.unescaped(content), as: UTF8.self)
  }

  /// Moves behind the key that starts here; its place in `RecordKey.names`, if it is one of them.
  private mutating func readKeyRank() -> Int? {
    let start = index + 1
    skipString()
    let length = index - 1 - start
    guard length > 0, length <= RecordKey.longest else { return nil }
    let key = UnsafeBufferPointer(start: bytes + start, count: length)
    return RecordKey.spellings.firstIndex { $0.elementsEqual(key) }
  }

  /// The exact path of the innermost value that covers `position`.
  /// - Parameter root: the path of the value that the walk begins at.
  mutating func path(of position: Int, root: String = FieldPath.root) -> String? {
    var path = root
    while true {
      skipSpace()
      guard index < end else { return nil }
      if byte == UInt8(ascii: "{") {
        if index == position { return path }
        index += 1
        guard let member = memberCovering(position) else { return path }
        path = FieldPath.member(member, of: path)
      } else if byte == UInt8(ascii: "[") {
        if index == position { return path }
        index += 1
        guard let element = elementCovering(position) else { return path }
        path = FieldPath.element(element, of: path)
      } else {
        return path
      }
    }
  }

  /// Inside an object: moves to the value of the member that covers `position`.
  private mutating func memberCovering(_ position: Int) -> String? {
    while index < end {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { return nil }
      let name = readKey()
      skipSpace()
      guard byte == UInt8(ascii: ":") else { return nil }
      index += 1
      skipSpace()
      let start = index
      skipValue()
      if position < index {
        index = start
        return name
      }
      skipSpace()
      guard byte == UInt8(ascii: ",") else { return nil }
      index += 1
    }
    return nil
  }

  private mutating func elementCovering(_ position: Int) -> Int? {
    var element = 0
    while index < end {
      skipSpace()
      if byte == UInt8(ascii: "]") { return nil }
      let start = index
      skipValue()
      if position < index {
        index = start
        return element
      }
      skipSpace()
      guard byte == UInt8(ascii: ",") else { return nil }
      index += 1
      element += 1
    }
    return nil
  }

  /// In the list that opens here: the `ordinal`-th element that is a number.
  mutating func number(_ ordinal: Int) -> (position: UInt32, index: Int)? {
    guard byte == UInt8(ascii: "[") else { return nil }
    index += 1
    var element = 0
    var numbers = 0
    while index < end {
      skipSpace()
      let start = index
      let isNumber = isNumberStart()
      skipValue()
      guard index > start else { return nil }
      if isNumber {
        if numbers == ordinal { return (UInt32(start), element) }
        numbers += 1
      }
      skipSpace()
      guard byte == UInt8(ascii: ",") else { return nil }
      index += 1
      element += 1
    }
    return nil
  }

  private func isNumberStart() -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "N"),
      UInt8(ascii: "I"), UInt8(ascii: "i"):
      return true
    // `nan`, but not `null`.
    case UInt8(ascii: "n"): return index + 1 < end && bytes[index + 1] == UInt8(ascii: "a")
    default: return false
    }
  }

  /// The record's own id: a text or an integer under one of `RecordKey.names`.
  mutating func recordKey() -> String? {
    skipSpace()
    guard byte == UInt8(ascii: "{") else { return nil }
    index += 1
    var best: (rank: Int, key: String)?
    while index < end {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { break }
      let rank = readKeyRank()
      skipSpace()
      guard byte == UInt8(ascii: ":") else { break }
      index += 1
      skipSpace()
      let start = index
      let isText = byte == UInt8(ascii: "\"")
      let isInteger = byte == UInt8(ascii: "-") || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      skipValue()
      if isText || isInteger, let rank, rank < best?.rank ?? Int.max {
        let content = UnsafeBufferPointer(
          start: bytes + start + (isText ? 1 : 0), count: max(0, index - start - (isText ? 2 : 0)))
        best = (rank, Excerpt.of(isText ? JSONText.unescaped(content) : Array(content)))
        if rank == 0 { break }
      }
      skipSpace()
      guard byte == UInt8(ascii: ",") else { break }
      index += 1
    }
    return best?.key
  }
}
