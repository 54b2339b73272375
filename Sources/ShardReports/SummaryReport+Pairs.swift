import ShardModel

extension SummaryReport {
  static func write(_ pairs: PairSummary, to writer: inout JSONWriter) {
    writer.name("pairs")
    writer.beginObject()
    writer.name("shapes")
    writer.beginObject(isInline: true)
    for shape in pairs.shapes { writer.member(shape.name, shape.records) }
    writer.endObject()
    writer.member("withoutImage", pairs.withoutImage)
    writer.member("withoutText", pairs.withoutText)
    writer.member("images", pairs.images)
    writer.member("captions", pairs.captions)
    writer.member("turns", pairs.turns)
    writer.member("boxes", pairs.boxes)
    let lengths = [
      ("captionCharacters", pairs.captionCharacters), ("captionWords", pairs.captionWords),
      ("imagesPerRecord", pairs.imagesPerRecord),
    ]
    for (name, numbers) in lengths {
      writer.name(name)
      guard let numbers else {
        writer.null()
        continue
      }
      writer.beginObject()
      writer.member("count", numbers.count)
      writeMoments(of: numbers, to: &writer)
      writeShape(of: numbers, to: &writer)
      writer.endObject()
    }
    writer.endObject()
  }
}
