import CKernels

/// The type of an array's elements, as NumPy's `descr` names it.
package struct ArrayElement: Sendable, Equatable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    case boolean, float16, float32, float64
    case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  }

  package let kind: Kind
  package let isBigEndian: Bool

  /// `|b1`, `<f4`, `>i8`; nil for every other spelling.
  package init?(descr: some StringProtocol) {
    let bytes = Array(descr.utf8)
    guard bytes.count == 3 else { return nil }
    let kind: Kind
    switch (bytes[1], bytes[2]) {
    case (UInt8(ascii: "b"), UInt8(ascii: "1")): kind = .boolean
    case (UInt8(ascii: "f"), UInt8(ascii: "2")): kind = .float16
    case (UInt8(ascii: "f"), UInt8(ascii: "4")): kind = .float32
    case (UInt8(ascii: "f"), UInt8(ascii: "8")): kind = .float64
    case (UInt8(ascii: "i"), UInt8(ascii: "1")): kind = .int8
    case (UInt8(ascii: "i"), UInt8(ascii: "2")): kind = .int16
    case (UInt8(ascii: "i"), UInt8(ascii: "4")): kind = .int32
    case (UInt8(ascii: "i"), UInt8(ascii: "8")): kind = .int64
    case (UInt8(ascii: "u"), UInt8(ascii: "1")): kind = .uint8
    case (UInt8(ascii: "u"), UInt8(ascii: "2")): kind = .uint16
    case (UInt8(ascii: "u"), UInt8(ascii: "4")): kind = .uint32
    case (UInt8(ascii: "u"), UInt8(ascii: "8")): kind = .uint64
    default: return nil
    }
    switch bytes[0] {
    case UInt8(ascii: "<"): isBigEndian = false
    case UInt8(ascii: ">"): isBigEndian = true
    case UInt8(ascii: "|") where bytes[2] == UInt8(ascii: "1"): isBigEndian = false
    default: return nil
    }
    self.kind = kind
  }

  /// Bytes of one element.
  package var size: Int {
    switch kind {
    case .boolean, .int8, .uint8: 1
    case .float16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  package var isInteger: Bool {
    switch kind {
    case .boolean, .float16, .float32, .float64: false
    default: true
    }
  }

  /// How the kernel knows it; booleans are not numbers.
  var kernelType: ck_array_type {
    switch kind {
    case .float16: CK_ARRAY_F16
    case .float32: CK_ARRAY_F32
    case .float64: CK_ARRAY_F64
    case .int8: CK_ARRAY_I8
    case .int16: CK_ARRAY_I16
    case .int32: CK_ARRAY_I32
    case .int64: CK_ARRAY_I64
    case .uint8, .boolean: CK_ARRAY_U8
    case .uint16: CK_ARRAY_U16
    case .uint32: CK_ARRAY_U32
    case .uint64: CK_ARRAY_U64
    }
  }

  /// The element at `bytes` in the fewest digits that give it back in its own type: float16 `65504`, float32 `0.1`.
  package func text(of bytes: UnsafePointer<UInt8>) -> String {
    var bits: UInt64 = 0
    for index in 0..<size {
      bits |= UInt64(bytes[isBigEndian ? size - 1 - index : index]) << UInt64(8 * index)
    }
    switch kind {
    case .boolean: return bits == 0 ? "false" : "true"
    case .float16: return Self.text(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case .float32: return Self.text(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: return Self.text(Double(bitPattern: bits))
    case .int8: return "\(Int8(truncatingIfNeeded: bits))"
    case .int16: return "\(Int16(truncatingIfNeeded: bits))"
    case .int32: return "\(Int32(truncatingIfNeeded: bits))"
    case .int64: return "\(Int64(truncatingIfNeeded: bits))"
    case .uint8, .uint16, .uint32, .uint64: return "\(bits)"
    }
  }

  private static func text<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
