import CKernels
import ShardTestSupport
import Testing

@testable import ShardIngest

@Suite struct ArrayKernelTests {
  static let levels = (0...ck_array_best_level().rawValue).map { ck_array_level(rawValue: $0) }
  static let types = (CK_ARRAY_F16.rawValue...CK_ARRAY_U64.rawValue).map { ck_array_type(rawValue: $0) }
  private static let sizes = [2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8]

  private func bits(_ values: [Double]) -> [UInt64] {
    values.map { $0.isNaN ? UInt64.max : $0.bitPattern }
  }

  @Test(
    "the conversion is that of the plain twin at each length and alignment, and writes nothing else",
    arguments: types, levels)
  func conversion(_ type: ck_array_type, _ level: ck_array_level) {
    let size = Self.sizes[Int(type.rawValue)]
    var random = RepeatableRandom(seed: UInt64(type.rawValue))
    for round in 0..<2 {
      var memory = (0..<(80 * size + 16)).map { _ in UInt8.random(in: 0...255, using: &random) }
      // Small values, too: of random bits few are beyond the rule.
      if round == 1 { for index in memory.indices where index % 3 != 0 { memory[index] = 0 } }
      memory.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for swapped: Int32 in 0...1 {
          for start in [0, 1, 2, 3, 5, 8] {
            for length in 0...70 {
              var fast = [Double](repeating: 7, count: length + 4)
              var plain = fast
              let isSpecial = ck_array_convert_at(level, type, swapped, base + start, length, &fast)
              let expected = ck_array_convert_reference(type, swapped, base + start, length, &plain)
              if bits(fast) != bits(plain) || isSpecial != expected {
                Issue.record("length \(length) at \(start), swapped \(swapped)")
                return
              }
            }
          }
        }
      }
    }
  }

  @Test("every float16 is what Swift makes of it", arguments: levels)
  func halves(_ level: ck_array_level) {
    let all = (0...UInt16.max).map { $0 }
    var found = [Double](repeating: 0, count: all.count)
    all.withUnsafeBytes { bytes in
      guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
      _ = ck_array_convert_at(level, CK_ARRAY_F16, 0, base, all.count, &found)
    }
    #expect(bits(found) == bits(all.map { Double(Float16(bitPattern: $0)) }))
  }

  @Test("one value beyond the rule is seen wherever it stands", arguments: levels)
  func special(_ level: ck_array_level) {
    let cases: [(type: ck_array_type, plain: UInt64, special: UInt64)] = [
      (CK_ARRAY_F16, 0x7BFF, 0x7C00), (CK_ARRAY_F16, 0xFBFF, 0xFE01),
      (CK_ARRAY_F32, 0x7F7F_FFFF, 0x7F80_0000),
      (CK_ARRAY_F64, 0x7FEF_FFFF_FFFF_FFFF, 0xFFF0_0000_0000_0000), (CK_ARRAY_I64, 1 << 53, (1 << 53) + 1),
      (CK_ARRAY_I64, UInt64(bitPattern: -(1 << 53)), UInt64(bitPattern: -(1 << 53) - 1)),
      (CK_ARRAY_U64, 1 << 53, UInt64.max),
    ]
    for one in cases {
      let size = Self.sizes[Int(one.type.rawValue)]
      for length in 1...40 {
        for place in -1..<length {
          var bytes: [UInt8] = []
          for index in 0..<length {
            let value = index == place ? one.special : one.plain
            for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
          }
          var out = [Double](repeating: 0, count: length)
          let found = ck_array_convert_at(level, one.type, 0, bytes, length, &out)
          #expect((found != 0) == (place >= 0), "\(one) length \(length) at \(place)")
        }
      }
    }
  }
}
