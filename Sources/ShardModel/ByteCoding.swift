/// Why stored bytes could not be read back: cut short, of another version, or out of range.
package struct DecodingFailure: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

/// Writes the private binary format of mergeable state: little-endian varints, doubles and texts.
///
/// Equal values always give equal bytes, so a state can be compared and hashed as stored.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Forgets what was written and keeps the room.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Appends an unsigned integer as LEB128, 1 to 10 bytes.
  package mutating func write(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }

  package mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

  package mutating func write(_ value: UInt8) { bytes.append(value) }

  /// Appends eight bytes, low byte first; the bits of a double survive exactly.
  package mutating func writeFixed(_ value: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  package mutating func write(_ value: Double) { writeFixed(value.bitPattern) }

  package mutating func write(_ value: String) {
    var value = value
    value.withUTF8 { utf8 in
      write(UInt64(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  package mutating func write(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }
}

/// Reads what `ByteWriter` wrote. Every length is checked, so hostile bytes only throw.
package struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  package private(set) var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  package var remaining: Int { bytes.endIndex - position }

  package mutating func readUInt64() throws(DecodingFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw DecodingFailure("integer out of range") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw DecodingFailure("integer out of range") }
    }
    throw DecodingFailure("cut short")
  }

  /// Reads how many there are of something in the data.
  ///
  /// No shard has 2^48 bytes, so nothing in it can be more; a state that claims so is none. The counts of 2^16 such
  /// shards can be added before a sum overflows.
  package mutating func readTally() throws(DecodingFailure) -> UInt64 {
    let value = try readUInt64()
    guard value <= 1 << 48 else { throw DecodingFailure("count out of range") }
    return value
  }

  package mutating func readInt() throws(DecodingFailure) -> Int {
    Int(truncatingIfNeeded: Int64(bitPattern: try readUInt64()))
  }

  /// Reads a count of things that take at least `minimumSize` bytes each, so that it can be used to reserve memory.
  package mutating func readCount(minimumSize: Int = 1) throws(DecodingFailure) -> Int {
    let count = try readUInt64()
    guard count <= UInt64(remaining / max(1, minimumSize)) else {
      throw DecodingFailure("count larger than the data")
    }
    return Int(count)
  }

  package mutating func readUInt8() throws(DecodingFailure) -> UInt8 {
    guard position < bytes.endIndex else { throw DecodingFailure("cut short") }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func readBool() throws(DecodingFailure) -> Bool {
    switch try readUInt8() {
    case 0: return false
    case 1: return true
    default: throw DecodingFailure("not a truth value")
    }
  }

  package mutating func readFixed() throws(DecodingFailure) -> UInt64 {
    guard remaining >= 8 else { throw DecodingFailure("cut short") }
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += 8
    return value
  }

  package mutating func readDouble() throws(DecodingFailure) -> Double { Double(bitPattern: try readFixed()) }

  package mutating func readString() throws(DecodingFailure) -> String {
    String(decoding: try readBytes(), as: UTF8.self)
  }

  /// Reads a length and that many bytes.
  package mutating func readBytes() throws(DecodingFailure) -> ArraySlice<UInt8> {
    let count = try readCount()
    return try readRaw(count)
  }

  package mutating func readRaw(_ count: Int) throws(DecodingFailure) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw DecodingFailure("cut short") }
    defer { position += count }
    return bytes[position..<(position + count)]
  }
}
