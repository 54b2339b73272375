import CKernels

/// The buckets that doubles are cut into: which values lie in which, and where they begin and end.
///
/// The key of a bucket is the sign, the exponent and 7 bits of the mantissa of its values; its index has the key
/// without the sign as magnitude, so that indices order as values do and both zeros are index 0.
enum BucketScale {
  static let shift = UInt64(CK_STATS_BUCKET_SHIFT)
  /// The size of a table with a counter for each key, 19 bits.
  static let keyCount = 1 << 19
  /// The bit of a key that holds the sign.
  static let signKey = 1 << 18
  /// The index of the largest finite doubles.
  static let highestIndex = Int32(Double.greatestFiniteMagnitude.bitPattern >> shift)

  /// The key of a magnitude.
  static func key(ofMagnitude magnitude: Double) -> Int { Int(magnitude.magnitude.bitPattern >> shift) }

  static func index(of value: Double) -> Int32 {
    let magnitude = Int32(key(ofMagnitude: value))
    return value < 0 ? -magnitude : magnitude
  }

  /// The middle of a bucket, within 1/256 of each of its (normal) values.
  static func midpoint(_ index: Int32) -> Double {
    guard index != 0 else { return 0 }
    let magnitude = Double(bitPattern: (UInt64(index.magnitude) << shift) | (1 << (shift - 1)))
    return index < 0 ? -magnitude : magnitude
  }

  /// The edge between a bucket and the one below it. That of the zero bucket is written 0.
  static func lowerEdge(_ index: Int32) -> Double {
    guard index < 0 else { return Double(bitPattern: UInt64(index) << shift) }
    let edge = Double(bitPattern: (UInt64(index.magnitude) + 1) << shift)
    return -min(edge, .greatestFiniteMagnitude)
  }

  /// The edge between a bucket and the one above it.
  static func upperEdge(_ index: Int32) -> Double {
    index < highestIndex ? lowerEdge(index + 1) : .greatestFiniteMagnitude
  }

  /// The place of the order statistic that a quantile names, counted from 0.
  static func rank(of quantile: Double, count: UInt64) -> UInt64 {
    guard count > 0, quantile > 0 else { return 0 }
    let rank = (Double(count - 1) * min(quantile, 1)).rounded(.down)
    return min(UInt64(rank), count - 1)
  }
}
