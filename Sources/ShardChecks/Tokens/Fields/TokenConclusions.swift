import ShardModel

extension Conclusions {
  /// Whether a shard has sequences that the verdict makes findings, but that were only counted.
  func needsSecondRead(_ path: String, _ shard: TokenProfile) -> Bool {
    for (kind, tally) in [(LabelMismatch.Kind.differing, shard.differing), (.uneven, shard.uneven)]
    where rules[kind.key(path)] != nil && tally.broken > tally.listed {
      return true
    }
    guard let fences = tokenFences[path], shard.sequences > 0 else { return false }
    let reachesOut =
      Double(shard.shortest) < fences.range.lowerBound || Double(shard.longest) > fences.range.upperBound
    return reachesOut && !shard.extremes.isComplete(for: fences.range)
  }
}

extension ShardProfile {
  /// The sequences whose lengths lie outside the fences.
  package func tokenOutliers(_ conclusions: Conclusions) -> [(Extreme, Finding)] {
    conclusions.tokenFences.flatMap { path, fences in
      (tokens[path]?.extremes.outside(fences.range) ?? []).map {
        ($0, fences.finding($0.value, $0.text, $0.field))
      }
    }
  }
}
