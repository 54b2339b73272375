import ShardChecks
import ShardModel
import ShardRules

extension Allowance {
  /// Parses `100` or `0.5%`.
  package init?(_ text: String) {
    if text.hasSuffix("%") {
      guard let value = Double(text.dropLast()), value >= 0, value <= 100 else { return nil }
      self = .percent(value)
    } else {
      guard let value = UInt64(text) else { return nil }
      self = .count(value)
    }
  }

  package var name: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent): percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
  }

  func allows(_ quarantined: UInt64, of records: UInt64) -> Bool {
    switch self {
    case .count(let count): quarantined <= count
    case .percent(let percent): Double(quarantined) * 100 <= percent * Double(records)
    }
  }
}

/// What the user wants of the data. Judging is a pure function of policy and result.
package struct GatePolicy: Sendable, Equatable {
  /// Findings from this severity on fail the gate; nil: none do.
  package var failOn: Severity? = .error
  package var allowance = Allowance.count(0)
  /// Findings of single checks that are let pass, by id: they fail the gate only where there are more.
  package var budgets: [String: Allowance] = [:]
  /// What was chosen on the command line, which a rules file does not change.
  package var isFailOnChosen = false
  package var isAllowanceChosen = false
  /// Whether input that could not be read is forgiven.
  package var allowsIncomplete = false

  package init() {}

  /// Takes what a rules file says where nothing else was chosen.
  package mutating func take(_ rules: Rules) {
    if !isFailOnChosen, let failOn = rules.gate.failOn {
      self.failOn =
        switch failOn {
        case .error: .error
        case .warning: .warning
        case .never: nil
        }
    }
    if !isAllowanceChosen, let maximum = rules.gate.maximumQuarantined {
      allowance = maximum
    }
    for description in CheckCatalog.descriptions {
      let rule = rules.rule(forCheck: description.id, family: description.family.rawValue)
      if let maximum = rule?.maximum { budgets[description.id] = maximum }
    }
  }

  /// Whether the finding fails the gate by itself.
  func counts(_ finding: Finding) -> Bool {
    guard let failOn, finding.severity >= failOn else { return false }
    return budgets.isEmpty || budgets[finding.check] == nil
  }

  /// - Parameters:
  ///   - recordsAtLevel: records with a finding of severity `failOn` or higher.
  ///   - othersAtLevel: such findings about shards, fields and the data set, which no allowance covers.
  package func judge(_ result: ScanResult, recordsAtLevel: UInt64, othersAtLevel: UInt64) -> GateVerdict {
    var verdict = GateVerdict()
    verdict.failOn = failOn?.name ?? "never"
    verdict.maximumQuarantined = allowance.name
    if result.isInterrupted {
      verdict.outcome = .incomplete
      verdict.reason = "interrupted before all shards were read"
      return verdict
    }
    if !result.problems.isEmpty, !allowsIncomplete {
      verdict.outcome = .incomplete
      verdict.reason = "\(Self.counted(UInt64(result.problems.count), "input")) could not be read"
      return verdict
    }
    guard let failOn else {
      verdict.reason = "no finding fails the gate"
      return verdict
    }
    let level = failOn.name + (failOn < .error ? " or worse" : "")
    if othersAtLevel > 0 {
      verdict.outcome = .failed
      verdict.reason =
        "\(Self.counted(othersAtLevel, "finding")) of severity \(level) about shards or the data set"
    }
    if recordsAtLevel > 0, !allowance.allows(recordsAtLevel, of: result.totals.records) {
      verdict.outcome = .failed
      verdict.reason =
        "\(Self.counted(recordsAtLevel, "record")) with findings of severity \(level), \(allowance.name) allowed"
    }
    for id in budgets.keys.sorted() {
      guard let tally = result.checks[id], tally.severity >= failOn, let budget = budgets[id],
        !budget.allows(tally.findings, of: result.totals.records)
      else { continue }
      verdict.outcome = .failed
      verdict.reason = "\(Self.counted(tally.findings, "finding")) of \(id), \(budget.name) allowed"
    }
    if verdict.outcome == .passed {
      verdict.reason =
        recordsAtLevel == 0
        ? "no finding of severity \(level)"
        : "\(Self.counted(recordsAtLevel, "record")) with findings of severity \(level), \(allowance.name) allowed"
    }
    return verdict
  }

  private static func counted(_ count: UInt64, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
