import ShardModel

/// What a value is, as far as a verdict at the end may hang on it: whether a text is wrong depends on what the
/// field is in nearly all records, which is known only when all of them were read.
package enum ObservationKind: UInt8, Sendable, CaseIterable {
  case missing, null, number, text, boolean, object, list
  /// A cell that reads as NaN or an infinity, in a format without types.
  case notFinite
  /// A vector whose norm is not 1.
  case notUnitNorm
  /// A box `[x1, y1, x2, y2]` would have no area; `[x, y, w, h]` has none.
  case boxUnordered, boxEmpty
  /// A coordinate beyond 0 to 1, beyond 0 to 1000.
  case boxBeyondOne, boxBeyondThousand
  /// Beyond the picture whose width and height the record gives: as corners, as corner and size.
  case boxBeyondPicture, boxSizeBeyondPicture
  /// What breaks a rule of the rules file; its path is the rule's key.
  case rule
  /// Members of samples: a picture, a file that is not read.
  case picture, file
  /// A member that few samples have.
  case unexpected
  /// Of the root: a sample without a picture under any extension.
  case noPicture

  package var name: String {
    switch self {
    case .missing, .noPicture: "nothing"
    case .null: "null"
    case .number: "a number"
    case .text: "a text"
    case .boolean: "a boolean"
    case .object: "an object"
    case .list: "a list"
    case .notFinite: "a number that is not finite"
    case .notUnitNorm: "a vector whose norm is not 1"
    case .boxUnordered, .boxEmpty, .boxBeyondOne, .boxBeyondThousand, .boxBeyondPicture,
      .boxSizeBeyondPicture:
      "a box"
    case .rule: "a value"
    case .picture: "a picture"
    case .file: "a file"
    case .unexpected: "a member"
    }
  }

  /// The kinds that a type of value can have.
  package static let types: [ObservationKind] = [
    .number, .text, .boolean, .object, .list, .picture, .file,
  ]

  package static let boxes: [ObservationKind] = [
    .boxUnordered, .boxEmpty, .boxBeyondOne, .boxBeyondThousand, .boxBeyondPicture, .boxSizeBeyondPicture,
  ]
}

/// A count for each kind.
package struct KindCounts: Sendable, Equatable {
  private var counts = [UInt64](repeating: 0, count: ObservationKind.allCases.count)

  package init() {}

  package subscript(kind: ObservationKind) -> UInt64 {
    get { counts[Int(kind.rawValue)] }
    set { counts[Int(kind.rawValue)] = newValue }
  }

  package mutating func merge(_ other: KindCounts) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  func encode(into writer: inout ByteWriter) {
    for count in counts { writer.write(count) }
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    for index in counts.indices { counts[index] = try reader.readTally() }
  }
}

/// A value written down in case the verdict is that it is wrong.
package struct Observation: Sendable, Equatable {
  package var kind: ObservationKind
  /// Path of the field, `features[]`.
  package var path: String
  /// Path of the value, `features[3]`.
  package var field: String
  package var value: String?

  package init(kind: ObservationKind, path: String, field: String, value: String?) {
    self.kind = kind
    self.path = path
    self.field = field
    self.value = value
  }
}

/// What one record gave rise to: findings, and observations that may become findings.
package struct LocatedObservations: Sendable, Equatable {
  package var location: Location
  package var findings: [Finding]
  package var observations: [Observation]

  package init(location: Location, findings: [Finding] = [], observations: [Observation] = []) {
    self.location = location
    self.findings = findings
    self.observations = observations
  }

  package func encode(into writer: inout ByteWriter) {
    location.encode(into: &writer)
    writer.write(UInt64(findings.count))
    for finding in findings {
      writer.write(finding.check)
      writer.write(finding.severity.rawValue)
      writer.write(optional: finding.field)
      writer.write(optional: finding.value)
      writer.write(finding.message)
      writer.write(finding.isSeverityFixed)
    }
    writer.write(UInt64(observations.count))
    for observation in observations {
      writer.write(observation.kind.rawValue)
      writer.write(observation.path)
      writer.write(observation.field)
      writer.write(optional: observation.value)
    }
  }

  package init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    location = try Location(decoding: &reader)
    findings = []
    let count = try reader.readCount(minimumSize: 6)
    findings.reserveCapacity(min(count, 16))
    for _ in 0..<count {
      let check = try reader.readString()
      guard let severity = Severity(rawValue: try reader.readUInt8()) else {
        throw DecodingFailure("unknown severity")
      }
      let field = try reader.readOptionalString()
      let value = try reader.readOptionalString()
      var finding = Finding(
        check: check, severity: severity, field: field, value: value, message: try reader.readString())
      finding.isSeverityFixed = try reader.readBool()
      findings.append(finding)
    }
    observations = []
    for _ in 0..<(try reader.readCount(minimumSize: 4)) {
      guard let kind = ObservationKind(rawValue: try reader.readUInt8()) else {
        throw DecodingFailure("unknown kind")
      }
      let path = try reader.readString()
      let field = try reader.readString()
      observations.append(
        Observation(kind: kind, path: path, field: field, value: try reader.readOptionalString()))
    }
  }
}

extension ByteWriter {
  mutating func write(optional text: String?) {
    write(text != nil)
    if let text { write(text) }
  }

  mutating func write(optional number: UInt64?) {
    write(number != nil)
    if let number { write(number) }
  }
}

extension ByteReader {
  mutating func readOptionalString() throws(DecodingFailure) -> String? {
    try readBool() ? try readString() : nil
  }

  mutating func readOptionalUInt64() throws(DecodingFailure) -> UInt64? {
    try readBool() ? try readUInt64() : nil
  }
}

extension Location {
  func encode(into writer: inout ByteWriter) {
    writer.write(optional: member)
    writer.write(optional: record)
    writer.write(optional: line)
    writer.write(offset)
    writer.write(length)
    writer.write(optional: key)
  }

  init(decoding reader: inout ByteReader) throws(DecodingFailure) {
    let member = try reader.readOptionalString()
    let record = try reader.readOptionalUInt64()
    let line = try reader.readOptionalUInt64()
    let offset = try reader.readUInt64()
    let length = try reader.readUInt64()
    self.init(
      member: member, record: record, line: line, offset: offset, length: length,
      key: try reader.readOptionalString())
  }
}
