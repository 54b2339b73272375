import ShardModel
import ShardSketches

/// How values of a field are counted for a comparison.
enum FieldBinning {
  case sketch(FieldDrift.Kind, ComparisonBins, median: Double)
  /// By hash; the truths and falsehoods come last.
  case categories([UInt64: Int], names: [String])

  /// All that can be compared of a field.
  static func all(of field: FieldProfile, _ settings: DriftSettings) -> [FieldBinning] {
    var all: [FieldBinning] = []
    let isCounter = FieldShape.isCounter(
      field.counts, distinct: UInt64(field.distinct.estimate), least: field.numbers.moments.min,
      most: field.numbers.moments.max)
    for kind in [FieldDrift.Kind.numbers, .characters, .lengths] where kind != .numbers || !isCounter {
      guard let profile = numbers(kind, of: field), profile.sketch.count >= 2 * settings.fewest else {
        continue
      }
      let bins = ComparisonBins(of: profile.sketch.quantileBins())
      all.append(.sketch(kind, bins, median: median(kind, of: field)))
    }
    let isWhole = field.counts.integer == field.counts.number
    let values = field.counts.text + field.counts.number + field.counts.boolean
    if isWhole, field.top.isExact, values >= 2 * settings.fewest,
      field.counts.boolean > 0 || !field.top.entries.isEmpty
    {
      let places = field.top.entries.enumerated().map { ($0.element.hash, $0.offset) }
      let names = field.top.entries.map(\.text) + ["true", "false"]
      all.append(.categories(Dictionary(places) { first, _ in first }, names: names))
    }
    return all
  }

  private static func numbers(_ kind: FieldDrift.Kind, of field: FieldProfile) -> NumberProfile? {
    switch kind {
    case .numbers: field.numbers
    case .characters: field.characters
    case .lengths: field.lengths
    case .categories: nil
    }
  }

  /// Whole where all values are, as in a summary.
  private static func median(_ kind: FieldDrift.Kind, of field: FieldProfile) -> Double {
    guard let numbers = numbers(kind, of: field),
      let median = numbers.sketch.quantile(0.5, within: numbers.limits)
    else { return 0 }
    let isWhole = kind != .numbers || field.counts.integer == field.counts.number
    return isWhole ? median.rounded() : median
  }

  func counts(_ field: FieldProfile) -> [Double] {
    switch self {
    case .sketch(let kind, let bins, _):
      return Self.numbers(kind, of: field).map { bins.counts(of: $0.sketch) } ?? []
    case .categories(let places, let names):
      var counts = [Double](repeating: 0, count: names.count)
      for entry in field.top.entries {
        if let place = places[entry.hash] { counts[place] += Double(entry.count) }
      }
      counts[names.count - 2] += Double(field.trues)
      counts[names.count - 1] += Double(field.counts.boolean - field.trues)
      return counts
    }
  }

  /// In units of the limit.
  func distance(
    _ side: DistributionJudge.Side, _ rest: DistributionJudge.Side, _ judge: DistributionJudge
  ) -> (value: Double, isBeyond: Bool) {
    let limits = judge.settings
    switch self {
    case .sketch:
      let verdict = judge.judge(rest, side)
      return (
        max(verdict.jensenShannon / limits.jensenShannon, verdict.stability / limits.stability),
        verdict.isBeyond
      )
    case .categories:
      let largest = Distances.largestDifference(rest.counts, side.counts)
      guard largest.distance > limits.categories else { return (0, false) }
      return (largest.distance / limits.categories, judge.judgeShare(rest, side, bin: largest.bin))
    }
  }

  func measure(
    _ side: DistributionJudge.Side, _ rest: DistributionJudge.Side, _ field: FieldProfile,
    _ judge: DistributionJudge
  ) -> FieldDrift.Measure {
    let (all, values) = (rest.counts.reduce(0, +), side.counts.reduce(0, +))
    switch self {
    case .sketch(let kind, _, let median):
      let verdict = judge.judge(rest, side)
      var measure = FieldDrift.Measure(kind: kind, before: Self.tally(all), after: Self.tally(values))
      measure.jensenShannon = DriftText.rounded(verdict.jensenShannon)
      measure.stability = DriftText.rounded(verdict.stability)
      measure.medianBefore = median
      measure.medianAfter = Self.median(kind, of: field)
      measure.isBeyond = true
      return measure
    case .categories(_, let names):
      var measure = FieldDrift.Measure(kind: .categories, before: Self.tally(all), after: Self.tally(values))
      let largest = Distances.largestDifference(rest.counts, side.counts)
      measure.largest = DriftText.rounded(largest.distance)
      measure.category = names[largest.bin]
      measure.shareBefore = DriftText.rounded(rest.counts[largest.bin] / max(1, all))
      measure.shareAfter = DriftText.rounded(side.counts[largest.bin] / max(1, values))
      measure.isBeyond = true
      return measure
    }
  }

  /// Counts from the states of many shards, which may say anything, can exceed an integer.
  private static func tally(_ count: Double) -> UInt64 { UInt64(min(max(0, count), 0x1p53)) }
}
