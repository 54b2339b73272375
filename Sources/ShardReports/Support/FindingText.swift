import ShardModel

/// One finding in one line of plain text, for formats that have a single place for it.
enum FindingText {
  /// `record 12 (key id-12): features[3] = NaN: NaN, expected a finite number`; nothing in it can break a line.
  static func line(_ finding: Finding, at location: Location) -> String {
    var text = OutputBuffer()
    append(finding, at: location, to: &text)
    return Printable.line(text.text)
  }

  /// Appends the line as data has it, which may hold anything.
  static func append(_ finding: Finding, at location: Location, to bytes: inout OutputBuffer) {
    if let member = location.member {
      JSONText.append(raw: "member ", to: &bytes)
      bytes += member
      if location.record != nil { JSONText.append(raw: ", ", to: &bytes) }
    }
    if let record = location.record {
      JSONText.append(raw: "record ", to: &bytes)
      JSONText.append(record, to: &bytes)
      if let key = location.key {
        JSONText.append(raw: " (key ", to: &bytes)
        bytes += key
        bytes.append(UInt8(ascii: ")"))
      }
    }
    if location.record != nil || location.member != nil { JSONText.append(raw: ": ", to: &bytes) }
    append(about: finding, to: &bytes)
  }

  /// `features[3] = NaN: NaN, expected a finite number`.
  static func about(_ finding: Finding) -> String {
    var text = OutputBuffer()
    append(about: finding, to: &text)
    return text.text
  }

  private static func append(about finding: Finding, to bytes: inout OutputBuffer) {
    if let field = finding.field {
      bytes += field
      if let value = finding.value {
        JSONText.append(raw: " = ", to: &bytes)
        bytes += value
      }
      JSONText.append(raw: ": ", to: &bytes)
      bytes += finding.message
    } else {
      bytes += finding.message
      if let value = finding.value {
        JSONText.append(raw: ": ", to: &bytes)
        bytes += value
      }
    }
  }

  /// `a.jsonl line 3: ` or what is known of it; empty for a finding about a field or the data set.
  static func place(_ example: FindingExample) -> String {
    guard let shard = example.shard else { return "" }
    guard let line = example.location.line else { return shard + ": " }
    return "\(shard) line \(line): "
  }
}
