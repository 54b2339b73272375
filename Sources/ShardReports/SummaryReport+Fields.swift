import ShardModel

extension SummaryReport {
  /// Writes a field. What does not apply to it is left out; what applies always has the same members.
  static func write(_ field: FieldSummary, redact: Bool, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("path", field.path)
    write(field.types, to: &writer)
    if let numbers = field.numbers {
      writer.name("numbers")
      writer.beginObject()
      writer.member("count", numbers.count)
      writer.member("nan", numbers.nan)
      writer.member("posInf", numbers.positiveInfinity)
      writer.member("negInf", numbers.negativeInfinity)
      writeMoments(of: numbers, to: &writer)
      writer.member("zeros", numbers.zeros)
      writer.member("negatives", numbers.negatives)
      writeShape(of: numbers, to: &writer)
      writer.endObject()
    }
    if let text = field.text {
      writer.name("text")
      writer.beginObject()
      writer.member("bytes", text.bytes)
      writeLengths(text.characters, empty: text.empty, to: &writer)
      writer.endObject()
    }
    if let list = field.list {
      writer.name("list")
      writer.beginObject()
      writeLengths(list.lengths, empty: list.empty, to: &writer)
      writer.endObject()
    }
    write(field.tokens, to: &writer)
    if let distinct = field.distinct { writer.member("distinct", distinct) }
    if let top = field.top, !redact { write(top, to: &writer) }
    if let scale = field.scale { writer.member("scale", scale) }
    if let vectors = field.vectors { write(vectors, to: &writer) }
    writer.endObject()
  }

  private static func write(_ types: TypeCounts, to writer: inout JSONWriter) {
    writer.name("types")
    writer.beginObject(isInline: true)
    writer.member("number", types.number)
    writer.member("integer", types.integer)
    writer.member("text", types.text)
    writer.member("boolean", types.boolean)
    writer.member("object", types.object)
    writer.member("list", types.list)
    // Only samples have them.
    if types.picture > 0 { writer.member("picture", types.picture) }
    if types.file > 0 { writer.member("file", types.file) }
    writer.member("null", types.null)
    writer.member("missing", types.missing)
    writer.endObject()
  }

  private static func writeLengths(_ lengths: NumberSummary, empty: UInt64, to writer: inout JSONWriter) {
    writer.member("count", lengths.count)
    writer.member("empty", empty)
    writeMoments(of: lengths, to: &writer)
    writeShape(of: lengths, to: &writer)
  }

  static func writeMoments(of numbers: NumberSummary, to writer: inout JSONWriter) {
    writer.member("min", numbers.minimum)
    writer.member("max", numbers.maximum)
    writer.member("mean", numbers.mean)
    writer.member("stddev", numbers.standardDeviation)
  }

  /// Quantiles by rank; the histogram and the bins of equal counts as `[low, high, count]`.
  static func writeShape(of numbers: NumberSummary, to writer: inout JSONWriter) {
    writer.name("quantiles")
    writer.beginObject(isInline: true)
    for (rank, value) in zip(FieldSummary.quantileRanks, numbers.quantiles) {
      writer.member(rank.name, value)
    }
    writer.endObject()
    write("histogram", numbers.histogram, to: &writer)
    write("bins", numbers.bins, to: &writer)
    writer.name("fences")
    guard let fences = numbers.fences else { return writer.null() }
    writer.beginObject(isInline: true)
    writer.member("low", fences.low)
    writer.member("high", fences.high)
    writer.member("logarithmic", fences.isLogarithmic)
    writer.endObject()
  }

  private static func write(_ name: String, _ bins: [HistogramBin], to writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray(isInline: true)
    for bin in bins {
      writer.beginArray()
      writer.value(bin.low)
      writer.value(bin.high)
      writer.value(bin.count)
      writer.endArray()
    }
    writer.endArray()
  }

  private static func write(_ top: TopSummary, to writer: inout JSONWriter) {
    writer.name("top")
    writer.beginObject()
    writer.member("error", top.error)
    writer.member("rest", top.rest)
    writer.name("values")
    writer.beginArray()
    for entry in top.values {
      writer.beginObject(isInline: true)
      writer.member("value", entry.value)
      writer.member("count", entry.count)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  /// Statistics by dimension stand in lists, as trainers want them.
  private static func write(_ vectors: VectorSummary, to writer: inout JSONWriter) {
    writer.name("vectors")
    writer.beginObject()
    writer.member("length", UInt64(vectors.length))
    writer.member("count", vectors.count)
    writer.member("otherLength", vectors.otherLength)
    writer.member("unitNorm", vectors.unitNorm)
    writer.member("zeroNorm", vectors.zeroNorm)
    if !vectors.dimensions.isEmpty {
      let columns: [(String, (VectorSummary.Dimension) -> Double?)] = [
        ("min", { $0.minimum }), ("max", { $0.maximum }), ("mean", { $0.mean }),
        ("stddev", { $0.standardDeviation }),
      ]
      for (name, value) in columns {
        writer.name(name)
        writer.beginArray(isInline: true)
        for dimension in vectors.dimensions {
          if let number = value(dimension) { writer.value(number) } else { writer.null() }
        }
        writer.endArray()
      }
    }
    writer.endObject()
  }
}
