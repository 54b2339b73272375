import CKernels
import Glibc

/// Shrinks or enlarges one side of a picture with a windowed kernel, in whole numbers: the same values anywhere.
///
/// The weights are those of Pillow's `resize` (support scaled with the ratio, rounded to 8 bits after each side) to 14 bits,
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

  /// Weights are near 1 at most, so they fit into 16 bits, of which processors multiply eight at a time.
  private static let precision = Int(CK_RESAMPLE_BITS)
  /// Bytes that are read at once: so many behind the last may be looked at.
  static let group = Int(CK_RESAMPLE_GROUP)

  let outputCount: Int
  /// For each output: the first input and how many.
  let ranges: [(start: Int, count: Int)]
  /// `stride` weights for each output; those after its inputs are 0.
  let weights: [Int16]
  let stride: Int

  /// `extent` is how many inputs there are in truth, where the last of `inputCount` is only a part of one.
  /// - Complexity: O(inputs times the kernel's support).
  init(from inputCount: Int, extent: Double, to outputCount: Int, kernel: Kernel) {
    let scale = extent / Double(outputCount)
    let widening = max(1, scale)
    let support = kernel.support * widening
    let most = Int(support.rounded(.up)) * 2 + 1
    stride = (most + Self.group - 1) / Self.group * Self.group
    var ranges: [(start: Int, count: Int)] = []
    var weights = [Int16](repeating: 0, count: outputCount * stride)
    for output in 0..<outputCount {
      let center = (Double(output) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let end = min(inputCount, Int(center + support + 0.5))
      let count = max(0, min(most, end - start))
      var values: [Double] = []
      for index in 0..<count { values.append(kernel((Double(index + start) - center + 0.5) / widening)) }
      let unit = Double(1 << Self.precision) / values.reduce(0, +)
      for (index, value) in values.enumerated() {
        let weight = (value * unit).rounded(.toNearestOrAwayFromZero)
        weights[output * stride + index] = Int16(clamping: Int(weight))
      }
      ranges.append((start, count))
    }
    self.outputCount = outputCount
    self.ranges = ranges
    self.weights = weights
  }

  /// Resamples each of `height` rows of `width` bytes to `outputCount` bytes.
  ///
  /// Safe: the caller's buffers hold height rows of that many bytes, the source `group` more; ranges lie inside of a row.
  func applyAcross(
    _ source: UnsafePointer<UInt8>, width: Int, height: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    weights.withUnsafeBufferPointer { weights in
      guard let first = weights.baseAddress else { return }
      for output in 0..<outputCount {
        let (start, count) = ranges[output]
        let whole = (count + Self.group - 1) / Self.group * Self.group
        ck_resample_across(
          source + start, width, height, first + output * stride, whole, target + output, outputCount)
      }
    }
  }

  /// Resamples rows of `width` bytes to `outputCount` rows; see `applyAcross`.
  func applyDown(_ source: UnsafePointer<UInt8>, width: Int, to target: UnsafeMutablePointer<UInt8>) {
    weights.withUnsafeBufferPointer { weights in
      guard let first = weights.baseAddress else { return }
      for output in 0..<outputCount {
        let (start, count) = ranges[output]
        ck_resample_down(
          source + start * width, width, first + output * stride, count, target + output * width)
      }
    }
  }
}

/// Resamplers by size, as a data set's pictures have few sizes.
struct ResamplerCache {
  private struct Key: Hashable {
    let from: Int
    let extent: Double
    let to: Int
    let kernel: Resampler.Kernel
  }

  /// Bytes of weights and ranges that are kept: some thousand resamplers of ordinary sizes.
  private static let limit = 2 << 20
  private var kept: [Key: Resampler] = [:]
  private var keptBytes = 0

  mutating func resampler(from inputCount: Int, extent: Double, to outputCount: Int, kernel: Resampler.Kernel)
    -> Resampler
  {
    let key = Key(from: inputCount, extent: extent, to: outputCount, kernel: kernel)
    if let found = kept[key] { return found }
    let made = Resampler(from: inputCount, extent: extent, to: outputCount, kernel: kernel)
    let bytes = 2 * made.weights.count + 16 * made.ranges.count + 128
    if keptBytes + bytes > Self.limit {
      kept.removeAll(keepingCapacity: true)
      keptBytes = 0
    }
    kept[key] = made
    keptBytes += bytes
    return made
  }
}
