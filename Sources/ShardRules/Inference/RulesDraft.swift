import ShardModel

/// A rules file made from what a data set is: what the same data keep, with room for more of their kind.
///
/// Every rule follows from the statistics of its field; nothing is demanded that the data broke. Findings of severity
/// error that the data have are let pass by a budget, with a word to mend them.
package struct RulesDraft: Sendable {
  package struct Source: Sendable {
    package var shards: UInt64
    package var records: UInt64
    /// What was read of each shard, where that was not all.
    package var recordLimit: UInt64?
    /// Findings of severity error, by check.
    package var errors: [String: UInt64]

    package init(shards: UInt64, records: UInt64, recordLimit: UInt64?, errors: [String: UInt64]) {
      self.shards = shards
      self.records = records
      self.recordLimit = recordLimit
      self.errors = errors
    }
  }

  package private(set) var fields: [FieldDraft] = []
  /// Conditions over records that the statistics suggest; whether each record keeps them is seen in the data only.
  package var conditions: [String] = []
  private var source: Source

  /// - Complexity: O(fields); of those with a wildcard in their name each is compared with all.
  package init(_ summaries: [FieldSummary], _ source: Source) {
    self.source = source
    let byPath = Dictionary(summaries.map { ($0.path, $0) }) { first, _ in first }
    for summary in summaries where Self.canName(summary.path, among: byPath.keys) {
      let elements = byPath[FieldPath.elements(of: summary.path)]
      if let draft = FieldDraft(summary, elements: elements) { fields.append(draft) }
    }
    conditions = Self.conditions(byPath)
  }

  /// Whether a rule can be about this field alone: a name with a wildcard may stand for other fields as well. No key of
  /// YAML is longer than 1,024 characters.
  private static func canName(_ path: String, among paths: some Collection<String>) -> Bool {
    guard path != FieldPath.root, QuotedText.of(path).unicodeScalars.count < 1_000 else { return false }
    guard path.contains("*") || path.contains("?") else { return true }
    let glob = FieldGlob(path)
    return paths.allSatisfy { $0 == path || !glob.matches($0) }
  }

  /// Lists that are as long as each other in every statistic are so in every record, most likely.
  private static func conditions(_ fields: [String: FieldSummary]) -> [String] {
    var conditions: [String] = []
    let tokens = ["input_ids", "labels", "attention_mask", "token_type_ids", "position_ids"].filter {
      fields[$0]?.list != nil
    }
    if let first = tokens.first {
      for other in tokens.dropFirst() where fields[first]?.list?.lengths == fields[other]?.list?.lengths {
        conditions.append("len(\(first)) == len(\(other))")
      }
    }
    for (low, high) in [("x1", "x2"), ("y1", "y2"), ("start", "end"), ("start_time", "end_time")] {
      guard fields[low]?.numbers != nil, fields[high]?.numbers != nil else { continue }
      conditions.append("\(low) <= \(high)")
    }
    return conditions
  }

  private func counted(_ count: UInt64, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Lets pass the findings of severity error that the data have under these rules.
  package mutating func allow(_ errors: [String: UInt64]) { source.errors = errors }

  /// The file.
  package var text: String {
    var lines = [
      "# Rules for shardcheck, made from \(counted(source.records, "record")) in \(counted(source.shards, "shard")). Read them, loosen or tighten them,",
      "# and keep them beside the data: shardcheck scan DATA --rules rules.yaml",
    ]
    if let limit = source.recordLimit {
      lines.append("# Only the first \(limit) records of each shard were read.")
    }
    lines += [
      "# shardcheck rules --schema prints the JSON Schema of this file, for editors.", "version: 1", "",
    ]
    if !fields.isEmpty {
      lines.append("fields:")
      for field in fields { lines += field.lines }
      lines.append("")
    }
    if !conditions.isEmpty {
      lines.append("records:")
      for condition in conditions { lines.append("  - rule: \(condition)") }
      lines.append("")
    }
    if !source.errors.isEmpty {
      lines.append("checks:")
      for id in source.errors.keys.sorted() {
        lines.append("  # The data have these: mend them, then take this line out.")
        lines.append("  \(id): {max: \(source.errors[id] ?? 0)}")
      }
      lines.append("")
    }
    lines += ["gate:", "  fail_on: error", "  max_quarantined: 0", ""]
    return lines.joined(separator: "\n")
  }
}

/// Texts as YAML takes them everywhere: in double quotes, as JSON writes them.
enum QuotedText {
  static func of(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0x2028
        || scalar.value == 0x2029 || scalar.value == 0xFEFF
        || scalar.value >= 0xFFFE && scalar.value <= 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
