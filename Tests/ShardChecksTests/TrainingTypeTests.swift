import Testing

@testable import ShardChecks

struct TrainingTypeTests {
  @Test("fp32 overflows exactly where the cast of the hardware gives an infinity")
  func single() {
    for value in [3.4e38, 0x1.fffffep127, 0x1.fffffefffffffp127, 0x1.ffffffp127, 0x1p128, 3.5e39, 1e308] {
      #expect(TrainingType.fp32.overflows(value) == Float(value).isInfinite, "\(value)")
      #expect(TrainingType.fp32.overflows(-value) == Float(-value).isInfinite, "\(-value)")
    }
    for value in [1e-44, 0x1p-149, 0x1.8p-150, 0x1.0000001p-150, 0x1p-150, 1e-46, 1e-300] {
      #expect(TrainingType.fp32.underflows(value) == (Float(value) == 0), "\(value)")
    }
  }

  @Test("fp16 overflows from 65520 on, as IEEE 754 rounds to nearest even")
  func half() {
    #expect(!TrainingType.fp16.overflows(65_504))
    #expect(!TrainingType.fp16.overflows(65_519.99))
    #expect(TrainingType.fp16.overflows(65_520))
    #expect(TrainingType.fp16.overflows(-70_000))
    #expect(!TrainingType.fp16.underflows(6e-8))
    #expect(!TrainingType.fp16.underflows(3e-8))
    #expect(TrainingType.fp16.underflows(0x1p-25))
  }

  @Test("bf16 has the exponents of fp32 and overflows half a step above its largest number")
  func brain() {
    #expect(!TrainingType.bf16.overflows(3.3895e38))
    #expect(!TrainingType.bf16.overflows(0x1.fep127))
    #expect(TrainingType.bf16.overflows(0x1.ffp127))
    #expect(TrainingType.bf16.underflows(0x1p-134))
    #expect(!TrainingType.bf16.underflows(0x1.01p-134))
  }

  @Test("An infinity does not overflow and zero does not underflow: they are what they are")
  func neither() {
    for type in TrainingType.allCases {
      #expect(!type.overflows(.infinity))
      #expect(!type.overflows(.nan))
      #expect(!type.underflows(0))
    }
  }
}
