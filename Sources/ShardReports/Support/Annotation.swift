import ShardModel

/// A remark that a CI service shows beside a file.
struct Annotation: Equatable {
  var severity: Severity
  /// The check.
  var title: String
  /// The shard; nil where the remark is about the data set.
  var file: String?
  var line: UInt64?
  /// One line.
  var message: String

  /// The remarks that say most: of each severity at most `limit`, the first of every check before the second of any,
  /// the checks with the most findings first. Where there are more findings, the last remark says so.
  static func chosen(from result: ScanResult, limit: Int) -> [Annotation] {
    let checks = result.checks.sorted { left, right in
      left.value.findings != right.value.findings
        ? left.value.findings > right.value.findings : left.key < right.key
    }
    var chosen: [Annotation] = []
    for severity in Severity.allCases.reversed() {
      var all = severity == .error ? problems(of: result) : []
      let total =
        switch severity {
        case .error: result.totals.errors &+ UInt64(all.count)
        case .warning: result.totals.warnings
        case .note: result.totals.notes
        }
      for round in 0..<CheckTally.exampleLimit {
        for (_, tally) in checks where tally.examples.count > round {
          let example = tally.examples[round]
          if example.finding.severity == severity { all.append(Annotation(example)) }
        }
      }
      guard total > UInt64(limit) else {
        chosen += all.prefix(limit)
        continue
      }
      chosen += all.prefix(limit - 1)
      let left = total - UInt64(min(all.count, limit - 1))
      chosen.append(
        Annotation(
          severity: severity, title: "shardcheck",
          message:
            "\(Numeral.count(left, "more finding")) of severity \(severity.name); the quarantine list has all"
        ))
    }
    return chosen
  }

  private static func problems(of result: ScanResult) -> [Annotation] {
    result.problems.map {
      Annotation(
        severity: .error, title: "input not read", file: $0.path, message: Printable.line($0.reason))
    }
  }

  init(severity: Severity, title: String, file: String? = nil, line: UInt64? = nil, message: String) {
    self.severity = severity
    self.title = title
    self.file = file
    self.line = line
    self.message = message
  }

  private init(_ example: FindingExample) {
    self.init(
      severity: example.finding.severity, title: example.finding.check, file: example.shard,
      line: example.location.line, message: FindingText.line(example.finding, at: example.location))
  }
}
