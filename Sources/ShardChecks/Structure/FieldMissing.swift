import ShardModel

/// A field is missing that nearly all records have.
struct FieldMissing: Check {
  static let description = CheckDescription(
    id: "field-missing", family: .structure, severity: .error,
    summary:
      "A field is missing that nearly all objects at its place have, in the data set or in the shards that have it.",
    rationale: """
      Training code reads the field by name: the record raises a KeyError in the middle of an epoch, or is filled \
      with a default that was never meant.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      .init(NearlyAll.example("{\"a\": 1, \"b\": 2}", "{\"a\": 1}"), options: ["--nearly-all", "0.9"])
    ],
    nonTriggering: [
      .init("{\"a\": 1, \"b\": 2}\n{\"a\": 1}\n"),
      .init(NearlyAll.example("{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 3}")),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, field) in dataset.fields where field.role == .member {
      if field.isMember, field.parent == FieldPath.root { continue }  // pair-incomplete says it
      if settings.rules.decides({ $0.required != nil }, path) { continue }
      let there = field.occurrences - min(field.duplicates, field.occurrences)
      let all = dataset.fields[field.parent]?.counts.object ?? 0
      let everywhere = NearlyAll.is(there, of: all, settings)
      // Records of several kinds may lie side by side: then the shards that have the field at all are the measure.
      let measure = everywhere ? all : field.owners
      guard there < measure, NearlyAll.is(there, of: measure, settings) else { continue }
      let share = NearlyAll.percent(there, of: measure)
      conclusions.addMissingRule(path, everywhere: everywhere) { observation in
        Self.finding(field: observation.field, "the field is missing, \(share) of \(measure) objects have it")
      }
    }
  }
}

/// When what most values have in common is a rule.
enum NearlyAll {
  static let parameters = [
    CheckDescription.Parameter(
      "nearly-all", default: "0.95",
      "nearly all means this share of the values (of the objects, for a missing field), and at least 20 of them; set it with --nearly-all"
    )
  ]

  static func `is`(_ count: UInt64, of all: UInt64, _ settings: CheckSettings) -> Bool {
    all >= settings.fewest && Double(count) >= settings.nearlyAll * Double(all)
  }

  /// `99.95%`, never `100%` for less than all.
  static func percent(_ count: UInt64, of all: UInt64) -> String {
    guard all > 0, count < all else { return "100%" }
    let hundredths = UInt64(Double(count) / Double(all) * 10_000)
    let whole = hundredths / 100
    let rest = hundredths % 100
    return rest == 0 ? "\(whole)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
  }

  /// Twenty-four good lines and a bad one.
  static func example(_ good: String, _ bad: String) -> String {
    String(repeating: good + "\n", count: 12) + bad + "\n" + String(repeating: good + "\n", count: 12)
  }
}
