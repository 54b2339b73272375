import ShardModel

/// One finding in one line of plain text, for formats that have a single place for it.
enum FindingText {
  /// `record 12 (key id-12): features[3] = NaN: NaN, expected a finite number`; nothing in it can break a line.
  static func line(_ finding: Finding, at location: Location) -> String {
    var text = ""
    if let member = location.member { text += "member \(member), " }
    if let record = location.record {
      text += "record \(record)"
      if let key = location.key { text += " (key \(key))" }
      text += ": "
    } else if location.member != nil {
      text.removeLast(2)
      text += ": "
    }
    return Printable.line(text + about(finding))
  }

  /// `features[3] = NaN: NaN, expected a finite number`.
  static func about(_ finding: Finding) -> String {
    switch (finding.field, finding.value) {
    case (let field?, let value?): "\(field) = \(value): \(finding.message)"
    case (let field?, nil): "\(field): \(finding.message)"
    case (nil, let value?): "\(finding.message): \(value)"
    case (nil, nil): finding.message
    }
  }

  /// `a.jsonl line 3: ` or what is known of it; empty for a finding about a field or the data set.
  static func place(_ example: FindingExample) -> String {
    guard let shard = example.shard else { return "" }
    guard let line = example.location.line else { return shard + ": " }
    return "\(shard) line \(line): "
  }
}
