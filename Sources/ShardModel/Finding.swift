/// How much a finding matters, in rising order.
package enum Severity: UInt8, Sendable, Comparable, CaseIterable {
  /// Worth knowing; never puts a record on the quarantine list.
  case note
  /// Probably lowers the value of the data.
  case warning
  /// Training on it fails or is silently wrong.
  case error

  package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

  package var name: String {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }
}

/// Which record of which shard, in the terms that a person or a tool needs to find it again.
package struct Location: Sendable, Hashable {
  /// The member of an archive.
  package var member: String?
  /// From 0; nil for a finding about the whole shard or member.
  package var record: UInt64?
  /// From 1; nil where the format has no lines.
  package var line: UInt64?
  /// Decoded bytes from the start of the shard or member.
  package var offset: UInt64
  package var length: UInt64
  /// The record's own id.
  package var key: String?

  package init(
    member: String? = nil, record: UInt64? = nil, line: UInt64? = nil, offset: UInt64 = 0, length: UInt64 = 0,
    key: String? = nil
  ) {
    self.member = member
    self.record = record
    self.line = line
    self.offset = offset
    self.length = length
    self.key = key
  }
}

/// One defect at one place.
package struct Finding: Sendable, Hashable {
  /// Kebab-case id of the check.
  package var check: String
  package var severity: Severity
  /// Exact path of the value, `features[3]`; nil for the record as a whole.
  package var field: String?
  /// What was read, as text, at most `Excerpt.limit` bytes.
  package var value: String?
  /// What is wrong, then what was expected and found; lower case, no full stop.
  package var message: String
  /// Whether a rule gave this very severity, so that what is said of the check does not change it.
  package var isSeverityFixed = false

  package init(check: String, severity: Severity, field: String? = nil, value: String? = nil, message: String)
  {
    self.check = check
    self.severity = severity
    self.field = field
    self.value = value
    self.message = message
  }
}

/// All findings about one record, or about one shard as a whole: a line of the quarantine list.
package struct LocatedFindings: Sendable, Hashable {
  package var location: Location
  package var findings: [Finding]

  package init(location: Location, findings: [Finding]) {
    self.location = location
    self.findings = findings
  }

  /// The highest severity among the findings.
  package var severity: Severity { findings.reduce(.note) { max($0, $1.severity) } }

  /// Errors and warnings put a record on the quarantine list, notes do not.
  package var isQuarantined: Bool { severity >= .warning }
}

/// A bounded, printable piece of the data.
package enum Excerpt {
  /// Bytes of UTF-8, the mark of the cut included.
  package static let limit = 200

  /// The bytes as text, cut at a scalar's boundary; what is not UTF-8 becomes U+FFFD.
  package static func of(_ bytes: some Collection<UInt8>) -> String {
    guard bytes.count > limit else { return fitted(String(decoding: bytes, as: UTF8.self), cut: false) }
    return fitted(String(decoding: bytes.prefix(limit), as: UTF8.self), cut: true)
  }

  private static func fitted(_ text: String, cut: Bool) -> String {
    guard cut || text.utf8.count > limit else { return text }
    let mark = "…"
    var kept = ""
    var size = mark.utf8.count
    for scalar in text.unicodeScalars {
      size += UTF8.width(scalar)
      if size > limit { break }
      kept.unicodeScalars.append(scalar)
    }
    while kept.unicodeScalars.last == "\u{FFFD}" { kept.unicodeScalars.removeLast() }
    return kept + mark
  }
}
