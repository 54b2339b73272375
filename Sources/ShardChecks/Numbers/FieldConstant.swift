import ShardModel

/// All numbers of a field are equal.
struct FieldConstant: Check {
  static let description = CheckDescription(
    id: "field-constant", family: .numbers, severity: .note,
    summary: "All numbers of a field, or of a dimension of its vectors, are equal.",
    rationale: """
      Its standard deviation is 0: who standardizes it, or scales it to its range, divides by zero and gets NaN. It also \
      tells the model nothing.
      """,
    parameters: [.init("fewest", default: "20", "fewer values than this are not judged")],
    triggering: [
      .init(NearlyAll.example("{\"a\": 3, \"b\": 1}", "{\"a\": 3, \"b\": 2}")),
      .init(NearlyAll.example("{\"action\": [0.5, 1.5]}", "{\"action\": [0.5, 2.5]}")),
    ],
    nonTriggering: [
      .init("{\"a\": 3}\n{\"a\": 3}\n"), .init(NearlyAll.example("{\"a\": 3}", "{\"a\": 4}")),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for path in dataset.fields.keys.sorted() {
      guard let field = dataset.fields[path] else { continue }
      guard field.role != .element else {
        concludeVector(path, field.vectors, &conclusions)
        continue
      }
      let moments = field.numbers.moments
      guard moments.count >= settings.fewest, let value = moments.min, value == moments.max else { continue }
      let text = value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
      conclusions.findings.append(
        finding(field: path, value: text, "all \(moments.count) numbers are equal, their deviation is 0"))
    }
  }

  /// Dimensions of robot actions and states are standardized one by one, so one that never moves gives NaN.
  private func concludeVector(_ path: String, _ vectors: VectorProfile, _ conclusions: inout Conclusions) {
    guard vectors.measured >= settings.fewest else { return }
    let constant = vectors.dimensions.indices.filter {
      vectors.dimensions[$0].min == vectors.dimensions[$0].max
    }
    guard !constant.isEmpty else { return }
    let shown = constant.prefix(8).map(String.init).joined(separator: ", ")
    let rest = constant.count > 8 ? " and \(constant.count - 8) more" : ""
    let value = constant.count == 1 ? vectors.dimensions[constant[0]].min.map(Figures.exact) : nil
    let list = String(path.dropLast(2))
    let field = constant.count == 1 ? FieldPath.element(constant[0], of: list) : list
    conclusions.findings.append(
      finding(
        field: field, value: value,
        "\(constant.count == 1 ? "dimension" : "dimensions") \(shown)\(rest) of \(vectors.dimension) "
          + "\(constant.count == 1 ? "is" : "are each") the same in all \(vectors.measured) vectors, the deviation is 0"
      ))
  }
}
