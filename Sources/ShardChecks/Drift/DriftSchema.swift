import ShardModel

/// A field is new or gone against the baseline, or has other types or gaps.
package struct DriftSchema: Check {
  package static let description = CheckDescription(
    id: "drift-schema", family: .drift, severity: .warning,
    summary:
      "A field is new or lost against the baseline, or its types or its share of missing, null or NaN values changed.",
    rationale: """
      Code written for the earlier data reads a field that is no longer there, or fills the gaps of one that half of the \
      records lost with a default. Each record is valid by itself, so nothing else finds it.
      """,
    parameters: [
      .init(
        "rates", default: "0.05",
        "how far a share of missing, null, NaN or infinite values or of a type may move")
    ],
    triggering: [
      .init(records("{\"a\": 1, \"c\": 2}"), baseline: records("{\"a\": 1, \"b\": 2}")),
      .init(records("{\"a\": \"1\"}"), baseline: records("{\"a\": 1}")),
      .init(records("{\"a\": 1}") + records("{\"a\": null}"), baseline: records("{\"a\": 1}")),
    ],
    nonTriggering: [
      .init(records("{\"a\": 1, \"b\": 2}"), baseline: records("{\"a\": 2, \"b\": 1}")),
      .init("{\"a\": 1, \"c\": 2}\n", baseline: "{\"a\": 1, \"b\": 2}\n"),
    ])

  package init(_ settings: CheckSettings) {}

  private static func records(_ line: String) -> String { String(repeating: line + "\n", count: 40) }

  /// One finding for each field that changed.
  package static func findings(_ drifts: [FieldDrift], _ settings: DriftSettings) -> [Finding] {
    drifts.compactMap { drift in
      if drift.isPresenceBeyond {
        return finding(
          field: drift.path,
          drift.presence == .lost
            ? "the field is lost: the baseline has it, no record here does"
            : "the field is new: the baseline does not have it")
      }
      let moved = drift.rates.filter(\.isBeyond)
      guard !moved.isEmpty else { return nil }
      let changes = moved.map { rate in
        "\(DriftText.name(ofRate: rate.name)) \(DriftText.percent(rate.before)) -> \(DriftText.percent(rate.after))"
      }
      return finding(
        field: drift.path,
        "changed against the baseline: \(changes.joined(separator: ", ")) (limit \(DriftText.percent(settings.rates)))"
      )
    }
  }
}
