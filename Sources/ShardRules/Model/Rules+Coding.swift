import ShardModel

// Expressions and patterns are stored as they were written and compiled again. A stored state is input like any
// other: what is no rule throws.

extension Rules {
  package func encode(into writer: inout ByteWriter) {
    writer.write(list: fields) { $1.encode(into: &$0) }
    writer.write(list: records) { $1.encode(into: &$0) }
    writer.write(list: checks) { $1.encode(into: &$0) }
    writer.write(list: ignore) { $0.write($1) }
    writer.write(list: duplicates) { $0.write($1) }
    tokens.encode(into: &writer)
    pairs.encode(into: &writer)
    for limit in [drift.divergence, drift.stability, drift.categories, drift.rates] {
      writer.write(optional: limit) { $0.write($1) }
    }
    writer.write(optional: gate.failOn) { $0.write($1.rawValue) }
    writer.write(optional: gate.maximumQuarantined) { $1.encode(into: &$0) }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init()
    fields = try reader.list(FieldRule.init(decoding:))
    records = try reader.list(RecordRule.init(decoding:))
    checks = try reader.list(CheckRule.init(decoding:))
    ignore = try reader.list { reader throws(DecodingFailure) in try reader.readString() }
    duplicates = try reader.list { reader throws(DecodingFailure) in try reader.readString() }
    tokens = try TokenRule(decoding: &reader)
    pairs = try PairRule(decoding: &reader)
    drift.divergence = try reader.optionalDouble()
    drift.stability = try reader.optionalDouble()
    drift.categories = try reader.optionalDouble()
    drift.rates = try reader.optionalDouble()
    gate.failOn = try reader.optional { reader throws(DecodingFailure) in try reader.choice() }
    gate.maximumQuarantined = try reader.optional(Allowance.init(decoding:))
  }
}

extension RecordRule {
  func encode(into writer: inout ByteWriter) {
    writer.write(expression.source)
    writer.write(name)
    writer.write(optional: severity) { $0.write($1.rawValue) }
    writer.write(optional: mostly) { $0.write($1) }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    let source = try reader.readString()
    do {
      expression = try Expression(source)
    } catch {
      throw DecodingFailure("no expression: \(error.message)")
    }
    name = try reader.readString()
    severity = try reader.optional { reader throws(DecodingFailure) in try reader.severity() }
    mostly = try reader.optionalDouble()
  }
}

extension CheckRule {
  func encode(into writer: inout ByteWriter) {
    writer.write(target)
    writer.write(optional: isOn) { $0.write($1) }
    writer.write(optional: severity) { $0.write($1.rawValue) }
    writer.write(optional: maximum) { $1.encode(into: &$0) }
    writer.write(list: parameters.sorted { $0.key < $1.key }) {
      $0.write($1.key)
      $1.value.encode(into: &$0)
    }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    self.init(target: try reader.readString())
    isOn = try reader.optional { reader throws(DecodingFailure) in try reader.readBool() }
    severity = try reader.optional { reader throws(DecodingFailure) in try reader.severity() }
    maximum = try reader.optional(Allowance.init(decoding:))
    for _ in 0..<(try reader.readCount(minimumSize: 2)) {
      let name = try reader.readString()
      parameters[name] = try RuleValue(decoding: &reader)
    }
  }
}

extension Allowance {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .count(let count):
      writer.write(UInt8(0))
      writer.write(count)
    case .percent(let percent):
      writer.write(UInt8(1))
      writer.write(percent)
    }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    switch try reader.readUInt8() {
    case 0: self = .count(try reader.readUInt64())
    case 1:
      let percent = try reader.readDouble()
      guard percent >= 0, percent <= 100 else { throw DecodingFailure("percentage out of range") }
      self = .percent(percent)
    default: throw DecodingFailure("unknown allowance")
    }
  }
}

extension RuleValue {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .number(let value):
      writer.write(UInt8(0))
      writer.write(value)
    case .text(let text):
      writer.write(UInt8(1))
      writer.write(text)
    case .boolean(let value):
      writer.write(UInt8(2))
      writer.write(value)
    }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    switch try reader.readUInt8() {
    case 0: self = .number(try reader.readDouble())
    case 1: self = .text(try reader.readString())
    case 2: self = .boolean(try reader.readBool())
    default: throw DecodingFailure("unknown kind of value")
    }
  }
}

// MARK: Parts

extension ByteWriter {
  mutating func write<Value>(optional value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
    self.write(value != nil)
    if let value { write(&self, value) }
  }

  mutating func write<Values: Collection>(
    list values: Values, _ write: (inout ByteWriter, Values.Element) -> Void
  ) {
    self.write(UInt64(values.count))
    for value in values { write(&self, value) }
  }
}

extension ByteReader {
  mutating func optional<Value>(
    _ read: (inout ByteReader) throws(DecodingFailure) -> Value
  ) throws(DecodingFailure) -> Value? {
    try readBool() ? try read(&self) : nil
  }

  mutating func optionalDouble() throws(DecodingFailure) -> Double? {
    try readBool() ? try readDouble() : nil
  }

  mutating func list<Value>(
    _ read: (inout ByteReader) throws(DecodingFailure) -> Value
  ) throws(DecodingFailure) -> [Value] {
    var values: [Value] = []
    for _ in 0..<(try readCount()) { values.append(try read(&self)) }
    return values
  }

  mutating func choice<Choice: RawRepresentable<String>>() throws(DecodingFailure) -> Choice {
    guard let choice = Choice(rawValue: try readString()) else { throw DecodingFailure("unknown choice") }
    return choice
  }

  mutating func severity() throws(DecodingFailure) -> Severity {
    guard let severity = Severity(rawValue: try readUInt8()) else {
      throw DecodingFailure("unknown severity")
    }
    return severity
  }
}
