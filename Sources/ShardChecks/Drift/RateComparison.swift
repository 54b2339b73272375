import ShardModel
import ShardSketches

/// Compares how often a field is missing, null, NaN or infinite, and of which type it is.
struct RateComparison {
  private let settings: DriftSettings

  init(_ settings: DriftSettings) { self.settings = settings }

  /// The rates that are not 0 on both sides, nor all on both sides.
  func compare(
    _ old: FieldShape, _ new: FieldShape, before: UInt64?, after: UInt64?
  ) -> [FieldDrift.Rate] {
    zip(Self.rates(of: old), Self.rates(of: new)).compactMap { left, right in
      guard left.all > 0, right.all > 0 else { return nil }
      let (p, q) = (Double(left.part) / Double(left.all), Double(right.part) / Double(right.all))
      guard (p, q) != (0, 0), (p, q) != (1, 1) else { return nil }
      let (n, m) = (min(left.all, before ?? .max), min(right.all, after ?? .max))
      let isNoChance =
        SamplingNoise.chiSquare([p * Double(n), (1 - p) * Double(n)], [q * Double(m), (1 - q) * Double(m)])
        > SamplingNoise.chiSquareLimit(degrees: 1, deviations: DistributionJudge.ofDataSets)
      return FieldDrift.Rate(
        name: left.name, before: DriftText.rounded(p), after: DriftText.rounded(q),
        isBeyond: (p - q).magnitude > settings.rates && isNoChance)
    }
  }

  private static func rates(of field: FieldShape) -> [(name: String, part: UInt64, all: UInt64)] {
    let types = field.types
    let values = field.occurrences
    // Of all numbers, the infinities and NaN included.
    return [
      ("missing", types.missing, values &+ types.missing),
      ("null", types.null, values),
      ("nan", field.nan, types.number),
      ("infinite", field.infinite, types.number),
      ("number", types.number, types.present),
      ("whole", types.integer, types.number),
      ("text", types.text, types.present),
      ("boolean", types.boolean, types.present),
      ("object", types.object, types.present),
      ("list", types.list, types.present),
      ("picture", types.picture, types.present),
      ("file", types.file, types.present),
    ]
  }
}
