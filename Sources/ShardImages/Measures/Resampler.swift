import Glibc

/// Shrinks or enlarges one side of a picture with a windowed kernel, in whole numbers: the same values anywhere.
///
/// The weights are those of Pillow's `resize` (support scaled with the ratio, 22 bits, rounded to 8 bits after each side),
/// so that measures over small pictures agree with those made with it.
struct Resampler {
  enum Kernel: Hashable {
    case bicubic
    case lanczos

    var support: Double { self == .bicubic ? 2 : 3 }

    func callAsFunction(_ distance: Double) -> Double {
      let x = abs(distance)
      switch self {
      case .bicubic:
        // Keys 1981, with a = -1/2.
        if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
      case .lanczos:
        if x == 0 { return 1 }
        guard x < 3 else { return 0 }
        let angle = Double.pi * x
        return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
      }
    }
  }

  static let precision: Int32 = 22

  let outputCount: Int
  /// For each output: the first input and how many.
  let ranges: [(start: Int, count: Int)]
  /// `stride` weights for each output.
  let weights: [Int32]
  let stride: Int

  /// `extent` is how many inputs there are in truth, where the last of `inputCount` is only a part of one.
  /// - Complexity: O(inputs times the kernel's support).
  init(from inputCount: Int, extent: Double, to outputCount: Int, kernel: Kernel) {
    let scale = extent / Double(outputCount)
    let widening = max(1, scale)
    let support = kernel.support * widening
    stride = Int(support.rounded(.up)) * 2 + 1
    var ranges: [(start: Int, count: Int)] = []
    var weights = [Int32](repeating: 0, count: outputCount * stride)
    for output in 0..<outputCount {
      let center = (Double(output) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let end = min(inputCount, Int(center + support + 0.5))
      let count = max(0, min(stride, end - start))
      var values: [Double] = []
      for index in 0..<count { values.append(kernel((Double(index + start) - center + 0.5) / widening)) }
      let sum = values.reduce(0, +)
      for (index, value) in values.enumerated() {
        weights[output * stride + index] = Int32(
          (value / sum * Double(1 << Self.precision)).rounded(.toNearestOrAwayFromZero))
      }
      ranges.append((start, count))
    }
    self.outputCount = outputCount
    self.ranges = ranges
    self.weights = weights
  }

  /// Resamples `lines` lines of values that lie `step` apart, the lines `lineStep` apart, into the same layout at
  /// `target`, whose outputs lie `targetStep` apart and lines `targetLineStep`.
  ///
  /// Safe: the caller's buffers hold `inputCount` and `outputCount` values a line.
  func apply(
    _ source: UnsafePointer<UInt8>, step: Int, lineStep: Int, lines: Int,
    to target: UnsafeMutablePointer<UInt8>,
    targetStep: Int, targetLineStep: Int
  ) {
    weights.withUnsafeBufferPointer { weights in
      for output in 0..<outputCount {
        let (start, count) = ranges[output]
        guard count > 0, let row = weights.baseAddress.map({ $0 + output * stride }) else { continue }
        for line in 0..<lines {
          let from = source + (line &* lineStep &+ start &* step)
          var sum: Int32 = 1 << (Self.precision - 1)
          for index in 0..<count { sum &+= Int32(from[index &* step]) &* row[index] }
          target[line &* targetLineStep &+ output &* targetStep] = UInt8(clamping: sum >> Self.precision)
        }
      }
    }
  }
}

/// Resamplers by size, as a data set's pictures have few sizes.
struct ResamplerCache {
  private struct Key: Hashable {
    let from: Int
    let to: Int
    let kernel: Resampler.Kernel
  }

  /// At most this many are kept: 4 MB at the largest size.
  private static let limit = 256
  private var kept: [Key: Resampler] = [:]

  mutating func resampler(from inputCount: Int, extent: Double, to outputCount: Int, kernel: Resampler.Kernel)
    -> Resampler
  {
    guard extent == Double(inputCount) else {
      return Resampler(from: inputCount, extent: extent, to: outputCount, kernel: kernel)
    }
    let key = Key(from: inputCount, to: outputCount, kernel: kernel)
    if let found = kept[key] { return found }
    if kept.count >= Self.limit { kept.removeAll(keepingCapacity: true) }
    let made = Resampler(from: inputCount, extent: extent, to: outputCount, kernel: kernel)
    kept[key] = made
    return made
  }
}
