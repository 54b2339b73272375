import ShardModel

/// The registers of HyperLogLog: for each of 4,096 parts of the hashes, the longest run of leading zeros plus one.
struct Registers: Sendable, Equatable {
  private var values = [UInt8](repeating: 0, count: registerCount)

  private static let precision = 12
  private static let registerCount = 1 << precision
  /// The bits that count zeros: q of Ertl's paper. A register is at most one more.
  private static let rankBits = 64 - precision

  /// - Complexity: O(hashes).
  mutating func add(_ hashes: UnsafeBufferPointer<UInt64>) {
    values.withUnsafeMutableBufferPointer { values in
      for hash in hashes {
        // Safe: the 12 high bits are below the register count.
        let part = Int(truncatingIfNeeded: hash >> UInt64(Self.rankBits))
        // The added bit ends the run where all other bits are zero.
        let rest = hash << UInt64(Self.precision) | 1 << UInt64(Self.precision - 1)
        let rank = UInt8(truncatingIfNeeded: rest.leadingZeroBitCount &+ 1)
        if values[part] < rank { values[part] = rank }
      }
    }
  }

  mutating func merge(_ other: Registers) {
    for part in 0..<Self.registerCount { values[part] = max(values[part], other.values[part]) }
  }

  /// Algorithm 6 of Ertl 2017, "New cardinality estimation algorithms for HyperLogLog sketches".
  var estimate: Int {
    var histogram = [Int](repeating: 0, count: Self.rankBits + 2)
    for value in values { histogram[Int(value)] += 1 }
    let registers = Double(Self.registerCount)
    var sum = registers * tau(1 - Double(histogram[Self.rankBits + 1]) / registers)
    for rank in stride(from: Self.rankBits, through: 1, by: -1) {
      sum = 0.5 * (sum + Double(histogram[rank]))
    }
    sum += registers * sigma(Double(histogram[0]) / registers)
    // 1 / (2 ln 2), the limit of the bias constant.
    let alpha = 0.721_347_520_444_481_7
    let estimate = (alpha * registers * registers / sum).rounded()
    // A sum of 0 or nearly so needs saturated registers, which no real set of hashes has.
    return estimate < 0x1p62 ? Int(estimate) : Int.max
  }

  private func sigma(_ share: Double) -> Double {
    guard share < 1 else { return .infinity }
    var (power, weight, sum, last) = (share, 1.0, share, -1.0)
    while sum != last {
      last = sum
      power *= power
      sum += power * weight
      weight += weight
    }
    return sum
  }

  private func tau(_ share: Double) -> Double {
    guard share > 0, share < 1 else { return 0 }
    var (root, weight, sum, last) = (share, 1.0, 1 - share, -1.0)
    while sum != last {
      last = sum
      root = root.squareRoot()
      weight *= 0.5
      sum -= (1 - root) * (1 - root) * weight
    }
    return sum / 3
  }
}

extension Registers {
  /// Appends four registers as three bytes.
  func encode(into writer: inout ByteWriter) {
    for start in stride(from: 0, to: Self.registerCount, by: 4) {
      var group: UInt32 = 0
      for offset in 0..<4 { group |= UInt32(values[start + offset]) << UInt32(6 * offset) }
      for shift in [UInt32(0), 8, 16] { writer.write(UInt8(truncatingIfNeeded: group >> shift)) }
    }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    let bytes = try reader.readRaw(Self.registerCount / 4 * 3)
    for group in 0..<(Self.registerCount / 4) {
      var packed: UInt32 = 0
      for offset in 0..<3 {
        packed |= UInt32(bytes[bytes.startIndex + 3 * group + offset]) << UInt32(8 * offset)
      }
      for offset in 0..<4 {
        let value = UInt8(packed >> UInt32(6 * offset) & 0x3F)
        guard value <= Self.rankBits + 1 else { throw DecodingFailure("register out of range") }
        values[4 * group + offset] = value
      }
    }
  }
}
