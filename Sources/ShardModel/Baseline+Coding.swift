extension Baseline {
  /// Appends the private binary form.
  package func encode(into writer: inout ByteWriter) {
    writer.write(records)
    writer.write(UInt64(fields.count))
    for field in fields { field.encode(into: &writer) }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(records: try reader.readTally(), fields: [])
    for _ in 0..<(try reader.readCount(minimumSize: 15)) { fields.append(try FieldShape(decoding: &reader)) }
  }
}

extension FieldShape {
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(path)
    for count in [
      types.number, types.integer, types.text, types.boolean, types.object, types.list, types.picture,
      types.file, types.null,
      types.missing, nan, infinite,
    ] { writer.write(count) }
    writer.write(isCounter)
    for distribution in [numbers, characters, lengths] {
      writer.write(distribution != nil)
      distribution?.encode(into: &writer)
    }
    writer.write(top != nil)
    guard let top else { return }
    writer.write(top.error)
    writer.write(top.rest)
    writer.write(UInt64(top.values.count))
    for entry in top.values {
      writer.write(entry.value)
      writer.write(entry.count)
    }
  }

  fileprivate init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(path: try reader.readString())
    types.number = try reader.readTally()
    types.integer = try reader.readTally()
    types.text = try reader.readTally()
    types.boolean = try reader.readTally()
    types.object = try reader.readTally()
    types.list = try reader.readTally()
    types.picture = try reader.readTally()
    types.file = try reader.readTally()
    types.null = try reader.readTally()
    types.missing = try reader.readTally()
    nan = try reader.readTally()
    infinite = try reader.readTally()
    isCounter = try reader.readBool()
    if try reader.readBool() { numbers = try Distribution(decoding: &reader) }
    if try reader.readBool() { characters = try Distribution(decoding: &reader) }
    if try reader.readBool() { lengths = try Distribution(decoding: &reader) }
    guard try reader.readBool() else { return }
    var top = TopSummary(values: [], error: try reader.readTally(), rest: try reader.readTally())
    let size = try reader.readCount(minimumSize: 2)
    guard size <= TopSummary.largest else { throw DecodingFailure("too many frequent values") }
    for _ in 0..<size {
      let value = try reader.readString()
      top.values.append(TopSummary.Entry(value: value, count: try reader.readTally()))
    }
    self.top = top
  }
}

extension Distribution {
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(median)
    writer.write(UInt64(bins.count))
    for bin in bins {
      writer.write(bin.low)
      writer.write(bin.high)
      writer.write(bin.count)
    }
  }

  fileprivate init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(bins: [], median: try reader.readDouble())
    let size = try reader.readCount(minimumSize: 17)
    guard size <= Self.largest else { throw DecodingFailure("too many bins") }
    for _ in 0..<size {
      let low = try reader.readDouble()
      let high = try reader.readDouble()
      bins.append(HistogramBin(low: low, high: high, count: try reader.readTally()))
    }
    guard isOrdered else { throw DecodingFailure("bins out of order") }
  }

  /// Whether the bins are finite and ascend without overlap: what a comparison takes for granted.
  package var isOrdered: Bool {
    var previous = -Double.infinity
    for bin in bins {
      guard bin.low.isFinite, bin.high.isFinite, previous <= bin.low, bin.low < bin.high else { return false }
      previous = bin.high
    }
    return median.isFinite
  }
}

extension DriftSettings {
  package func encode(into writer: inout ByteWriter) {
    for limit in [jensenShannon, stability, categories, rates] { writer.write(limit) }
    writer.write(fewest)
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init()
    jensenShannon = try reader.readDouble()
    stability = try reader.readDouble()
    categories = try reader.readDouble()
    rates = try reader.readDouble()
    fewest = try reader.readUInt64()
  }
}
