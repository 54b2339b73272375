import ShardModel

extension HTMLReport {
  private static let tokenFieldLimit = 20

  var hasTokens: Bool { result.tokens != nil || result.fields.contains { $0.tokens != nil } }

  /// Lengths of sequences with the limits drawn in, and what each limit costs.
  mutating func writeTokens() {
    guard hasTokens else { return }
    writer.beginSection("tokens", "Tokens")
    var summaries: [(name: String?, tokens: TokenSummary)] = []
    if let tokens = result.tokens { summaries.append((nil, tokens)) }
    let fields = result.fields.compactMap { field in field.tokens.map { (field.path, $0) } }
    // One field alone says the same as all together.
    if fields.count > 1 || result.tokens == nil {
      for (path, tokens) in fields.prefix(Self.tokenFieldLimit) { summaries.append((path, tokens)) }
    }
    for (name, tokens) in summaries { write(tokens, name) }
    writer.raw("</section>\n")
  }

  private mutating func write(_ tokens: TokenSummary, _ name: String?) {
    writer.raw("<article class=\"field\"><h3>")
    if let name { writer.code(name, limit: 160) } else { writer.raw("All sequences") }
    writer.raw("</h3><div class=\"cols\"><div>")
    HistogramChart.write(
      tokens.lengths, of: "the lengths of \(name ?? "all sequences")", unit: "tokens",
      marks: tokens.limits.map {
        .init(value: Double($0.limit), name: "limit \(Numeral.grouped($0.limit))")
      }, to: &writer)
    writer.raw("</div><div><dl class=\"stats\">")
    writer.term("Sequences", Numeral.grouped(tokens.lengths.count))
    writer.term("Tokens", Numeral.compact(tokens.tokens))
    if let rate = tokens.paddingRate { writer.term("Padding", "\(Numeral.rounded(rate * 100, digits: 3))%") }
    if tokens.labelledSequences > 0 {
      writer.term("With labels", Numeral.grouped(tokens.labelledSequences))
      writer.term("Labelled tokens", Numeral.compact(tokens.labelled))
      if tokens.unlabelled > 0 {
        writer.term("No label left", Numeral.grouped(tokens.unlabelled), class: "error")
      }
    }
    if tokens.unknown > 0 { writer.term("Unknown", Numeral.grouped(tokens.unknown), class: "warning") }
    if let most = tokens.lengths.maximum { writer.term("Longest", Numeral.fitted(most, width: 11)) }
    if tokens.lengths.quantiles.count > 3 {
      writer.term("Median", Numeral.fitted(tokens.lengths.quantiles[3], width: 11))
    }
    writer.raw("</dl></div></div>")
    if !tokens.limits.isEmpty { writeLimits(tokens) }
    writer.raw("</article>\n")
  }

  private mutating func writeLimits(_ tokens: TokenSummary) {
    writer.raw(
      "<div class=\"scroll\" role=\"region\" aria-label=\"Table of token limits\" tabindex=\"0\"><table>")
    writer.raw("<caption>What a limit costs.</caption><thead><tr>")
    for name in ["Limit", "Sequences cut", "Tokens lost", "No label left", "Padded to", "Packed into"] {
      writer.raw("<th scope=\"col\">")
      writer.text(name)
      writer.raw("</th>")
    }
    writer.raw("</tr></thead><tbody>")
    for limit in tokens.limits {
      writer.raw("<tr><th scope=\"row\">")
      writer.text(Numeral.grouped(limit.limit))
      writer.raw("</th>")
      let sequences = max(1, tokens.lengths.count)
      for text in [
        "\(Numeral.grouped(limit.sequences)) (\(Numeral.percent(limit.sequences, of: sequences)))",
        "\(Numeral.compact(limit.tokens)) (\(Numeral.percent(limit.tokens, of: max(1, tokens.tokens))))",
        Numeral.grouped(limit.unlabelled), Numeral.compact(limit.padded), Numeral.compact(limit.packed),
      ] {
        writer.raw("<td>")
        writer.text(text)
        writer.raw("</td>")
      }
      writer.raw("</tr>")
    }
    writer.raw("</tbody></table></div>")
  }
}
