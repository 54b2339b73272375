import ShardModel

/// A `location` of SARIF: the file, the region in it, and the field.
struct SARIFLocation {
  var shard: String
  var location: Location?
  var field: String?

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("physicalLocation")
    writer.beginObject()
    writer.name("artifactLocation")
    writer.beginObject()
    writer.member("uri", Self.uri(shard))
    writer.endObject()
    if let location, location.record != nil || location.length > 0 || location.offset > 0 {
      writer.name("region")
      writer.beginObject()
      if let line = location.line, line > 0 { writer.member("startLine", line) }
      writer.member("byteOffset", location.offset)
      writer.member("byteLength", location.length)
      writer.endObject()
    }
    writer.endObject()
    if let field {
      writer.name("logicalLocations")
      writer.beginArray()
      writer.beginObject()
      writer.member("fullyQualifiedName", field)
      writer.member("kind", "member")
      writer.endObject()
      writer.endArray()
    }
    writer.endObject()
  }

  /// The path as a URI reference (RFC 3986): relative as it is, absolute with a scheme.
  static func uri(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = path.hasPrefix("/") ? Array("file://".utf8) : []
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F: bytes.append(byte)
      default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A `reportingDescriptor` of SARIF: what a check finds, why it hurts, and its help.
enum SARIFRule {
  static func write(_ check: CheckDescription, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("id", check.id)
    writer.member("name", name(check.id))
    text("shortDescription", check.summary, to: &writer)
    text("fullDescription", check.summary + " " + check.rationale, to: &writer)
    writer.name("help")
    writer.beginObject()
    writer.member("text", "\(check.rationale) shardcheck checks \(check.id) shows examples.")
    writer.member(
      "markdown", "\(MarkdownText.of(check.rationale))\n\n`shardcheck checks \(check.id)` shows examples.")
    writer.endObject()
    writer.name("defaultConfiguration")
    writer.beginObject()
    writer.member("level", check.severity.name)
    writer.endObject()
    writer.name("properties")
    writer.beginObject()
    writer.name("tags")
    writer.beginArray()
    writer.value("data")
    writer.value(check.family.rawValue)
    writer.endArray()
    writer.endObject()
    writer.endObject()
  }

  private static func text(_ name: String, _ text: String, to writer: inout JSONWriter) {
    writer.name(name)
    writer.beginObject()
    writer.member("text", text)
    writer.endObject()
  }

  /// `number-nan` as `NumberNan`, the form that the standard asks for.
  private static func name(_ id: String) -> String {
    id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
