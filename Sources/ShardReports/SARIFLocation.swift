import ShardModel

/// A `location` of SARIF: the file, the region in it, and the field.
struct SARIFLocation {
  var uri: String
  var location: Location?
  var field: String?

  func append(to bytes: inout OutputBuffer) {
    JSONText.append(raw: "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":", to: &bytes)
    JSONText.append(uri, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
    if let location, location.record != nil || location.length > 0 || location.offset > 0 {
      JSONText.append(raw: ",\"region\":{", to: &bytes)
      if let line = location.line, line > 0 {
        JSONText.append(raw: "\"startLine\":", to: &bytes)
        JSONText.append(line, to: &bytes)
        bytes.append(UInt8(ascii: ","))
      }
      JSONText.append(raw: "\"byteOffset\":", to: &bytes)
      JSONText.append(location.offset, to: &bytes)
      JSONText.append(raw: ",\"byteLength\":", to: &bytes)
      JSONText.append(location.length, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "}"))
    if let field {
      JSONText.append(raw: ",\"logicalLocations\":[{\"fullyQualifiedName\":", to: &bytes)
      JSONText.append(field, to: &bytes)
      JSONText.append(raw: ",\"kind\":\"member\"}]", to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
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
