import ShardChecks
import ShardIngest
import ShardModel

/// All that a scan does, decided before it starts.
package struct ScanPlan: Sendable {
  /// Sorted by name, no name twice.
  package var inputs: [ShardInput]
  package var ingest = IngestOptions()
  package var checks: CheckSettings
  package var json = JSONLimits()
  /// Globs of field paths to look at (empty: all) and to leave out.
  package var fields: [String] = []
  package var ignoredFields: [String] = []
  package var threads = 1
  /// The folder for `state/` and everything else.
  package var output: String

  package init(inputs: [ShardInput], checks: CheckSettings, output: String) {
    self.inputs = inputs
    self.checks = checks
    self.output = output
  }

  package var stateFolder: String { output + "/state" }

  /// What the stored findings depend on.
  package var settingsText: String {
    var parts = [
      "dtype=\(checks.trainingType.rawValue)", "checks=\(checks.enabled.sorted().joined(separator: ","))",
      "format=\(ingest.format.rawValue)", "max-record=\(ingest.maximumRecordBytes)",
    ]
    if let limit = ingest.recordLimit { parts.append("limit=\(limit)") }
    if let most = ingest.decoding.maximumDecodedBytes { parts.append("max-decoded=\(most)") }
    if !fields.isEmpty { parts.append("fields=\(fields.sorted().joined(separator: ","))") }
    if !ignoredFields.isEmpty { parts.append("ignore=\(ignoredFields.sorted().joined(separator: ","))") }
    return parts.joined(separator: " ")
  }

  /// Whether the user left the field with this path out.
  package var fieldFilter: (@Sendable (String) -> Bool)? {
    guard !fields.isEmpty || !ignoredFields.isEmpty else { return nil }
    let wanted = fields.map { FieldGlob($0) }
    let ignored = ignoredFields.map { FieldGlob($0) }
    return { path in
      if ignored.contains(where: { $0.covers(path) }) { return true }
      return !wanted.isEmpty && !wanted.contains { $0.covers(path) || $0.mayHold(path) }
    }
  }
}

/// A pattern for field paths: `*` stands for any run of characters, `?` for one. A path that the pattern
/// matches takes its members and elements with it.
struct FieldGlob: Sendable {
  private let pattern: [UInt8]

  init(_ text: String) { pattern = Array(text.utf8) }

  /// Whether the pattern matches the path or something that the path is part of.
  func covers(_ path: String) -> Bool {
    let bytes = Array(path.utf8)
    if matches(bytes[...]) { return true }
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
      if matches(bytes[..<index]) { return true }
    }
    return false
  }

  /// Whether a part of the path could match, so that the path must be entered.
  func mayHold(_ path: String) -> Bool {
    let prefix = Array(path.utf8)
    let literal = pattern.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    return literal.count < pattern.count
      ? prefix.starts(with: literal) || literal.starts(with: prefix)
      : pattern.starts(with: prefix) && pattern.count > prefix.count
        && (pattern[prefix.count] == UInt8(ascii: ".") || pattern[prefix.count] == UInt8(ascii: "["))
  }

  private func matches(_ text: ArraySlice<UInt8>) -> Bool {
    // Greedy with one point of return: linear in practice, quadratic at worst.
    var position = text.startIndex
    var index = 0
    var star: (index: Int, position: Int)?
    while position < text.endIndex {
      if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
        star = (index, position)
        index += 1
      } else if index < pattern.count, pattern[index] == UInt8(ascii: "?") || pattern[index] == text[position]
      {
        index += 1
        position += 1
      } else if let back = star {
        star = (back.index, back.position + 1)
        index = back.index + 1
        position = back.position + 1
      } else {
        return false
      }
    }
    while index < pattern.count, pattern[index] == UInt8(ascii: "*") { index += 1 }
    return index == pattern.count
  }
}
