import ShardChecks
import ShardModel

/// Judges one shard: brings its stored findings, the observations that the verdict makes findings, its outliers, and
/// its duplicates into record order.
struct ShardConclusion {
  private let settings: CheckSettings
  private let policy: GatePolicy
  private let conclusions: Conclusions
  private(set) var summary = ShardSummary(name: "", status: .complete, format: "", compression: "")
  private(set) var recordsAtLevel: UInt64 = 0
  private(set) var othersAtLevel: UInt64 = 0
  private(set) var passedOver: [String: UInt64] = [:]
  /// Pictures with what is held against them.
  private(set) var flagged: [FlaggedPicture] = []

  init(_ settings: CheckSettings, _ policy: GatePolicy, _ conclusions: Conclusions) {
    self.settings = settings
    self.policy = policy
    self.conclusions = conclusions
  }

  /// - Parameters:
  ///   - second: the state of the second read, which then has all findings but duplicates.
  ///   - duplicates: those of all shards.
  ///   - about: what is to be said about the shard as a whole.
  mutating func run(
    path: String, second: String?, duplicates: DuplicateRecords?, about: [Finding] = [], sink: SinkQueue
  ) throws {
    let first = try StateReader(path: path)
    describe(first.state)
    if first.state.records == 0, first.state.status != .unread, settings.enabled.contains("shard-empty"),
      first.state.passedOver.isEmpty
    {
      try emit(LocatedFindings(location: Location(), findings: [ShardEmpty.finding()]), sink)
    }
    var whole = conclusions.shardRules.flatMap { $0(first.state.profile) }
    // Another scale is another distribution: it is said once.
    let scaled = Set(whole.filter { settings.enabled.contains($0.check) }.map(\.field))
    whole += about.filter { $0.check != DriftDistribution.description.id || !scaled.contains($0.field) }
    if !whole.isEmpty { try emit(LocatedFindings(location: Location(), findings: whole), sink) }
    let reader = try second.map { path throws(FileFailure) in try StateReader(path: path) } ?? first
    var late = LateFindings(
      second == nil ? outliers(of: first.state.profile) : [], duplicates, shard: first.state.name)
    try late.advance()
    while let (member, entry) = try reader.next() {
      let place = RecordPlace(member: member, record: entry.location.record ?? UInt64.max)
      try emitLate(&late, before: place, sink)
      var findings = entry.findings
      for observation in entry.observations { findings += conclusions.findings(for: observation) }
      while let next = late.next, next.place == place {
        findings.append(next.finding)
        try late.advance()
      }
      try emit(LocatedFindings(location: entry.location, findings: findings), sink)
    }
    try emitLate(&late, before: nil, sink)
  }

  private mutating func describe(_ state: ShardState) {
    summary = ShardSummary(
      name: state.name, status: state.status, format: state.format, compression: state.compression)
    summary.members = state.members
    summary.records = state.records
    summary.bytes = state.bytes
    summary.storedBytes = state.storedBytes
    summary.digest = state.digest
    summary.tokens = TokenSummaries.make(state.profile, settings)
    passedOver = state.passedOver
    flagged = state.profile.images.flagged.judged(settings)
  }

  private func outliers(of profile: ShardProfile) -> [LateFinding] {
    var result: [LateFinding] = []
    for (path, fences) in conclusions.fences {
      for extreme in profile.fields[path]?.extremes.outside(fences.range) ?? [] {
        result.append(
          LateFinding(
            place: RecordPlace(member: extreme.memberOrdinal, record: extreme.location.record ?? 0),
            location: extreme.location, finding: fences.finding(extreme.value, extreme.text, extreme.field)))
      }
    }
    result += profile.tokenOutliers(conclusions).map { extreme, finding in
      LateFinding(
        place: RecordPlace(member: extreme.memberOrdinal, record: extreme.location.record ?? 0),
        location: extreme.location, finding: finding)
    }
    if let fences = conclusions.imageSizes {
      for extreme in profile.images.extremes.outside(fences.range) {
        result.append(
          LateFinding(
            place: RecordPlace(member: extreme.memberOrdinal, record: extreme.location.record ?? 0),
            location: extreme.location, finding: fences.finding(extreme.value, extreme.text, extreme.field)))
      }
    }
    return result.sorted {
      $0.place != $1.place ? $0.place < $1.place : FindingOrder.precedes($0.finding, $1.finding)
    }
  }

  private mutating func emitLate(
    _ late: inout LateFindings, before place: RecordPlace?, _ sink: SinkQueue
  ) throws {
    while let first = late.next, place.map({ first.place < $0 }) ?? true {
      var findings: [Finding] = []
      while let next = late.next, next.place == first.place {
        findings.append(next.finding)
        try late.advance()
      }
      try emit(LocatedFindings(location: first.location, findings: findings), sink)
    }
  }

  private mutating func emit(_ located: consuming LocatedFindings, _ sink: SinkQueue) throws {
    if !located.findings.allSatisfy({ settings.enabled.contains($0.check) }) {
      located.findings.removeAll { !settings.enabled.contains($0.check) }
    }
    guard !located.findings.isEmpty else { return }
    if !settings.severities.isEmpty { located.findings = located.findings.map(settings.judged) }
    if located.findings.count > 1 { located.findings.sort(by: FindingOrder.precedes) }
    let isRecord = located.location.record != nil
    var failing: UInt64 = 0
    // A list, since a record has few findings, nearly always one.
    var seen: [String] = []
    for finding in located.findings {
      switch finding.severity {
      case .error: summary.errors += 1
      case .warning: summary.warnings += 1
      case .note: summary.notes += 1
      }
      if policy.counts(finding) { failing += 1 }
      let isFirst = seen.last != finding.check && !seen.contains(finding.check)
      if isFirst, located.findings.count > 1 { seen.append(finding.check) }
      summary.checks.note(
        finding, shard: summary.name, location: located.location, isFirstOfRecord: isRecord && isFirst)
    }
    if failing > 0 {
      if isRecord { recordsAtLevel += 1 } else { othersAtLevel += failing }
    }
    guard located.isQuarantined else { return }
    if isRecord { summary.quarantined += 1 }
    try sink.add(located, shard: summary.name)
  }
}
