import CKernels
import ShardTestSupport
import Testing

@Suite struct KernelTests {
  /// Each form that this processor can run.
  static let levels = (0...ck_stats_best_level().rawValue).map { ck_stats_level(rawValue: $0) }

  /// Sees `body` with values at each alignment of a 64-byte line and each length.
  private func atEachPlace(lengths: ClosedRange<Int>, _ body: (UnsafePointer<Double>, Int) -> Void) {
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: lengths.upperBound + 8)
    defer { memory.deallocate() }
    for distribution in [Distribution.normal, .withZeros, .tinyAndHuge] {
      let values = distribution.values(lengths.upperBound + 8, seed: 11)
      memory.initialize(from: values, count: values.count)
      for start in 0..<8 {
        for length in lengths { body(UnsafePointer(memory + start), length) }
      }
    }
  }

  @Test(arguments: levels)
  func `the summary is that of the plain twin, bit for bit`(level: ck_stats_level) {
    atEachPlace(lengths: 0...200) { values, count in
      var fast = ck_summary()
      var plain = ck_summary()
      ck_summarize_at(level, values, count, &fast)
      ck_summarize_reference(values, count, &plain)
      #expect(bits(fast) == bits(plain), "length \(count)")
    }
  }

  @Test(arguments: levels)
  func `deviations are those of the plain twin, bit for bit`(level: ck_stats_level) {
    let lengths = [0...200, 1020...1032, 2047...2056]
    for range in lengths {
      atEachPlace(lengths: range) { values, count in
        var fast = (0.0, 0.0)
        var plain = (0.0, 0.0)
        ck_deviations_at(level, values, count, 0.3, &fast.0, &fast.1)
        ck_deviations_reference(values, count, 0.3, &plain.0, &plain.1)
        #expect(fast.0.bitPattern == plain.0.bitPattern, "length \(count)")
        #expect(fast.1.bitPattern == plain.1.bitPattern, "length \(count)")
      }
    }
  }

  @Test(arguments: levels)
  func `hashes are those of the plain twin and nothing else is written`(level: ck_stats_level) {
    atEachPlace(lengths: 0...200) { values, count in
      var fast = [UInt64](repeating: 7, count: count + 8)
      var plain = fast
      ck_hash_doubles_at(level, values, count, &fast)
      ck_hash_doubles_reference(values, count, &plain)
      #expect(fast == plain, "length \(count)")
    }
  }

  @Test(arguments: Distribution.allCases)
  func `buckets are those of the plain twin`(distribution: Distribution) {
    var fast = [UInt32](repeating: 0, count: 1 << 19)
    var plain = fast
    for length in 0...200 {
      let values = distribution.values(length, seed: UInt64(length))
      ck_bucket_add(&fast, values, values.count)
      ck_bucket_add_reference(&plain, values, values.count)
    }
    #expect(fast == plain)
  }

  @Test func `hashes never change, as stored states hold them`() {
    let known: [(Double, UInt64)] = [
      (0, 0xE220_A839_7B1D_CDAF), (-0.0, 0xE220_A839_7B1D_CDAF), (1, 0x88D7_C35B_BBF3_EDED),
      (-100, 0x35C8_C6FF_C6D3_1B77),
      (1e300, 0xFF5A_832A_738C_19A6),
    ]
    for (value, hash) in known { #expect(ck_hash_double(value) == hash, "\(value)") }
  }

  @Test func `the summary of nothing and of zeros has no magnitude`() {
    var nothing = ck_summary()
    ck_summarize(nil, 0, &nothing)
    #expect(nothing.min == .infinity && nothing.max == -.infinity && nothing.sum == 0)
    #expect(nothing.min_magnitude == .infinity)
    var zeros = ck_summary()
    ck_summarize([-0.0, 0, -0.0], 3, &zeros)
    #expect(zeros.min.sign == .plus && zeros.max.sign == .plus && zeros.min_magnitude == .infinity)
  }

  private func bits(_ summary: ck_summary) -> [UInt64] {
    [summary.sum, summary.min, summary.max, summary.min_magnitude].map(\.bitPattern)
  }
}
