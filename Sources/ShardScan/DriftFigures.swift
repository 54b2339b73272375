import ShardModel

/// What is shown of the fields that moved against a baseline.
enum DriftFigures {
  /// Those that moved beyond a limit, the most first, at most `DriftFigure.countLimit`.
  static func make(_ drifts: [FieldDrift], _ baseline: Baseline, _ limits: DriftSettings) -> [DriftFigure] {
    let moved = drifts.filter(\.isBeyond).map { (drift: $0, excess: $0.excess(limits)) }.sorted {
      $0.excess != $1.excess
        ? $0.excess > $1.excess : ByteOrder.precedes($0.drift.path, $1.drift.path)
    }.prefix(DriftFigure.countLimit)
    let paths = Set(moved.map(\.drift.path))
    let shapes = Dictionary(
      baseline.fields.lazy.filter { paths.contains($0.path) }.map { ($0.path, $0) },
      uniquingKeysWith: { first, _ in first })
    return moved.map { DriftFigure(drift: $0.drift, before: shapes[$0.drift.path]) }
  }
}
