/// The JSON Schema (2020-12) of rules files, for editors; from the table that the loader uses.
package enum RulesSchema {
  /// - Returns: pretty-printed JSON with a line feed at its end; the same for the same vocabulary.
  package static func text(_ vocabulary: RulesVocabulary) -> String {
    var writer = SchemaWriter()
    writer.write(
      SchemaWriter.shape(
        RulesTable(vocabulary).root,
        [
          ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
          ("title", .text("shardcheck rules")),
        ]))
    return writer.text + "\n"
  }
}

/// A small tree of JSON with keys in their order.
private indirect enum SchemaValue {
  case text(String)
  case number(Double)
  case boolean(Bool)
  case list([SchemaValue])
  case object([(String, SchemaValue)])
}

private struct SchemaWriter {
  private(set) var text = ""
  private var indentation = 0

  static func shape(_ shape: Shape, _ members: [(String, SchemaValue)] = []) -> SchemaValue {
    .object(members + keywords(shape))
  }

  private static func keywords(_ shape: Shape) -> [(String, SchemaValue)] {
    switch shape {
    case .text: return [("type", .text("string")), ("minLength", .number(1))]
    case .boolean: return [("type", .text("boolean"))]
    case .number(let bounds): return [("type", .text("number"))] + limits(bounds)
    case .integer(let bounds): return [("type", .text("integer"))] + limits(bounds)
    case .choice(let names): return [("enum", .list(names.map { .text($0) }))]
    case .null: return [("type", .text("null"))]
    case .scalar: return [("type", .list([.text("number"), .text("string"), .text("boolean")]))]
    case .percentage:
      return [
        ("type", .text("string")), ("pattern", .text("^(100(\\.0*)?|[0-9]{1,2}(\\.[0-9]*)?|\\.[0-9]+)%$")),
      ]
    case .list(let element, let count, _):
      return [
        ("type", .text("array")), ("items", Self.shape(element)),
        ("minItems", .number(Double(count.lowerBound))),
        ("maxItems", .number(Double(count.upperBound))),
      ]
    case .map(let value, _): return [("type", .text("object")), ("additionalProperties", Self.shape(value))]
    case .oneOf(let shapes): return [("anyOf", .list(shapes.map { Self.shape($0) }))]
    case .object(let keys, _):
      let required = keys.filter(\.isRequired).map { SchemaValue.text($0.name) }
      let properties = keys.map { key in
        let meaning: [(String, SchemaValue)] =
          key.meaning.isEmpty ? [] : [("description", .text(key.meaning))]
        return (key.name, Self.shape(key.shape, meaning))
      }
      return [
        ("type", .text("object")), ("additionalProperties", .boolean(false)),
        ("properties", .object(properties)),
      ] + (required.isEmpty ? [] : [("required", .list(required))])
    }
  }

  private static func limits(_ bounds: Shape.Bounds) -> [(String, SchemaValue)] {
    let low = bounds.minimum.map {
      (bounds.excludesMinimum ? "exclusiveMinimum" : "minimum", SchemaValue.number($0))
    }
    let high = bounds.maximum.map { ("maximum", SchemaValue.number($0)) }
    return [low, high].compactMap { $0 }
  }

  mutating func write(_ value: SchemaValue) {
    switch value {
    case .text(let string): quote(string)
    case .number(let number): text += Shown.number(number)
    case .boolean(let boolean): text += boolean ? "true" : "false"
    case .list(let values): writeAll(values, "[", "]") { $0.write($1) }
    case .object(let members):
      writeAll(members, "{", "}") {
        $0.quote($1.0)
        $0.text += ": "
        $0.write($1.1)
      }
    }
  }

  private mutating func writeAll<Value>(
    _ values: [Value], _ open: String, _ close: String, _ body: (inout SchemaWriter, Value) -> Void
  ) {
    text += open
    indentation += 2
    for (index, value) in values.enumerated() {
      text += (index > 0 ? ",\n" : "\n") + String(repeating: " ", count: indentation)
      body(&self, value)
    }
    indentation -= 2
    if !values.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
    text += close
  }

  private mutating func quote(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
