import ShardModel

/// A shard could not be read to its end.
package struct ShardUnreadable: Check {
  package static let description = CheckDescription(
    id: "shard-unreadable", family: .structure, severity: .error,
    summary: "A shard or a member is corrupt, truncated, encrypted, or of a format that cannot be read.",
    rationale: """
      Training stops in the middle of an epoch, or the loader skips the rest without a word and the model never sees it. \
      What stands before the damage was checked.
      """,
    triggering: [.init("\u{1F}not gzip", file: "example.jsonl.gz")],
    nonTriggering: [.init("{\"a\": 1}\n")])

  package init(_ settings: CheckSettings) {}

  package static func finding(_ message: String) -> Finding { finding(field: nil, value: nil, message) }
}

/// A shard holds no record.
package struct ShardEmpty: Check {
  package static let description = CheckDescription(
    id: "shard-empty", family: .structure, severity: .warning,
    summary: "A shard holds no record.",
    rationale: """
      A writer died before its first record, or an upload failed. Samplers that draw from shards in turn divide by its \
      length or wait for ever.
      """,
    triggering: [.init(""), .init("a,b\n", file: "example.csv"), .init("[]", file: "example.json")],
    nonTriggering: [.init("{\"a\": 1}\n")])

  package init(_ settings: CheckSettings) {}

  package static func finding(_ message: String = "no record in it") -> Finding {
    finding(field: nil, value: nil, message)
  }
}

/// An archive holds something that no record reader should meet.
package struct MemberUnexpected: Check {
  package static let description = CheckDescription(
    id: "member-unexpected", family: .structure, severity: .warning,
    summary: "An archive holds a link, a device, or a name that leads out of it.",
    rationale: """
      Loaders that unpack it follow the link or write outside their folder; loaders that stream it get a member without \
      data.
      """,
    triggering: [], nonTriggering: [.init("{\"a\": 1}\n")])

  package init(_ settings: CheckSettings) {}

  package func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    for defect in batch.defects where defect.kind == .memberUnexpected {
      findings.add(finding(defect.detail), row: defect.row)
    }
  }

  package static func finding(_ member: String, _ message: String) -> Finding {
    finding(field: nil, value: Excerpt.of(Array(member.utf8)), message)
  }
}

/// A number is missing in a series of numbered shards.
package struct ShardGap: Check {
  package static let description = CheckDescription(
    id: "shard-gap", family: .structure, severity: .warning,
    summary: "A number is missing in a series of numbered shard names.",
    rationale: """
      A shard was lost in a copy or never written. Loaders that expand `{00000..00099}` fail on it; others train on less \
      than was meant.
      """,
    triggering: [], nonTriggering: [.init("{\"a\": 1}\n")])

  package init(_ settings: CheckSettings) {}

  /// The missing names between the first and the last of each series, with a finding for each run of them.
  ///
  /// A series is what differs in one run of digits of the same width (the last run of the file's name); it is judged if it has at
  /// least 3 shards and fewer gaps than shards.
  /// - Complexity: O(n log n) in the number of names.
  package static func gaps(in names: [String]) -> [(name: String, finding: Finding)] {
    var series: [String: [(number: UInt64, width: Int)]] = [:]
    for name in names {
      guard let parts = numberedParts(name) else { continue }
      // NUL stands in no name.
      series["\(parts.prefix)\0\(parts.digits.utf8.count)\0\(parts.suffix)", default: []].append(
        (parts.number, parts.digits.utf8.count))
    }
    var result: [(name: String, finding: Finding)] = []
    for (key, members) in series where members.count >= 3 {
      let parts = key.split(separator: "\0", maxSplits: 2, omittingEmptySubsequences: false)
      let sorted = members.sorted { $0.number < $1.number }
      guard let first = sorted.first, let last = sorted.last else { continue }
      let absent = last.number - first.number + 1 - UInt64(sorted.count)
      guard absent > 0, absent < UInt64(sorted.count) else { continue }
      for (before, after) in zip(sorted, sorted.dropFirst()) where after.number > before.number + 1 {
        let count = after.number - before.number - 1
        let name = "\(parts[0])\(padded(before.number + 1, before.width))\(parts[2])"
        let message =
          count == 1
          ? "the shard is missing in its series"
          : "\(count) shards are missing in their series, from this one on"
        result.append((name, finding(field: nil, value: nil, message)))
      }
    }
    return result.sorted { $0.name < $1.name }
  }

  private static func padded(_ number: UInt64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func numberedParts(
    _ name: String
  ) -> (prefix: Substring, digits: Substring, number: UInt64, suffix: Substring)? {
    let fileStart = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    // The stem only: `.mp4` or `.7z` number nothing.
    let stemEnd = name[fileStart...].firstIndex(of: ".") ?? name.endIndex
    guard let lastDigit = name[fileStart..<stemEnd].lastIndex(where: isDigit) else { return nil }
    var first = lastDigit
    while first > fileStart, isDigit(name[name.index(before: first)]) { first = name.index(before: first) }
    let end = name.index(after: lastDigit)
    guard let number = UInt64(name[first..<end]), number < UInt64.max / 2 else { return nil }
    return (name[..<first], name[first..<end], number, name[end...])
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
