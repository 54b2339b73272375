import CKernels
import ShardModel

/// Undoes the escapes of JSON strings. Used for keys with escapes and for texts that are hashed or reported.
package enum JSONText {
  /// The text of a string that the scanner accepted, without its quotes. Half a surrogate pair becomes U+FFFD.
  /// - Complexity: O(n), one allocation.
  package static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text = Buffer<UInt8>()
    defer { text.deallocate() }
    unescape(bytes, into: &text)
    return Array(text.values)
  }

  /// The same, appended to a buffer that is used again: no allocation once it is large enough.
  package static func unescape(_ bytes: UnsafeBufferPointer<UInt8>, into result: inout Buffer<UInt8>) {
    // No escape is shorter than what it stands for.
    result.reserve(bytes.count)
    var index = 0
    while index < bytes.count {
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "\\") { index += 1 }
      if let base = bytes.baseAddress, index > start {
        // Safe: room for as many bytes as there are was made above.
        (result.base + result.count).update(from: base + start, count: index - start)
        result.count += index - start
      }
      guard index < bytes.count else { return }
      guard index + 1 < bytes.count else { return result.append(bytes[index]) }
      switch bytes[index + 1] {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        index += appendScalar(bytes, at: index, to: &result)
        continue
      default: result.append(bytes[index + 1])
      }
      index += 2
    }
  }

  /// Appends the scalar of the `\uXXXX` (or pair of them) at `index` and returns how many bytes it took.
  private static func appendScalar(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, to result: inout Buffer<UInt8>
  ) -> Int {
    guard let unit = hex4(bytes, index + 2) else {
      result.append(bytes[index])
      return 1
    }
    var value = unit
    var length = 6
    if unit & 0xFC00 == 0xD800, index + 11 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
      bytes[index + 7] == UInt8(ascii: "u"), let low = hex4(bytes, index + 8), low & 0xFC00 == 0xDC00
    {
      value = 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF)
      length = 12
    }
    for byte in UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
      result.append(byte)
    }
    return length
  }

  private static func hex4(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32? {
    guard index + 3 < bytes.count, let base = bytes.baseAddress else { return nil }
    let value = ck_hex4(base + index)
    return value < 0 ? nil : UInt32(value)
  }
}
