import ShardModel

/// A number is NaN.
struct NumberNaN: Check {
  static let description = CheckDescription(
    id: "number-nan", family: .numbers, severity: .error,
    summary: "A number is NaN.",
    rationale: """
      One NaN makes the loss NaN, and with it the gradients and, after one step of the optimizer, every weight. Trainers \
      may log that loss as 0.
      """,
    triggering: [
      .init("{\"a\": NaN}\n"), .init("{\"a\": [0.5, nan, -NaN]}\n"),
      .init("a,b\n" + NearlyAll.example("0.5,1", "nan,1"), file: "example.csv"),
    ],
    nonTriggering: [
      .init("{\"a\": null, \"b\": \"NaN\"}\n"),
      .init("a,b\n" + NearlyAll.example("word,1", "nan,1"), file: "example.csv"),
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard !batch.isUntyped else { return }
    NumberFindings(batch: batch, locator: context.locator).addExceptions(.nan, to: &findings) {
      finding(field: $2, value: $1, "NaN, expected a finite number" + $3)
    }
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    UntypedNumbers.conclude(dataset, &conclusions) { observation in
      guard NumberText.reading(observation.value) == .nan else { return nil }
      return Self.finding(field: observation.field, value: observation.value, "NaN, expected a finite number")
    }
  }
}

/// Cells that read as NaN or infinite are numbers only where the column holds numbers.
enum UntypedNumbers {
  static func conclude(
    _ dataset: ShardProfile, _ conclusions: inout Conclusions, rule: @escaping Conclusions.Rule
  ) {
    for (path, field) in dataset.fields where field.isUntyped && field.notFinite > 0 {
      // Where numbers prevail: a column of one row, too.
      if field.counts.number * 2 > field.counts.present { conclusions.addRule(path, .notFinite, rule) }
    }
  }
}
