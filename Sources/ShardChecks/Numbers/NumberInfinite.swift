import ShardModel

/// A number is written as an infinity.
struct NumberInfinite: Check {
  static let description = CheckDescription(
    id: "number-infinite", family: .numbers, severity: .error,
    summary: "A number is written as an infinity.",
    rationale: """
      An infinity becomes NaN as soon as it is subtracted from itself or multiplied by zero, as every normalization \
      does, and then behaves like one.
      """,
    triggering: [
      .init("{\"a\": Infinity}\n"), .init("{\"a\": [1, -inf]}\n"),
      .init("a,b\n" + NearlyAll.example("0.5,1", "-inf,1"), file: "example.csv"),
    ],
    nonTriggering: [.init("{\"a\": 1e308, \"b\": \"Infinity\"}\n")])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard !batch.isUntyped else { return }
    let cause =
      batch.format.storedRange.map {
        "; the file holds \($0.type), whose largest number is \($0.largest), and so was exceeded where it was written"
      } ?? ""
    NumberFindings(batch: batch, locator: context.locator).addExceptions(.infinity, to: &findings) {
      finding(field: $2, value: $1, "an infinity, expected a finite number" + $3 + cause)
    }
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    UntypedNumbers.conclude(dataset, &conclusions) { observation in
      // `1e999` is an overflow, not an infinity.
      guard NumberText.reading(observation.value) == .infinite,
        observation.value?.contains(where: \.isNumber) == false
      else { return nil }
      return Self.finding(
        field: observation.field, value: observation.value, "an infinity, expected a finite number")
    }
  }
}
