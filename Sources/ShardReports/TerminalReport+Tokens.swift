import ShardModel

extension TerminalReport {
  private static let tokenFieldLimit = 8

  /// Lengths in tokens, a few lines for each field: what is usual, what is longest, and what the limit cuts.
  mutating func addTokens() {
    let fields = result.fields.compactMap(\.tokens)
    guard !fields.isEmpty else { return }
    let remark = result.tokenizer.map {
      "\(Printable.line($0.kind)), \(Numeral.grouped($0.vocabularySize)) tokens; conversations as \($0.template)"
    }
    addHeading("Tokens", remark ?? "")
    let shown = options.isVerbose ? fields.count : min(fields.count, Self.tokenFieldLimit)
    for tokens in fields.prefix(shown) {
      let path = DisplayWidth.cutMiddle(Printable.line(tokens.path ?? ""), to: width / 3)
      addParagraph("  \(path)  ", .heading, Self.sentence(tokens))
    }
    if shown < fields.count { addRemainder(fields.count - shown, "more fields of tokens") }
  }

  private static func sentence(_ tokens: TokenSummary) -> String {
    var parts: [String] = []
    if let median = quantile(0.5, tokens), let high = quantile(0.99, tokens),
      let most = tokens.lengths.maximum
    {
      parts.append("median \(median), p99 \(high), longest \(Numeral.fitted(most, width: 11))")
    }
    var total = "\(Numeral.grouped(tokens.tokens)) in all"
    if tokens.labelledSequences > 0 { total += ", \(Numeral.grouped(tokens.labelled)) labelled" }
    if let rate = tokens.charactersPerToken {
      total += ", \(Numeral.rounded(rate, digits: 3)) characters a token"
    }
    parts.append(total)
    if let kept = tokens.kept, let limit = tokens.limits.first(where: { $0.limit == kept }) {
      var cut = "over \(Numeral.grouped(kept)): \(Numeral.grouped(limit.sequences))"
      if limit.sequences > 0 {
        cut += " (\(Numeral.percent(limit.sequences, of: tokens.lengths.count)))"
        cut += ", \(Numeral.grouped(limit.tokens)) tokens lost"
      }
      if limit.unlabelled > 0 { cut += ", \(Numeral.grouped(limit.unlabelled)) without a label left" }
      parts.append(cut)
    }
    return parts.joined(separator: "; ")
  }

  private static func quantile(_ rank: Double, _ tokens: TokenSummary) -> String? {
    guard let index = FieldSummary.quantileRanks.firstIndex(where: { $0.rank == rank }),
      index < tokens.lengths.quantiles.count
    else { return nil }
    return Numeral.fitted(tokens.lengths.quantiles[index], width: 11)
  }
}
