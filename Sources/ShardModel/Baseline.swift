/// What a later comparison needs of a data set: kept in `summary.json`, and in the state of a scan that was compared
/// with one, so that a merge compares again.
///
/// Memory: some kilobytes a field.
package struct Baseline: Sendable, Equatable {
  package var records: UInt64
  /// In the order of their paths.
  package var fields: [FieldShape]

  package init(records: UInt64, fields: [FieldShape]) {
    self.records = records
    self.fields = fields
  }

  package init(records: UInt64, summaries: [FieldSummary]) {
    self.init(records: records, fields: summaries.map { FieldShape($0) })
  }
}

/// How the values of a field are spread.
package struct FieldShape: Sendable, Equatable {
  package var path: String
  package var types = TypeCounts()
  package var nan: UInt64 = 0
  package var infinite: UInt64 = 0
  /// Of the finite numbers.
  package var numbers: Distribution?
  /// Of the lengths of texts in characters.
  package var characters: Distribution?
  /// Of the lengths of lists in elements.
  package var lengths: Distribution?
  package var top: TopSummary?
  /// Whether the numbers count the records: other data have others, which is no drift.
  package var isCounter = false

  package init(path: String) { self.path = path }

  package init(_ summary: FieldSummary) {
    path = summary.path
    types = summary.types
    if let numbers = summary.numbers {
      nan = numbers.nan
      infinite = numbers.positiveInfinity &+ numbers.negativeInfinity
      self.numbers = Distribution(numbers)
      isCounter = Self.isCounter(
        types, distinct: summary.distinct, least: numbers.minimum, most: numbers.maximum)
    }
    characters = summary.text.flatMap { Distribution($0.characters) }
    lengths = summary.list.flatMap { Distribution($0.lengths) }
    top = summary.top
  }

  /// Whether whole numbers hardly repeat and fill at least a quarter of the range between the least and the most:
  /// identifiers that were counted up.
  ///
  /// - Parameter distinct: An estimate within some percent.
  package static func isCounter(
    _ types: TypeCounts, distinct: UInt64?, least: Double?, most: Double?
  ) -> Bool {
    guard let distinct, let least, let most, types.number > 0, types.integer == types.number,
      types.text == 0
    else { return false }
    let count = Double(types.number)
    return Double(distinct) >= 0.95 * count && most - least <= 4 * count
  }

  /// Values of any type, null included.
  package var occurrences: UInt64 { types.present &+ types.null }

  /// The list that holds the elements, the outermost one: `a` of `a[].b[]`; nil for what is in no list. Values of one
  /// list are seldom independent of each other.
  package static func outermostList(of path: String) -> String? {
    path.firstRange(of: "[]").map { String(path[..<$0.lowerBound]) }
  }
}

/// Bins of nearly equal counts, in the order of their values, and the value in the middle.
package struct Distribution: Sendable, Equatable {
  package var bins: [HistogramBin]
  /// More bins are none that were written by a scan.
  package static let largest = 1_000
  package var median: Double

  package init(bins: [HistogramBin], median: Double) {
    self.bins = bins
    self.median = median
  }

  /// Nil of no values.
  package init?(_ summary: NumberSummary) {
    let middle = FieldSummary.quantileRanks.firstIndex { $0.rank == 0.5 } ?? 0
    guard !summary.bins.isEmpty, summary.quantiles.indices.contains(middle) else { return nil }
    self.init(bins: summary.bins, median: summary.quantiles[middle])
  }

  package var count: UInt64 { bins.reduce(0) { $0 &+ $1.count } }
}
