import ShardModel

/// A number is too large for the training type.
struct NumberOverflow: Check {
  static let description = CheckDescription(
    id: "number-overflow", family: .numbers, severity: .error,
    summary: "A finite number becomes an infinity when it is read or cast to the training type.",
    rationale: """
      1e999 is an infinity in every loader, 3.5e39 is one in fp32 and 70000 is one in fp16, without a word; the loss is \
      NaN a step later.
      """,
    parameters: [
      .init("dtype", default: "fp32", "the training type: fp32, fp16 or bf16; set it with --dtype")
    ],
    triggering: [
      .init("{\"a\": 1e999}\n"), .init("{\"a\": [1, -3.5e39]}\n"),
      .init("{\"a\": 70000}\n", options: ["--dtype", "fp16"]),
    ],
    nonTriggering: [
      .init("{\"a\": 3.4e38}\n"), .init("{\"a\": 65504}\n", options: ["--dtype", "fp16"]),
    ])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard !batch.isUntyped else { return }
    let numbers = NumberFindings(batch: batch, locator: context.locator)
    numbers.addExceptions(.overflow, to: &findings) {
      finding(field: $2, value: $1, "beyond the largest double, reads as an infinity" + $3)
    }
    let type = settings.trainingType
    for (field, fact) in context.facts.enumerated() where fact.finite > 0 {
      guard type.overflows(fact.summary.max) || type.overflows(fact.summary.min) else { continue }
      if settings.rules.decides({ $0.format != nil }, batch.fields[field].path) { continue }
      let values = batch.columns[field].numbers.values
      numbers.add(values.indices.lazy.filter { type.overflows(values[$0]) }, field: field, to: &findings) {
        finding(field: $2, value: $1, Self.message(type) + $3)
      }
    }
  }

  private static func message(_ type: TrainingType) -> String {
    "becomes an infinity in \(type.rawValue), whose largest number is \(type.largestText)"
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    let (type, rules) = (settings.trainingType, settings.rules)
    UntypedNumbers.conclude(dataset, &conclusions) { observation in
      switch NumberText.reading(observation.value) {
      case .finite:
        if rules.decides({ $0.format != nil }, observation.path) { return nil }
        return Self.finding(field: observation.field, value: observation.value, Self.message(type))
      case .infinite where observation.value?.contains(where: \.isNumber) == true:
        return Self.finding(
          field: observation.field, value: observation.value,
          "beyond the largest double, reads as an infinity")
      default: return nil
      }
    }
  }
}

extension TrainingType {
  fileprivate var largestText: String {
    switch self {
    case .fp32: "3.4028e38"
    case .fp16: "65504"
    case .bf16: "3.3895e38"
    }
  }
}
