import ShardChecks
import ShardModel
import ShardSketches

/// Turns merged statistics into what reports show.
enum FieldSummaries {
  /// In the order of their paths.
  static func make(
    _ dataset: ShardProfile, _ conclusions: Conclusions, _ settings: CheckSettings
  ) -> [FieldSummary] {
    dataset.fields.keys.sorted(by: ByteOrder.precedes).compactMap { path in
      guard let profile = dataset.fields[path] else { return nil }
      // The record itself says nothing beyond the number of records.
      if profile.role == .root, profile.counts.object == profile.occurrences { return nil }
      var summary = FieldSummary(path: path)
      summary.types = profile.counts
      summary.types.missing = dataset.missing(path)
      if !profile.numbers.isEmpty {
        summary.numbers = profile.numbers.summary(isWhole: profile.counts.integer == profile.counts.number)
        summary.numbers?.fences = conclusions.fences[path].map {
          OutlierFences(
            low: $0.range.lowerBound, high: $0.range.upperBound, isLogarithmic: $0.isLogarithmic)
        }
      }
      if profile.counts.text > 0 {
        var text = TextSummary()
        text.characters = profile.characters.summary(isWhole: true)
        text.bytes = profile.textBytes
        text.empty = profile.characters.sketch.zeros
        summary.text = text
      }
      if profile.counts.list > 0 {
        var list = ListSummary()
        list.lengths = profile.lengths.summary(isWhole: true)
        list.empty = profile.lengths.sketch.zeros
        summary.list = list
      }
      summary.tokens = TokenSummaries.field(path, dataset, settings)
      addValues(of: profile, to: &summary)
      summary.scale = profile.vectors.isUnitNorm(settings) ? "unit-norm" : profile.scaleClass?.name
      summary.vectors = vectors(of: profile.vectors)
      return summary
    }
  }

  private static func vectors(of vectors: VectorProfile) -> VectorSummary? {
    // Lists of whose lengths more than one in twenty differ are sequences.
    guard vectors.measured > 0, vectors.odd * 20 <= vectors.rows else { return nil }
    var summary = VectorSummary(
      length: vectors.dimension, count: vectors.measured, otherLength: vectors.odd, unitNorm: vectors.unit,
      zeroNorm: vectors.zero)
    guard vectors.dimensions.count <= VectorSummary.dimensionLimit else { return summary }
    summary.dimensions = vectors.dimensions.map {
      VectorSummary.Dimension(
        minimum: $0.min ?? 0, maximum: $0.max ?? 0, mean: $0.mean ?? 0,
        standardDeviation: $0.standardDeviation)
    }
    return summary
  }

  private static let shownValues = 10

  private static func addValues(of profile: FieldProfile, to summary: inout FieldSummary) {
    let isCounted = profile.counts.text > 0 || (profile.counts.number > 0 && profile.role != .element)
    let truths = profile.trues
    let falsehoods = profile.counts.boolean - profile.trues
    guard isCounted || profile.counts.boolean > 0 else { return }
    summary.distinct = UInt64(profile.distinct.estimate) + (truths > 0 ? 1 : 0) + (falsehoods > 0 ? 1 : 0)
    var entries = profile.top.entries.map { TopSummary.Entry(value: $0.text, count: $0.count) }
    if truths > 0 { entries.append(TopSummary.Entry(value: "true", count: truths)) }
    if falsehoods > 0 { entries.append(TopSummary.Entry(value: "false", count: falsehoods)) }
    entries.sort { $0.count != $1.count ? $0.count > $1.count : ByteOrder.precedes($0.value, $1.value) }
    // Values that occur once are no frequent values.
    entries.removeAll { $0.count < 2 }
    guard !entries.isEmpty else { return }
    // Of a field of categories all are kept, so that two data sets can be compared.
    let isWhole = profile.top.isExact && entries.count <= TopValuesTable.capacity
    let shown = entries.prefix(isWhole ? TopValuesTable.capacity : shownValues)
    let all = profile.counts.text + profile.counts.number + profile.counts.boolean
    let listed = shown.reduce(0) { $0 &+ $1.count }
    summary.top = TopSummary(
      values: Array(shown), error: profile.top.error, rest: all > listed ? all - listed : 0)
  }
}
