import ShardModel
import ShardSketches

/// Compares a data set with an earlier one, field by field: the one comparison behind `--baseline` and `diff`.
package struct DriftComparison: Sendable {
  package let settings: DriftSettings

  package init(_ settings: DriftSettings = DriftSettings()) { self.settings = settings }

  /// All fields of both sides, in the order of their paths.
  ///
  /// - Complexity: O(fields), some hundred bins each.
  package func compare(_ before: Baseline, _ after: Baseline) -> [FieldDrift] {
    let (old, new) = (Self.byPath(before), Self.byPath(after))
    let paths = Set(old.keys).union(new.keys).sorted(by: ByteOrder.precedes)
    var drifts: [FieldDrift] = []
    var absent: Set<String> = []
    for path in paths {
      switch (old[path], new[path]) {
      case (let left?, let right?): drifts.append(compare(left, right, Context(old, new, path)))
      case (let left?, nil):
        drifts.append(presence(left, .lost, of: before, in: after, Context(old, new, path), &absent))
      case (nil, let right?):
        drifts.append(presence(right, .added, of: after, in: before, Context(new, old, path), &absent))
      case (nil, nil): break
      }
    }
    return drifts
  }

  private static func byPath(_ side: Baseline) -> [String: FieldShape] {
    Dictionary(side.fields.map { ($0.path, $0) }) { first, _ in first }
  }

  /// How many values of a field are independent of each other on both sides; nil where all are.
  private struct Context {
    var before: UInt64?
    var after: UInt64?

    init(_ before: [String: FieldShape], _ after: [String: FieldShape], _ path: String) {
      guard let list = FieldShape.outermostList(of: path) else { return }
      self.before = before[list]?.types.list
      self.after = after[list]?.types.list
    }
  }

  // MARK: Presence

  /// - Parameter absent: Fields that are wholly new or lost; what lies in one of them is not told again.
  private func presence(
    _ field: FieldShape, _ presence: FieldDrift.Presence, of side: Baseline, in other: Baseline,
    _ context: Context, _ absent: inout Set<String>
  ) -> FieldDrift {
    var drift = FieldDrift(path: field.path, presence: presence)
    let isInner = Self.ancestors(of: field.path).contains { absent.contains($0) }
    absent.insert(field.path)
    let seen = Double(min(field.occurrences, context.before ?? .max))
    // Where this many are expected, there being none is no chance.
    let expected = seen / Double(max(1, side.records)) * Double(other.records)
    drift.isPresenceBeyond = !isInner && expected >= 20
    return drift
  }

  /// Paths of the objects and lists that hold the field.
  private static func ancestors(of path: String) -> [String] {
    path.indices.filter { path[$0] == "." || path[$0] == "[" }.map { String(path[..<$0]) }
  }

  // MARK: Both

  private func compare(_ old: FieldShape, _ new: FieldShape, _ context: Context) -> FieldDrift {
    var drift = FieldDrift(path: old.path, presence: .both)
    for (kind, path) in [
      (FieldDrift.Kind.numbers, \FieldShape.numbers), (.characters, \.characters), (.lengths, \.lengths),
    ] {
      guard let left = old[keyPath: path], let right = new[keyPath: path] else { continue }
      var measure = measure(kind, left, right, context)
      if kind == .numbers, old.isCounter, new.isCounter { measure.isBeyond = false }
      drift.measures.append(measure)
    }
    if let measure = CategoryComparison(settings, old, new)?.measure(context.before, context.after) {
      drift.measures.append(measure)
    }
    drift.rates = RateComparison(settings).compare(old, new, before: context.before, after: context.after)
    return drift
  }

  private func measure(
    _ kind: FieldDrift.Kind, _ left: Distribution, _ right: Distribution, _ context: Context
  ) -> FieldDrift.Measure {
    let bins = ComparisonBins(of: left.bins)
    let verdict = DistributionJudge(settings).judge(
      .init(bins.counts(of: left.bins), independent: context.before),
      .init(bins.counts(of: right.bins), independent: context.after))
    var measure = FieldDrift.Measure(kind: kind, before: left.count, after: right.count)
    measure.jensenShannon = DriftText.rounded(verdict.jensenShannon)
    measure.stability = DriftText.rounded(verdict.stability)
    measure.medianBefore = left.median
    measure.medianAfter = right.median
    measure.isBeyond = verdict.isBeyond
    return measure
  }
}
