import Glibc

/// The 64-bit hash of `imagehash.phash`: which of the 8 x 8 lowest frequencies of a 32 x 32 gray copy are above their median.
///
/// In whole numbers, so that equal copies have equal hashes on any machine.
enum PerceptualHash {
  static let side = 32
  private static let frequencies = 8

  /// cos(pi k (2n + 1) / 64) in units of 2^-13, frequency after frequency.
  private static let cosines: [Int32] = (0..<frequencies).flatMap { frequency in
    (0..<side).map { index in
      Int32((cos(Double.pi * Double(frequency * (2 * index + 1)) / Double(2 * side)) * 8192).rounded())
    }
  }

  /// - Complexity: O(1): 10,240 products.
  static func hash(_ gray: UnsafePointer<UInt8>) -> UInt64 {
    var columns = [Int32](repeating: 0, count: frequencies * side)
    var values = [Int64](repeating: 0, count: frequencies * frequencies)
    cosines.withUnsafeBufferPointer { cosines in
      for vertical in 0..<frequencies {
        for y in 0..<side {
          let cosine = cosines[vertical &* side &+ y]
          // 32 products below 2^8 * 2^13 stay below 2^26.
          for x in 0..<side { columns[vertical &* side &+ x] &+= Int32(gray[y &* side &+ x]) &* cosine }
        }
        for horizontal in 0..<frequencies {
          var sum: Int64 = 0
          for x in 0..<side {
            sum &+= Int64(columns[vertical &* side &+ x]) &* Int64(cosines[horizontal &* side &+ x])
          }
          values[vertical &* frequencies &+ horizontal] = sum
        }
      }
    }
    let sorted = values.sorted()
    // Twice the median, which lies between the two values in the middle.
    let median = sorted[31] + sorted[32]
    return values.reduce(0) { $0 << 1 | (2 * $1 > median ? 1 : 0) }
  }
}
