import CKernels
import Glibc

/// The number at the start of the bytes: length and validity by the grammar, the value by `strtod`.
enum NumberFuzz {
  static func run(_ input: [UInt8]) {
    // A zero ends the data, as it ends a chunk.
    let bytes = input.prefix { $0 != 0 }
    guard let first = bytes.first, first == UInt8(ascii: "-") || isDigit(first) else { return }
    let padded = PaddedBytes(bytes)
    let found = ck_parse_number(padded.base)
    guard let grammar = Grammar(Array(bytes)) else {
      expect(found.kind == UInt32(CK_NUMBER_INVALID), "accepted what is no number")
      expect(Int(found.length) <= bytes.count, "looked beyond the end")
      return
    }
    expect(found.kind != UInt32(CK_NUMBER_INVALID), "refused a number")
    expect(Int(found.length) == grammar.length, "length \(found.length), not \(grammar.length)")
    var text = bytes.prefix(grammar.length).map { CChar(bitPattern: $0) }
    text.append(0)
    let value = strtod(text, nil)
    expect(found.value.bitPattern == value.bitPattern, "\(found.value), not \(value)")
    expect(found.kind == UInt32(grammar.kind(of: value)), "kind \(found.kind) of \(value)")
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// RFC 8259, section 6, as plain as it gets.
  struct Grammar {
    private(set) var length = 0
    private var isInteger = true
    private var isZero = true
    /// Of an integer, nil beyond 64 bits.
    private var magnitude: UInt64?

    /// Nil if the bytes do not start with a number; a number that goes on wrong (`1.`, `01`) is none.
    init?(_ bytes: [UInt8]) {
      func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
      var index = byte(0) == UInt8(ascii: "-") ? 1 : 0
      func run(_ from: Int) -> Int {
        var end = from
        while isDigit(byte(end)) { end += 1 }
        return end
      }
      var end = run(index)
      if end == index || (byte(index) == UInt8(ascii: "0") && end > index + 1) { return nil }
      if bytes[index..<end].contains(where: { $0 != UInt8(ascii: "0") }) { isZero = false }
      magnitude = UInt64(String(decoding: bytes[index..<end], as: UTF8.self))
      if byte(end) == UInt8(ascii: ".") {
        isInteger = false
        index = end + 1
        end = run(index)
        if end == index { return nil }
        if bytes[index..<end].contains(where: { $0 != UInt8(ascii: "0") }) { isZero = false }
      }
      if byte(end) | 0x20 == UInt8(ascii: "e") {
        isInteger = false
        index = end + 1
        if byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-") { index += 1 }
        end = run(index)
        if end == index { return nil }
      }
      length = end
    }

    func kind(of value: Double) -> Int {
      if value.isInfinite { return CK_NUMBER_OVERFLOW }
      if value == 0, !isZero { return CK_NUMBER_UNDERFLOW }
      guard isInteger else { return CK_NUMBER_REAL }
      return magnitude.map { $0 <= 1 << 53 } ?? false ? CK_NUMBER_INTEGER : CK_NUMBER_LARGE_INTEGER
    }
  }
}

private func isDigit(_ byte: UInt8) -> Bool { NumberFuzz.isDigit(byte) }
