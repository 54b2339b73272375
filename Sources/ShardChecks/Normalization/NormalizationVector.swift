import ShardModel
import ShardRules

/// A vector is not of length 1 among vectors that are.
struct NormalizationVector: Check {
  static let description = CheckDescription(
    id: "normalization-vector", family: .normalization, severity: .warning,
    summary: "A vector's norm is not 1, within 0.01, where nearly all vectors of the field have norm 1.",
    rationale: """
      A dot product is a cosine only for vectors of length 1: one that was not normalized dominates every contrastive batch \
      that it is in, and one of length 0 is divided by 0.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      .init(NearlyAll.example("{\"v\": [0.6, 0.8]}", "{\"v\": [3.5, 4.0]}")),
      .init(NearlyAll.example("{\"v\": [0.6, 0.8]}", "{\"v\": [0.0, 0.0]}")),
    ],
    nonTriggering: [
      .init(NearlyAll.example("{\"v\": [0.6, 0.8]}", "{\"v\": [-0.8, 0.6]}")),
      .init((1...40).map { "{\"v\": [\($0).5, 1]}\n" }.joined()),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for path in dataset.fields.keys.sorted() {
      guard let vectors = dataset.fields[path]?.vectors, vectors.isUnitNorm(settings) else { continue }
      if settings.rules.decides({ $0.scale == .named(.unitNorm) }, path) { continue }
      let share = NearlyAll.percent(vectors.unit, of: vectors.normed)
      conclusions.addRule(path, .notUnitNorm) { observation in
        Self.finding(
          field: observation.field, value: observation.value,
          observation.value == "norm 0"
            ? "expected norm 1 as in \(share) of the vectors; a vector of zeros cannot be brought to it"
            : "expected norm 1 as in \(share) of the vectors; divide the vector by its norm")
      }
    }
  }
}

extension VectorProfile {
  /// Whether nearly all vectors have norm 1.
  package func isUnitNorm(_ settings: CheckSettings) -> Bool { NearlyAll.is(unit, of: normed, settings) }
}
