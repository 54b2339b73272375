import CKernels
import ShardTestSupport
import Testing

@testable import ShardSketches

/// Distributions that fields have, and some that they should not have.
enum Distribution: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case normal, lognormal, tokens, negative, withZeros, tinyAndHuge, binary, runs, constant, offset

  var testDescription: String { rawValue }

  func values(_ count: Int, seed: UInt64) -> [Double] {
    var random = RepeatableRandom(seed: seed)
    var last = 0.0
    return (0..<count).map { _ in
      switch self {
      case .normal: return random.normal()
      case .lognormal: return power(10, Int(random.normal() * 3)) * (1 + random.normal().magnitude)
      case .tokens: return Double(random.next() % 151_000)
      case .negative: return -random.normal().magnitude - 0x1p-20
      case .withZeros:
        let kind = random.next() % 4
        return kind == 0 ? 0 : kind == 1 ? -0.0 : random.normal()
      case .tinyAndHuge: return random.normal() * power(10, Int(random.next() % 600) - 300)
      case .binary: return Double(random.next() & 1)
      case .runs:
        if random.next() % 50 == 0 { last = random.next() % 2 == 0 ? -100 : Double(random.next() % 1000) }
        return last
      case .constant: return -100
      case .offset: return 1e9 + random.normal()
      }
    }
  }
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<exponent.magnitude { result *= base }
  return exponent < 0 ? 1 / result : result
}

func summary(of values: UnsafeBufferPointer<Double>) -> ck_summary {
  var summary = ck_summary()
  ck_summarize(values.baseAddress, values.count, &summary)
  return summary
}

extension [Double] {
  var moments: Moments {
    withUnsafeBufferPointer { Moments($0, summary: summary(of: $0)) }
  }

  var sketch: QuantileSketch {
    let table = QuantileTable()
    table.add(self)
    return table.snapshot()
  }

  var hashes: [UInt64] { map { ck_hash_double($0) } }

  /// Cuts the array at random places, including empty parts.
  func split(seed: UInt64, parts: Int) -> [[Double]] {
    var random = RepeatableRandom(seed: seed)
    let cuts = (1..<parts).map { _ in Int(random.next() % UInt64(count + 1)) }.sorted()
    return zip([0] + cuts, cuts + [count]).map { Array(self[$0..<$1]) }
  }
}

extension QuantileTable {
  func add(_ values: [Double]) {
    values.withUnsafeBufferPointer { add($0, summary: summary(of: $0)) }
  }
}

extension DistinctSketch {
  mutating func add(_ hashes: [UInt64]) {
    hashes.withUnsafeBufferPointer { add(hashes: $0) }
  }
}

extension TopValuesTable {
  func add(_ hashes: [UInt64], base: UInt32 = 0) {
    hashes.withUnsafeBufferPointer { add(hashes: $0, base: base) }
  }
}
