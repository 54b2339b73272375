/// Statistics of one field over all records, ready to be shown.
package struct FieldSummary: Sendable, Equatable {
  package var path: String
  package var types = TypeCounts()
  package var numbers: NumberSummary?
  package var text: TextSummary?
  package var list: ListSummary?
  /// Distinct scalar values, estimated beyond 256 (standard error 1.6%); nil for elements of number lists.
  package var distinct: UInt64?
  /// The most frequent scalar values.
  package var top: TopSummary?
  /// What scale the numbers are on: `zero-one`, `minus-one-one`, `standardized`, `byte`, `unit-norm` or `raw`; nil where
  /// too few values, or only equal ones, say nothing.
  package var scale: String?
  /// Of a list of numbers whose lengths are nearly always the same.
  package var vectors: VectorSummary?
  /// Of numbers, else of lengths; nil of a single shard.
  package var spread: ShardSpread?
  /// Of a field of token ids, or of a text whose tokens were counted.
  package var tokens: TokenSummary?

  package init(path: String) { self.path = path }
}

/// How often a field had which type. `missing` counts the objects that have no such member.
package struct TypeCounts: Sendable, Equatable {
  package var number: UInt64 = 0
  /// Those of `number` that were written as integers.
  package var integer: UInt64 = 0
  package var text: UInt64 = 0
  package var boolean: UInt64 = 0
  package var object: UInt64 = 0
  package var list: UInt64 = 0
  /// Members of samples that are pictures.
  package var picture: UInt64 = 0
  /// Members of samples that are not read.
  package var file: UInt64 = 0
  package var null: UInt64 = 0
  package var missing: UInt64 = 0

  package init() {}

  /// Values that are there and not null.
  package var present: UInt64 { number + text + boolean + object + list + picture + file }
}

/// Moments and quantiles are over finite values; the others are counted.
package struct NumberSummary: Sendable, Equatable {
  /// Finite values.
  package var count: UInt64 = 0
  package var nan: UInt64 = 0
  package var positiveInfinity: UInt64 = 0
  package var negativeInfinity: UInt64 = 0
  package var minimum: Double?
  package var maximum: Double?
  package var mean: Double?
  /// Of the sample (n - 1).
  package var standardDeviation: Double?
  package var zeros: UInt64 = 0
  package var negatives: UInt64 = 0
  /// At `FieldSummary.quantileRanks`, relative error at most 1/256; empty without a finite value.
  package var quantiles: [Double] = []
  package var histogram: [HistogramBin] = []
  /// At most 101 bins of nearly equal counts (`QuantileSketch.quantileBins`), for a comparison with other data.
  package var bins: [HistogramBin] = []
  /// Beyond these a value is an outlier; nil where the rule is off or has nothing to go by.
  package var fences: OutlierFences?

  package init() {}
}

package struct OutlierFences: Sendable, Equatable {
  package var low: Double
  package var high: Double
  /// Whether the rule was applied to logarithms, for a positive, heavy-tailed field.
  package var isLogarithmic: Bool

  package init(low: Double, high: Double, isLogarithmic: Bool) {
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
  }
}

extension FieldSummary {
  /// Names in `summary.json` and ranks.
  package static let quantileRanks: [(name: String, rank: Double)] = [
    ("0.01", 0.01), ("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95),
    ("0.99", 0.99),
  ]
}

/// Values in `low..<high`, the last bin's `high` included; the counts are exact.
package struct HistogramBin: Sendable, Equatable {
  package var low: Double
  package var high: Double
  package var count: UInt64

  package init(low: Double, high: Double, count: UInt64) {
    self.low = low
    self.high = high
    self.count = count
  }
}

/// Lengths of texts in Unicode scalars after unescaping.
package struct TextSummary: Sendable, Equatable {
  package var characters = NumberSummary()
  /// As written, all texts together.
  package var bytes: UInt64 = 0
  /// Of length zero.
  package var empty: UInt64 = 0

  package init() {}
}

/// Lengths of lists in elements.
package struct ListSummary: Sendable, Equatable {
  package var lengths = NumberSummary()
  package var empty: UInt64 = 0

  package init() {}
}

package struct TopSummary: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var value: String
    package var count: UInt64

    package init(value: String, count: UInt64) {
      self.value = value
      self.count = count
    }
  }

  /// At most `TopSummary.largest`.
  package var values: [Entry]
  package static let largest = 64
  /// A count is too low by at most this; a value not listed occurs at most this often.
  package var error: UInt64
  /// Values that are not listed.
  package var rest: UInt64

  package init(values: [Entry], error: UInt64, rest: UInt64 = 0) {
    self.values = values
    self.error = error
    self.rest = rest
  }
}

/// Number lists of one length, as vectors; what is needed to normalize them.
package struct VectorSummary: Sendable, Equatable {
  package struct Dimension: Sendable, Equatable {
    package var minimum: Double
    package var maximum: Double
    package var mean: Double
    /// Of the sample; nil of one vector.
    package var standardDeviation: Double?

    package init(minimum: Double, maximum: Double, mean: Double, standardDeviation: Double?) {
      self.minimum = minimum
      self.maximum = maximum
      self.mean = mean
      self.standardDeviation = standardDeviation
    }
  }

  /// More dimensions than this are not listed one by one.
  package static let dimensionLimit = 128

  package var length: Int
  /// Lists of that length with finite numbers only.
  package var count: UInt64
  /// Lists of another length.
  package var otherLength: UInt64
  /// Vectors whose norm is 1, and whose norm is 0.
  package var unitNorm: UInt64
  package var zeroNorm: UInt64
  /// One for each dimension, or none.
  package var dimensions: [Dimension] = []

  package init(length: Int, count: UInt64, otherLength: UInt64, unitNorm: UInt64, zeroNorm: UInt64) {
    self.length = length
    self.count = count
    self.otherLength = otherLength
    self.unitNorm = unitNorm
    self.zeroNorm = zeroNorm
  }
}
