import ShardModel

/// The values of a field are spread otherwise than in the baseline, or in one shard otherwise than in the others.
package struct DriftDistribution: Check {
  package static let description = CheckDescription(
    id: "drift-distribution", family: .drift, severity: .warning,
    summary:
      "The numbers, lengths or categories of a field moved against the baseline, or in one shard against all others.",
    rationale: """
      A model is tuned to the data it saw: a feature in other units, a collapsed label or texts cut at half their length \
      train without an error and fail in use. One odd shard among thousands is averaged away in every statistic.
      """,
    parameters: [
      .init(
        "js", default: "0.1",
        "Jensen-Shannon distance (base 2, over the deciles of the baseline), less what chance adds"),
      .init(
        "psi", default: "0.25",
        "population stability index over the same bins, half a value added to each, less what chance adds"),
      .init("categories", default: "0.1", "largest difference of the shares of one value"),
      .init("fewest", default: "50", "with fewer values on either side nothing is judged"),
    ],
    triggering: [
      .init(lines(60, 100) { "{\"a\": \($0).5}" }, baseline: lines(0, 100) { "{\"a\": \($0).5}" }),
      .init(
        lines(0, 100) { "{\"a\": \"\($0 % 4 == 0 ? "cat" : "dog")\"}" },
        baseline: lines(0, 100) { "{\"a\": \"\($0 % 4 == 0 ? "dog" : "cat")\"}" }),
    ],
    nonTriggering: [
      .init(lines(3, 100) { "{\"a\": \($0).5}" }, baseline: lines(0, 100) { "{\"a\": \($0).5}" }),
      .init(lines(60, 20) { "{\"a\": \($0).5}" }, baseline: lines(0, 100) { "{\"a\": \($0).5}" }),
      .init(lines(100, 100) { "{\"id\": \($0)}" }, baseline: lines(0, 100) { "{\"id\": \($0)}" }),
    ])

  package init(_ settings: CheckSettings) {}

  private static func lines(_ first: Int, _ count: Int, _ line: (Int) -> String) -> String {
    (first..<(first + count)).map { line($0) + "\n" }.joined()
  }

  /// One finding for each field with a distribution that moved.
  package static func findings(_ drifts: [FieldDrift], _ settings: DriftSettings) -> [Finding] {
    drifts.compactMap { drift in
      let moved = drift.measures.filter(\.isBeyond)
      return moved.isEmpty
        ? nil : finding(moved, field: drift.path, "moved against the baseline", settings)
    }
  }

  /// About a shard that differs from all others.
  static func finding(
    _ measures: [FieldDrift.Measure], field: String, _ settings: DriftSettings
  ) -> Finding {
    finding(measures, field: field, "differs from the other shards", settings)
  }

  private static func finding(
    _ measures: [FieldDrift.Measure], field: String, _ what: String, _ settings: DriftSettings
  ) -> Finding {
    let text = measures.map { message($0, settings) }.joined(separator: "; ")
    let category = measures.first { $0.kind == .categories }?.category
    return finding(
      field: field, value: category.map { Excerpt.of(Array($0.utf8)) }, "\(what): \(text)")
  }

  private static func message(_ measure: FieldDrift.Measure, _ settings: DriftSettings) -> String {
    var text = DriftText.name(measure.kind)
    if let js = measure.jensenShannon, let psi = measure.stability {
      text += ", " + DriftText.distances(js, psi, settings)
    }
    if let before = measure.medianBefore, let after = measure.medianAfter {
      text += ": median \(DriftText.number(before)) -> \(DriftText.number(after))"
    }
    if let largest = measure.largest, let before = measure.shareBefore, let after = measure.shareAfter {
      text +=
        ", largest difference \(DriftText.number(largest)) (limit \(DriftText.number(settings.categories)))"
      text += ": its share \(DriftText.percent(before)) -> \(DriftText.percent(after))"
    }
    return text
  }
}
