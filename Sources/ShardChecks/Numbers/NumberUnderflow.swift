import ShardModel

/// A number is too small for the training type.
struct NumberUnderflow: Check {
  static let description = CheckDescription(
    id: "number-underflow", family: .numbers, severity: .warning,
    summary: "A number other than zero becomes zero when it is read or cast to the training type.",
    rationale: """
      A weight, a probability or a scale that is zero is divided by, or its logarithm is taken, and the result is an \
      infinity or NaN.
      """,
    parameters: [
      .init("dtype", default: "fp32", "the training type: fp32, fp16 or bf16; set it with --dtype")
    ],
    triggering: [
      .init("{\"a\": 1e-999}\n"), .init("{\"a\": 1e-50}\n"),
      .init("{\"a\": [1e-9]}\n", options: ["--dtype", "fp16"]),
    ],
    nonTriggering: [.init("{\"a\": 1e-40, \"b\": 0.0}\n")])

  private let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard !batch.isUntyped else { return }
    let numbers = NumberFindings(batch: batch, locator: context.locator)
    numbers.addExceptions(.underflow, to: &findings) {
      finding(field: $2, value: $1, "reads as zero, below the smallest double" + $3)
    }
    let type = settings.trainingType
    for (field, fact) in context.facts.enumerated() where fact.finite > 0 {
      guard fact.summary.min_magnitude <= type.smallest else { continue }
      let values = batch.columns[field].numbers.values
      numbers.add(values.indices.lazy.filter { type.underflows(values[$0]) }, field: field, to: &findings) {
        finding(field: $2, value: $1, "becomes zero in \(type.rawValue)" + $3)
      }
    }
  }
}
