import ShardModel
import ShardSketches

extension TokenProfile {
  /// What reports show.
  /// - Parameter limit: what the rules say training keeps, shown among the usual limits.
  package func summary(_ path: String?, limit: Int?) -> TokenSummary {
    var summary = TokenSummary(path: path)
    var numbers = NumberProfile()
    numbers.moments = moments
    numbers.sketch = lengths
    summary.lengths = numbers.summary(isWhole: true)
    summary.tokens = tokens
    summary.positions = positions
    summary.labelledSequences = labelledSequences
    summary.labelled = labelled
    summary.unlabelled = unlabelled
    summary.characters = characters
    summary.unknown = unknown
    summary.kept = limit.flatMap { $0 > 0 ? UInt64(clamping: $0) : nil }
    for (limit, loss) in zip(Self.limits, losses) { summary.limits.append(cost(limit, loss)) }
    if let limit = limit.map({ UInt64(clamping: $0) }), limit > 0, !Self.limits.contains(limit) {
      summary.limits.append(cost(limit, losses[Self.limits.count]))
      summary.limits.sort { $0.limit < $1.limit }
    }
    return summary
  }

  private func cost(_ limit: UInt64, _ loss: TokenLoss) -> TokenSummary.Limit {
    let pieces = tokens / limit + (tokens % limit > 0 ? 1 : 0)
    return TokenSummary.Limit(
      limit: limit, sequences: loss.sequences, tokens: loss.tokens, unlabelled: loss.unlabelled,
      padded: Self.product(sequences, limit), packed: Self.product(pieces, limit))
  }

  /// The largest number where there is none that large.
  private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }

  /// Mean and deviation of the lengths, from exact sums: deviations are taken from the whole number next to the mean.
  private var moments: Moments {
    guard sequences > 0, shortest <= longest else { return Moments() }
    let guess = Int128(tokens / sequences)
    let count = Int128(sequences)
    let total = Int128(tokens)
    // Wrapping: sums that no data have, from a state that was tampered with, give a wrong number but do not trap.
    let deviation = total &- count &* guess
    let squares = Int128(truncatingIfNeeded: squares) &- 2 &* guess &* total &+ count &* guess &* guess
    return Moments(
      count: sequences, limits: Double(shortest)...Double(longest), guess: Double(guess),
      deviation: Double(deviation), squares: max(0, Double(squares)))
  }
}
