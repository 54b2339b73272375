extension QuantileSketch.Bucket {
  /// A value within 1/256 of all that are counted in the bucket.
  package var middle: Double { BucketScale.midpoint(index) }
}
