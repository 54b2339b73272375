import ShardModel

/// A number stands in quotes.
struct NumberAsText: Check {
  static let description = CheckDescription(
    id: "number-as-text", family: .numbers, severity: .error,
    summary: "A text that reads as a number, NaN or an infinity stands in a field of numbers.",
    rationale: """
      A loader refuses it, casts the whole column to text, or calls float() on it, which turns "nan" into a NaN that no \
      check for missing values sees.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      .init(NearlyAll.example("{\"a\": 0.5}", "{\"a\": \"0.31\"}")),
      .init(NearlyAll.example("{\"a\": 0.5}", "{\"a\": \" NaN\"}")),
    ],
    nonTriggering: [
      .init(NearlyAll.example("{\"a\": 0.5}", "{\"a\": \"unknown\"}")),
      .init(NearlyAll.example("{\"a\": \"x\"}", "{\"a\": \"12\"}")),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, field) in dataset.fields where field.counts.text > 0 && !field.isUntyped {
      if settings.rules.decides({ $0.kinds != nil }, path) { continue }
      guard field.expectedType(settings) == .number else { continue }
      conclusions.addRule(path, .text) { observation in
        let what: String
        switch NumberText.reading(observation.value) {
        case nil: return nil
        case .finite: what = "a number in quotes"
        case .nan: what = "a text that reads as NaN"
        case .infinite: what = "a text that reads as an infinity"
        }
        return Self.finding(
          field: observation.field, value: observation.value, "\(what), expected a number without quotes")
      }
    }
  }
}
