import ShardModel

/// A field is null that nearly always has a value.
struct FieldNull: Check {
  static let description = CheckDescription(
    id: "field-null", family: .numbers, severity: .warning,
    summary: "A field is null (in CSV: an empty cell) that has a value nearly everywhere.",
    rationale: """
      Loaders turn a null among numbers into NaN and a null among texts into "None" or "nan", or raise when they collate \
      the batch.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      .init(NearlyAll.example("{\"a\": 0.5}", "{\"a\": null}")),
      .init("a,b\n" + NearlyAll.example("0.5,x", ",x"), file: "example.csv"),
    ],
    nonTriggering: [.init("{\"a\": null}\n{\"a\": 1}\n{\"a\": null}\n")])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, field) in dataset.fields where field.counts.null > 0 {
      if settings.rules.decides({ $0.nullable != nil }, path) { continue }
      let all = field.occurrences
      guard NearlyAll.is(field.counts.present, of: all, settings) else { continue }
      let share = NearlyAll.percent(field.counts.present, of: all)
      conclusions.addRule(path, .null) { observation in
        Self.finding(field: observation.field, "null, \(share) of the \(all) values are not")
      }
    }
  }
}
