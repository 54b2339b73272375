import CKernels
import ShardModel
import ShardSketches

/// Mergeable statistics of numbers: of a field's values, or of the lengths of its texts or lists.
///
/// Moments and quantiles are over finite values; the others are counted, so that no NaN or infinity ever reaches
/// a statistic.
package struct NumberProfile: Sendable, Equatable {
  package var nan: UInt64 = 0
  package var positiveInfinity: UInt64 = 0
  package var negativeInfinity: UInt64 = 0
  package var moments = Moments()
  package var sketch = QuantileSketch()

  package init() {}

  package var isEmpty: Bool {
    moments.count == 0 && nan == 0 && positiveInfinity == 0 && negativeInfinity == 0
  }

  /// Adds what was seen later in the data: moments depend on the order, the rest does not.
  package mutating func merge(_ later: NumberProfile) {
    nan += later.nan
    positiveInfinity += later.positiveInfinity
    negativeInfinity += later.negativeInfinity
    moments.merge(later.moments)
    sketch.merge(later.sketch)
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(nan)
    writer.write(positiveInfinity)
    writer.write(negativeInfinity)
    moments.encode(into: &writer)
    sketch.encode(into: &writer)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    nan = try reader.readTally()
    positiveInfinity = try reader.readTally()
    negativeInfinity = try reader.readTally()
    moments = try Moments(decoding: &reader)
    sketch = try QuantileSketch(decoding: &reader)
  }

  /// What reports show.
  /// - Parameter isWhole: whether all values are whole numbers; then so are the quantiles, which below 128 are exact.
  package func summary(isWhole: Bool) -> NumberSummary {
    var summary = NumberSummary()
    summary.count = moments.count
    summary.nan = nan
    summary.positiveInfinity = positiveInfinity
    summary.negativeInfinity = negativeInfinity
    summary.minimum = moments.min
    summary.maximum = moments.max
    summary.mean = moments.mean
    summary.standardDeviation = moments.standardDeviation
    summary.zeros = sketch.zeros
    summary.negatives = sketch.negatives
    guard let limits else { return summary }
    summary.quantiles = sketch.quantiles(FieldSummary.quantileRanks.map(\.rank), within: limits)
    if isWhole { summary.quantiles = summary.quantiles.map { $0.rounded() } }
    summary.histogram = sketch.histogram(bins: 32, within: limits).map {
      HistogramBin(low: $0.low, high: $0.high, count: $0.count)
    }
    summary.bins = sketch.quantileBins()
    return summary
  }

  package var limits: ClosedRange<Double>? {
    guard let low = moments.min, let high = moments.max else { return nil }
    return low...high
  }
}

/// The hot half of a `NumberProfile`: one worker's counts while it reads a shard.
final class NumberAccumulator {
  let table = QuantileTable()
  var nan: UInt64 = 0
  var positiveInfinity: UInt64 = 0
  var negativeInfinity: UInt64 = 0

  /// Adds finite values and returns their moments, which are merged in chunk order elsewhere.
  func add(_ values: UnsafeBufferPointer<Double>, summary: ck_summary) -> Moments {
    table.add(values, summary: summary)
    return Moments(values, summary: summary)
  }

  /// What does not depend on the order; the moments are left empty.
  func drain() -> NumberProfile {
    var profile = NumberProfile()
    profile.nan = nan
    profile.positiveInfinity = positiveInfinity
    profile.negativeInfinity = negativeInfinity
    profile.sketch = table.snapshot()
    nan = 0
    positiveInfinity = 0
    negativeInfinity = 0
    table.reset()
    return profile
  }
}
