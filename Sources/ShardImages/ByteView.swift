/// The bytes of a file, read with every offset checked: outside of them there is nil, never a trap.
struct ByteView {
  /// Safe: reads go through the checks below; the view lives no longer than the call that was given the bytes.
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// Whether `length` bytes from `offset` on are there; no sum of theirs can overflow.
  func holds(_ offset: Int, _ length: Int) -> Bool {
    offset >= 0 && length >= 0 && offset <= count && length <= count - offset
  }

  func byte(_ offset: Int) -> Int? { holds(offset, 1) ? Int(bytes[offset]) : nil }

  func big16(_ offset: Int) -> Int? {
    holds(offset, 2) ? Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) : nil
  }

  func little16(_ offset: Int) -> Int? {
    holds(offset, 2) ? Int(bytes[offset + 1]) << 8 | Int(bytes[offset]) : nil
  }

  func little24(_ offset: Int) -> Int? {
    guard let low = little16(offset), let high = byte(offset + 2) else { return nil }
    return high << 16 | low
  }

  func big32(_ offset: Int) -> Int? {
    guard let high = big16(offset), let low = big16(offset + 2) else { return nil }
    return high << 16 | low
  }

  func little32(_ offset: Int) -> Int? {
    guard let low = little16(offset), let high = little16(offset + 2) else { return nil }
    return high << 16 | low
  }

  /// Whether `text`, in ASCII, stands at `offset`.
  func starts(with text: StaticString, at offset: Int = 0) -> Bool {
    guard holds(offset, text.utf8CodeUnitCount) else { return false }
    return text.withUTF8Buffer { wanted in
      for index in wanted.indices where bytes[offset + index] != wanted[index] { return false }
      return true
    }
  }

  /// The part of `range` that is there.
  func slice(_ offset: Int, _ length: Int) -> ByteView {
    guard offset >= 0, length > 0, offset < count else {
      return ByteView(UnsafeBufferPointer(rebasing: bytes[0..<0]))
    }
    return ByteView(UnsafeBufferPointer(rebasing: bytes[offset..<offset + min(length, count - offset)]))
  }
}
