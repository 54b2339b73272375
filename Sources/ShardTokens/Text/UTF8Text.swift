import ShardModel

/// Steps through UTF-8.
enum UTF8Text {
  /// The scalar that starts here, and its bytes.
  ///
  /// - Precondition: well-formed UTF-8 (`repair` sees to that).
  @inline(__always)
  static func scalar(at start: UnsafePointer<UInt8>) -> (value: UInt32, length: Int) {
    let first = UInt32(start[0])
    if first < 0x80 { return (first, 1) }
    if first < 0xE0 { return ((first & 0x1F) << 6 | UInt32(start[1] & 0x3F), 2) }
    let second = UInt32(start[1] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | UInt32(start[2] & 0x3F), 3) }
    return ((first & 0x07) << 18 | second << 12 | UInt32(start[2] & 0x3F) << 6 | UInt32(start[3] & 0x3F), 4)
  }

  /// Bytes of a scalar by its first.
  @inline(__always)
  static func length(leading first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  @inline(__always)
  static func append(_ value: UInt32, to output: inout Buffer<UInt8>) {
    if value < 0x80 {
      output.append(UInt8(truncatingIfNeeded: value))
      return
    }
    if value < 0x800 {
      output.append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
    } else {
      if value < 0x10000 {
        output.append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
      } else {
        output.append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
        output.append(UInt8(truncatingIfNeeded: 0x80 | (value >> 12 & 0x3F)))
      }
      output.append(UInt8(truncatingIfNeeded: 0x80 | (value >> 6 & 0x3F)))
    }
    output.append(UInt8(truncatingIfNeeded: 0x80 | (value & 0x3F)))
  }

  /// Bytes before the first that is not well-formed (Unicode 15, table 3-7).
  /// - Complexity: O(text).
  static func wellFormedPrefix(_ text: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int {
    guard let base = text.baseAddress else { return 0 }
    var at = start
    while at < text.count {
      if base[at] < 0x80 {
        at &+= 1
        while at &+ 8 <= text.count,
          UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
          at &+= 8
        }
        continue
      }
      let (length, isWhole) = sequence(base + at, text.count &- at)
      guard isWhole else { return at }
      at &+= length
    }
    return at
  }

  /// The text with each maximal ill-formed part replaced by U+FFFD, as Python's `errors="replace"` does.
  /// - Complexity: O(text).
  static func repair(_ text: UnsafeBufferPointer<UInt8>, into output: inout Buffer<UInt8>) {
    output.removeAll()
    guard let base = text.baseAddress else { return }
    var at = 0
    while at < text.count {
      let end = wellFormedPrefix(text, from: at)
      output.append(bytes: UnsafeBufferPointer(rebasing: text[at..<end]))
      at = end
      guard at < text.count else { return }
      at &+= sequence(base + at, text.count &- at).length
      append(0xFFFD, to: &output)
    }
  }

  /// Bytes of the sequence that starts here; of one that is broken, those that could have started a whole one.
  private static func sequence(_ start: UnsafePointer<UInt8>, _ left: Int) -> (length: Int, isWhole: Bool) {
    let first = start[0]
    if first < 0x80 { return (1, true) }
    guard first >= 0xC2, first <= 0xF4 else { return (1, false) }
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch first {
    case 0xE0: low = 0xA0
    case 0xED: high = 0x9F
    case 0xF0: low = 0x90
    case 0xF4: high = 0x8F
    default: break
    }
    let whole = length(leading: first)
    var seen = 1
    while seen < whole {
      guard seen < left, start[seen] >= low, start[seen] <= high else { return (seen, false) }
      low = 0x80
      high = 0xBF
      seen &+= 1
    }
    return (whole, true)
  }
}

extension Buffer<UInt8> {
  mutating func append(bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    reserve(bytes.count)
    // Safe: room for the bytes was made, and a buffer of ours never overlaps the text that it is written from.
    (base + count).update(from: source, count: bytes.count)
    count &+= bytes.count
  }

  mutating func append(contentsOf bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append(bytes: $0) }
  }

  var view: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
}
