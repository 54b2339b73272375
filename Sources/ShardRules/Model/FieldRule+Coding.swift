import ShardModel

extension FieldRule {
  func encode(into writer: inout ByteWriter) {
    writer.write(glob)
    writer.write(optional: kinds) { writer, kinds in
      writer.write(list: Kind.allCases.filter { kinds.contains($0) }) { $0.write($1.rawValue) }
    }
    writer.write(optional: required) { $0.write($1) }
    writer.write(optional: nullable) { $0.write($1) }
    writer.write(optional: range) { $1.encode(into: &$0) }
    writer.write(optional: length) { writer, length in
      writer.write(length.minimum)
      writer.write(optional: length.maximum) { $0.write($1) }
    }
    writer.write(optional: integer) { $0.write($1) }
    writer.write(optional: values) { writer, values in writer.write(list: values) { $1.encode(into: &$0) } }
    writer.write(optional: pattern) { $0.write($1.source) }
    writer.write(optional: scale) { $1.encode(into: &$0) }
    writer.write(optional: unique) { $0.write($1) }
    writer.write(optional: order) { $0.write($1.rawValue) }
    writer.write(optional: format) { $0.write($1.rawValue) }
    writer.write(optional: role) { $0.write($1.rawValue) }
    writer.write(optional: box) { writer, box in
      writer.write(optional: box.layout) { $0.write($1.rawValue) }
      writer.write(optional: box.range) { $0.write($1.rawValue) }
    }
    writer.write(optional: mostly) { $0.write($1) }
    writer.write(optional: severity) { $0.write($1.rawValue) }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(glob: try reader.readString())
    kinds = try reader.optional { reader throws(DecodingFailure) in
      Set(try reader.list { reader throws(DecodingFailure) -> Kind in try reader.choice() })
    }
    required = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    nullable = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    range = try reader.optional(ValueRange.init(decoding:))
    length = try reader.optional { reader throws(DecodingFailure) in
      LengthRange(
        minimum: try reader.readInt(),
        maximum: try reader.optional { reader throws(DecodingFailure) in try reader.readInt() })
    }
    integer = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    values = try reader.optional { reader throws(DecodingFailure) in
      try reader.list(RuleValue.init(decoding:))
    }
    pattern = try reader.optional { reader throws(DecodingFailure) in
      let source = try reader.readString()
      do throws(Pattern.Failure) { return try Pattern(source) } catch {
        throw DecodingFailure("no pattern: \(error.message)")
      }
    }
    scale = try reader.optional(Scale.init(decoding:))
    unique = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    order = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    format = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    role = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    box = try reader.optional { reader throws(DecodingFailure) in
      BoxRule(
        layout: try reader.optional { reader throws(DecodingFailure) in try reader.choice() },
        range: try reader.optional { reader throws(DecodingFailure) in try reader.choice() })
    }
    mostly = try reader.optionalDouble()
    severity = try reader.optional { reader throws(DecodingFailure) in try reader.severity() }
  }
}

extension ValueRange {
  func encode(into writer: inout ByteWriter) {
    writer.write(optional: minimum) { $0.write($1) }
    writer.write(optional: maximum) { $0.write($1) }
    writer.write(excludesMinimum)
    writer.write(excludesMaximum)
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(minimum: try reader.optionalDouble(), maximum: try reader.optionalDouble())
    excludesMinimum = try reader.readBool()
    excludesMaximum = try reader.readBool()
  }
}

extension Scale {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .named(let name):
      writer.write(true)
      writer.write(name.rawValue)
    case .moments(let mean, let deviation, let tolerance):
      writer.write(false)
      writer.write(optional: mean) { $0.write($1) }
      writer.write(optional: deviation) { $0.write($1) }
      writer.write(tolerance)
    }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    if try reader.readBool() {
      self = .named(try reader.choice())
    } else {
      self = .moments(
        mean: try reader.optionalDouble(), deviation: try reader.optionalDouble(),
        tolerance: try reader.readDouble())
    }
  }
}
