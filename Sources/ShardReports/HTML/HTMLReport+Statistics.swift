import ShardModel

extension HTMLReport {
  /// Figures of a field: moments and quantiles of its numbers, else of its lengths.
  mutating func writeStatistics(_ field: FieldSummary) {
    writer.raw("<dl class=\"stats\">")
    if let numbers = field.numbers {
      write(numbers)
      if numbers.nan > 0 { writer.term("NaN", Numeral.grouped(numbers.nan), class: "error") }
      if numbers.positiveInfinity > 0 {
        writer.term("Infinity", Numeral.grouped(numbers.positiveInfinity), class: "error")
      }
      if numbers.negativeInfinity > 0 {
        writer.term("-Infinity", Numeral.grouped(numbers.negativeInfinity), class: "error")
      }
      if numbers.zeros > 0 { writer.term("Zeros", Numeral.grouped(numbers.zeros)) }
      if numbers.negatives > 0 { writer.term("Negative", Numeral.grouped(numbers.negatives)) }
    }
    if let text = field.text {
      if field.numbers == nil { write(text.characters) }
      writer.term("Bytes", Numeral.bytes(text.bytes))
      if text.empty > 0 { writer.term("Empty", Numeral.grouped(text.empty)) }
    }
    if let list = field.list {
      if field.numbers == nil, field.text == nil { write(list.lengths) }
      if list.empty > 0 { writer.term("Empty lists", Numeral.grouped(list.empty)) }
    }
    if let distinct = field.distinct {
      writer.term("Distinct", (distinct > 256 ? "≈ " : "") + Numeral.grouped(distinct))
    }
    if let scale = field.scale { writer.term("Scale", scale) }
    if let vectors = field.vectors {
      writer.term("Vectors", "\(Numeral.grouped(vectors.count)) of \(vectors.length)")
      writer.term("Norm 1", Numeral.grouped(vectors.unitNorm))
      if vectors.zeroNorm > 0 { writer.term("Norm 0", Numeral.grouped(vectors.zeroNorm), class: "warning") }
    }
    writer.raw("</dl>")
    let quantiles = (field.numbers ?? field.text?.characters ?? field.list?.lengths)?.quantiles ?? []
    guard quantiles.count == FieldSummary.quantileRanks.count else { return }
    writer.raw("<h4>Quantiles</h4><dl class=\"stats q\">")
    for (rank, value) in zip(FieldSummary.quantileRanks, quantiles) {
      writer.term(Self.percentile(rank.rank), Numeral.fitted(value, width: 8))
    }
    writer.raw("</dl>")
  }

  private mutating func write(_ numbers: NumberSummary) {
    let figures: [(String, Double?)] = [
      ("Least", numbers.minimum), ("Mean", numbers.mean), ("Greatest", numbers.maximum),
      ("Deviation", numbers.standardDeviation),
    ]
    for (name, value) in figures {
      if let value { writer.term(name, Numeral.fitted(value, width: 11)) }
    }
  }

  private static func percentile(_ rank: Double) -> String { "\(Int(rank * 100 + 0.5))%" }
}
