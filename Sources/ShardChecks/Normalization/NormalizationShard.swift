import ShardModel

/// A field is on another scale in one shard than in the others.
struct NormalizationShard: Check {
  static let description = CheckDescription(
    id: "normalization-shard", family: .normalization, severity: .warning,
    summary: "A field has another scale in this shard than in most shards: 0 to 255 among 0 to 1.",
    rationale: """
      Batches that mix pixels from 0 to 255 with pixels from 0 to 1 move the activations by two orders of magnitude: the \
      loss jumps, overflows in half precision, and turns to NaN.
      """,
    parameters: [
      .init(
        "factor", default: "8", "how many times larger or smaller than in the other shards the values must be"
      )
    ],
    triggering: [],
    nonTriggering: [.init(NearlyAll.example("{\"a\": 0.5}", "{\"a\": 0.25}"))])

  private let factor: Double
  private static let normalized: Set<ScaleClass> = [.zeroOne, .minusOneOne, .standardized]

  init(_ settings: CheckSettings) { factor = settings.number("factor", of: Self.description.id) ?? 8 }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for path in dataset.fields.keys.sorted() {
      guard let scales = dataset.fields[path]?.scales, let usual = Self.usual(scales), scales.count > 1 else {
        continue
      }
      let all = scales.values.reduce(0) { $0 + $1.shards }
      conclusions.shardRules.append { [factor] shard in
        guard let field = shard.fields[path], let (scale, tally) = field.scales.first, scale != usual.scale,
          // Whole numbers count and name things: few of them are not another scale than many.
          tally.whole == 0 || usual.tally.whole == 0,
          Self.normalized.contains(scale) || Self.normalized.contains(usual.scale),
          tally.least > factor * usual.tally.most || tally.most * factor < usual.tally.least
        else { return [] }
        let numbers = ScaleStatistics(inner: field.numbers)
        return [
          Self.finding(
            field: path, value: ScaleStatistics(field.numbers).text,
            "the numbers are \(scale.phrase) here, \(usual.scale.phrase) in \(usual.tally.shards) of \(all) shards; "
              + numbers.advice(from: scale, to: usual.scale))
        ]
      }
    }
  }

  /// The scale that most shards have; of several the one with most values.
  private static func usual(_ scales: [ScaleClass: ScaleTally]) -> (scale: ScaleClass, tally: ScaleTally)? {
    scales.max {
      ($0.value.shards, $0.value.values, $1.key.rawValue) < (
        $1.value.shards, $1.value.values, $0.key.rawValue
      )
    }.map { ($0.key, $0.value) }
  }
}

extension ScaleStatistics {
  /// `0.01 to 0.99, mean 0.5, deviation 0.29`.
  package var text: String {
    "\(Figures.text(least)) to \(Figures.text(most)), mean \(Figures.text(mean)), deviation \(Figures.text(deviation))"
  }

  /// The arithmetic that brings the values to another scale.
  package func advice(from: ScaleClass?, to wanted: ScaleClass?) -> String {
    switch (from, wanted) {
    case (.byte, .zeroOne): return "divide by 255"
    case (.zeroOne, .byte): return "multiply by 255"
    case (.byte, .minusOneOne): return "divide by 127.5, then subtract 1"
    case (.zeroOne, .minusOneOne): return "multiply by 2, then subtract 1"
    case (.minusOneOne, .zeroOne): return "add 1, then divide by 2"
    case (_, .zeroOne) where least >= 0 && most <= 255 && most >= 128: return "divide by 255"
    case (_, .zeroOne) where most > least:
      return "subtract \(Figures.text(least)), then divide by \(Figures.text(most - least))"
    default:
      guard deviation > 0 else { return "the deviation is 0: nothing can be divided by it" }
      return "to standardize subtract \(Figures.text(mean)), then divide by \(Figures.text(deviation))"
    }
  }
}
