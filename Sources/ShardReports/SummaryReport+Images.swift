import ShardModel

extension SummaryReport {
  /// Writes what is known of the pictures of the data set.
  static func write(_ images: ImageSummary, to writer: inout JSONWriter) {
    writer.name("images")
    writer.beginObject()
    writer.member("references", images.references)
    writer.member("read", images.read)
    writer.member("measured", images.measured)
    let counts = [
      ("notRead", images.notRead), ("formats", images.formats), ("foreign", images.foreign),
      ("properties", images.traits),
    ]
    for (name, values) in counts {
      writer.name(name)
      writer.beginObject(isInline: true)
      for value in values { writer.member(value.name, value.count) }
      writer.endObject()
    }
    for distribution in images.distributions {
      writer.name(distribution.name)
      writer.beginObject()
      writer.member("count", distribution.values.count)
      writer.member("min", distribution.values.minimum)
      writer.member("max", distribution.values.maximum)
      writeShape(of: distribution.values, to: &writer)
      writer.endObject()
    }
    if let channels = images.channels { write(channels, to: &writer) }
    writer.endObject()
  }

  private static func write(_ channels: ImageSummary.Channels, to writer: inout JSONWriter) {
    writer.name("channels")
    writer.beginObject()
    write("mean", channels.mean, to: &writer)
    write("stddev", channels.deviation, to: &writer)
    for (name, usual) in [("imageNet", ImageSummary.Channels.imageNet), ("clip", .clip)] {
      let distance = channels.distance(from: usual)
      writer.name(name)
      writer.beginObject(isInline: true)
      writer.member("meanDistance", distance.mean)
      writer.member("stddevDistance", distance.deviation)
      writer.endObject()
    }
    writer.endObject()
  }

  private static func write(_ name: String, _ values: [Double], to writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray(isInline: true)
    for value in values { writer.value(value) }
    writer.endArray()
  }
}
