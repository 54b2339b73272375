import ShardModel

/// All numbers of a field are equal.
struct FieldConstant: Check {
  static let description = CheckDescription(
    id: "field-constant", family: .numbers, severity: .note,
    summary: "All numbers of a field are equal.",
    rationale: """
      Its standard deviation is 0: who standardizes it, or scales it to its range, divides by zero and gets NaN. It also \
      tells the model nothing.
      """,
    parameters: [.init("fewest", default: "20", "fewer values than this are not judged")],
    triggering: [.init(NearlyAll.example("{\"a\": 3, \"b\": 1}", "{\"a\": 3, \"b\": 2}"))],
    nonTriggering: [
      .init("{\"a\": 3}\n{\"a\": 3}\n"), .init(NearlyAll.example("{\"a\": 3}", "{\"a\": 4}")),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for path in dataset.fields.keys.sorted() {
      guard let field = dataset.fields[path], field.role != .element else { continue }
      let moments = field.numbers.moments
      guard moments.count >= settings.fewest, let value = moments.min, value == moments.max else { continue }
      let text = value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
      conclusions.findings.append(
        finding(field: path, value: text, "all \(moments.count) numbers are equal, their deviation is 0"))
    }
  }
}
