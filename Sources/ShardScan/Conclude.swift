import ShardChecks
import ShardIngest
import ShardModel

/// Where the outcome goes while it is made, shard by shard.
package protocol ResultSink: AnyObject {
  /// Comes first: the checks and the policy by which all is judged.
  func begin(_ settings: ScanSettings, _ policy: GatePolicy) throws
  /// Lines of the quarantine list, all of one shard.
  func quarantine(_ batch: [LocatedFindings], shard: String) throws
  func finish(_ shard: ShardSummary) throws
}

extension ResultSink {
  package func begin(_ settings: ScanSettings, _ policy: GatePolicy) throws {}
}

/// Judges stored states: one scan's, or those of many.
///
/// States are read in the order of the shards' names: once to merge their statistics, once to see whether a shard must
/// be read again, once to write its findings. Memory does not grow with findings or records.
package struct Conclude {
  private let plan: ScanPlan
  private let policy: GatePolicy
  private let progress: ScanProgress
  private let checks: [any Check]
  /// Holds the hashes of all records, if they were read just now.
  private let filter: RepeatFilter?
  private var result = ScanResult()
  private var recordsAtLevel: UInt64 = 0
  private var othersAtLevel: UInt64 = 0
  private var unchecked: [String: UInt64] = [:]
  private var notListed: [String] = []
  /// Findings about shards that differ from all others.
  private var oddShards: [String: [Finding]] = [:]
  private var spreads = ShardSpreads(shards: 0)
  private var gallery = Gallery()

  package init(plan: ScanPlan, policy: GatePolicy, progress: ScanProgress) {
    self.init(plan: plan, policy: policy, progress: progress, filter: nil)
  }

  init(plan: ScanPlan, policy: GatePolicy, progress: ScanProgress, filter: RepeatFilter?) {
    self.filter = filter.flatMap { $0.isCrowded ? nil : $0 }
    self.plan = plan
    self.policy = policy
    self.progress = progress
    checks = CheckCatalog.checks(for: plan.settings.checks)
  }

  /// - Parameter states: names of shards and paths of their states, in any order.
  package mutating func run(
    states: [(name: String, path: String)], record: ScanRecord, sink: any ResultSink
  ) throws -> ScanResult {
    let states = states.sorted { ByteOrder.precedes($0.name, $1.name) }
    result = ScanResult()
    result.problems = record.problems
    result.isInterrupted = record.isInterrupted
    result.recordLimit = plan.settings.ingest.recordLimit
    unchecked = record.passedOver
    try sink.begin(plan.settings, policy)
    let (dataset, again) = try fold(states)
    var conclusions = Conclusions()
    for check in checks { check.conclude(dataset, &conclusions) }
    RuleConclusions.add(plan.settings.checks.rules, dataset, to: &conclusions)
    result.fields = FieldSummaries.make(dataset, conclusions, plan.settings.checks)
    result.tokens = TokenSummaries.total(dataset, plan.settings.checks)
    result.tokenizer = plan.settings.tokenizer.map {
      TokenizerSummary(
        kind: $0.kind, vocabularySize: UInt64($0.vocabularySize), digest: $0.digest,
        template: Trainer(plan.settings.checks.rules.tokens).name)
    }
    result.pairs = dataset.pairs.summary
    result.images = dataset.images.summary(sizes: conclusions.imageSizes)
    for index in result.fields.indices { result.fields[index].spread = spreads[result.fields[index].path] }
    conclusions.findings += baselineFindings(dataset)
    let second = try readAgain(again, conclusions, dataset)
    conclusions.findings = conclusions.findings.map(plan.settings.checks.judged)
    for finding in conclusions.findings { note(finding) }
    result.findings = conclusions.findings
    let gaps = gapFindings(states.map(\.name) + record.unread)
    let queue = SinkQueue(sink, hasThread: plan.threads > 1)
    defer { queue.close() }
    try emit(states, second, record.unread, gaps, conclusions, queue)
    try queue.drain()
    result.totals.shards = UInt64(result.shards.count)
    result.unchecked = uncheckedTexts(dataset)
    result.thumbnails = gallery.thumbnails
    result.gate = policy.judge(result, recordsAtLevel: recordsAtLevel, othersAtLevel: othersAtLevel)
    return result
  }

  // MARK: Statistics

  private mutating func fold(
    _ states: [(name: String, path: String)]
  ) throws -> (ShardProfile, [(name: String, path: String)]) {
    var dataset = ShardProfile()
    spreads = ShardSpreads(shards: states.count)
    for (index, state) in states.enumerated() {
      var profile = try StateReader(path: state.path).state.profile
      if let problem = Self.unreadPictures(of: state.name, profile.images) { result.problems.append(problem) }
      spreads.add(state.name, index: index, profile)
      for path in profile.fields.keys { profile.fields[path]?.extremes = Extremes() }
      for path in profile.tokens.keys { profile.tokens[path]?.extremes = Extremes() }
      profile.images.extremes = Extremes()
      profile.images.flagged = FlaggedPictures()
      dataset.merge(profile)
    }
    return (dataset, states)
  }

  /// Pictures are inputs too: one that the system refuses to read leaves the scan incomplete as a shard does.
  private static func unreadPictures(of shard: String, _ images: ImageProfile) -> ScanProblem? {
    let count = images.notRead[Int(NotRead.failed.rawValue)]
    guard count > 0 else { return nil }
    return ScanProblem(
      path: shard,
      reason: count == 1
        ? "1 of its pictures could not be read" : "\(count) of its pictures could not be read")
  }

  /// Reads the shards again whose states do not hold all that the verdict makes findings. Returns the paths of their
  /// new states by name.
  private mutating func readAgain(
    _ states: [(name: String, path: String)], _ conclusions: Conclusions, _ dataset: ShardProfile
  ) throws -> [String: String] {
    var drift = ShardDrift(dataset, shards: states.count, plan.settings.checks)
    guard
      drift != nil || !conclusions.rules.isEmpty || !conclusions.fences.isEmpty
        || !conclusions.tokenFences.isEmpty
        || conclusions.imageSizes != nil
    else { return [:] }
    var inputs: [ShardInput] = []
    var exempt: [String: Set<String>] = [:]
    for (index, state) in states.enumerated() {
      let shard = try StateReader(path: state.path).state
      drift?.observe(index, shard.profile)
      guard conclusions.needsSecondRead(shard.profile, dataset: dataset) else { continue }
      if shard.path.isEmpty {
        notListed.append(shard.name)
      } else {
        inputs.append(ShardInput(name: shard.name, path: shard.path))
        exempt[shard.name] = conclusions.missingWhereSeen.filter {
          conclusions.isExempt($0, in: shard.profile)
        }
      }
    }
    if let drift { try findOddShards(states, drift) }
    guard !inputs.isEmpty else { return [:] }
    guard plan.readsAgain else { return storedSecondReads(inputs) }
    guard let plan = planOfSecondRead() else {
      notListed += inputs.map(\.name)
      return [:]
    }
    progress.secondReads.store(UInt64(inputs.count), ordering: .relaxed)
    let folder = plan.output + "/state"
    let lookup = SecondLook(
      conclusions: conclusions, dataset: dataset, trainingType: plan.settings.checks.trainingType,
      exempt: exempt)
    let scanner = Scanner(plan, inputs: inputs, progress: ScanProgress(), lookup: lookup) { input in
      StateFile.secondPath(of: input.name, in: folder)
    }
    let problems = scanner.run()
    let failed = Set(problems.map(\.path))
    notListed += failed.sorted()
    var paths: [String: String] = [:]
    for input in inputs where !failed.contains(input.name) {
      paths[input.name] = StateFile.secondPath(of: input.name, in: folder)
    }
    return paths
  }

  /// With the tokenizer of the first read, which a merge has not loaded; nil where it is gone or is another.
  private func planOfSecondRead() -> ScanPlan? {
    guard let identity = plan.settings.tokenizer, plan.tokenizer == nil else { return plan }
    guard let file = try? TokenizerFile(path: identity.path), file.identity == identity else { return nil }
    var plan = plan
    plan.tokenizer = file.tokenizer
    return plan
  }

  /// What the second reads of the scan left, which are not read again.
  private mutating func storedSecondReads(_ inputs: [ShardInput]) -> [String: String] {
    var paths: [String: String] = [:]
    for input in inputs {
      let path = StateFile.secondPath(of: input.name, in: plan.stateFolder)
      if Files.exists(path) { paths[input.name] = path } else { notListed.append(input.name) }
    }
    return paths
  }

  // MARK: Comparison

  /// What moved against the baseline, if there is one.
  private mutating func baselineFindings(_ dataset: ShardProfile) -> [Finding] {
    guard var baseline = plan.settings.checks.baseline else { return [] }
    if let isLeftOut = plan.settings.fieldFilter { baseline.fields.removeAll { isLeftOut($0.path) } }
    let records = dataset.fields[FieldPath.root]?.occurrences ?? 0
    let drift = plan.settings.checks.drift
    let drifts = DriftComparison(drift).compare(
      baseline, Baseline(records: records, summaries: result.fields))
    let enabled = plan.settings.checks.enabled
    if enabled.contains(DriftSchema.description.id) || enabled.contains(DriftDistribution.description.id) {
      result.drift = DriftFigures.make(drifts, baseline, drift)
    }
    return (DriftSchema.findings(drifts, drift) + DriftDistribution.findings(drifts, drift))
      .filter { enabled.contains($0.check) }
  }

  private mutating func findOddShards(
    _ states: [(name: String, path: String)], _ firstLook: ShardDrift
  ) throws {
    guard firstLook.needsSecondLook else { return }
    var drift = firstLook
    for (index, state) in states.enumerated() {
      drift.observeAgain(index, try StateReader(path: state.path).state.profile)
    }
    for (index, findings) in drift.findings { oddShards[states[index].name] = findings }
  }

  // MARK: Findings

  private func gapFindings(_ names: [String]) -> [(name: String, finding: Finding)] {
    guard plan.settings.checks.enabled.contains(ShardGap.description.id) else { return [] }
    return ShardGap.gaps(in: names)
  }

  private mutating func emit(
    _ states: [(name: String, path: String)], _ second: [String: String], _ unread: [String],
    _ gaps: [(name: String, finding: Finding)], _ conclusions: Conclusions, _ sink: SinkQueue
  ) throws {
    enum Item {
      case state(String)
      case unread
      case gap(Finding)
    }
    var items = states.map { ($0.name, Item.state($0.path)) }
    items += unread.map { ($0, Item.unread) }
    items += gaps.map { ($0.name, Item.gap($0.finding)) }
    items.sort { ByteOrder.precedes($0.0, $1.0) }
    let duplicates = try duplicates(states)
    for (name, item) in items {
      switch item {
      case .state(let path):
        var shard = ShardConclusion(plan.settings.checks, policy, conclusions)
        try shard.run(
          path: path, second: second[name], duplicates: duplicates, about: oddShards[name] ?? [], sink: sink)
        take(shard)
        try sink.finish(shard.summary)
      case .unread:
        let summary = ShardSummary(name: name, status: .unread, format: "", compression: "")
        result.shards.append(summary)
        try sink.finish(summary)
      case .gap(let finding):
        let finding = plan.settings.checks.judged(finding)
        let located = LocatedFindings(location: Location(), findings: [finding])
        note(finding, shard: name)
        try sink.add(located, shard: name)
      }
    }
  }

  private func duplicates(_ states: [(name: String, path: String)]) throws -> DuplicateRecords? {
    guard plan.settings.indexesRecords else { return nil }
    let folder = plan.stateFolder
    return try DuplicateRecords(
      of: states.map { ($0.name, RecordIndex.path(of: $0.name, in: folder)) },
      unique: plan.settings.checks.uniqueFields, comparesPictures: plan.settings.checks.comparesPictures,
      limit: plan.duplicateMemory, folder: folder,
      filled: filter)
  }

  /// Counts a finding that is not about a record.
  private mutating func note(_ finding: Finding, shard: String? = nil) {
    result.totals.add(finding.severity)
    if policy.counts(finding) { othersAtLevel += 1 }
    result.checks.note(finding, shard: shard, location: Location(), isFirstOfRecord: false)
  }

  private mutating func take(_ shard: ShardConclusion) {
    var summary = shard.summary
    recordsAtLevel += shard.recordsAtLevel
    othersAtLevel += shard.othersAtLevel
    gallery.add(shard.flagged, of: summary.name)
    result.totals.records += summary.records
    result.totals.bytes += summary.bytes
    result.totals.storedBytes += summary.storedBytes
    result.totals.quarantined += summary.quarantined
    result.totals.errors += summary.errors
    result.totals.warnings += summary.warnings
    result.totals.notes += summary.notes
    for (id, tally) in summary.checks { result.checks.merge(id, tally) }
    for (ending, count) in shard.passedOver {
      let key = ending == ShardFindings.arrays ? ending : "members:" + ending
      unchecked[key, default: 0] += count
    }
    if summary.status == .limited { unchecked["limited", default: 0] += 1 }
    // Examples are kept once, in the result.
    for id in summary.checks.keys { summary.checks[id]?.examples = [] }
    result.shards.append(summary)
  }

  // MARK: What was not checked

  private func uncheckedTexts(_ dataset: ShardProfile) -> [String] {
    var texts: [String] = []
    let members = unchecked.filter { $0.key.hasPrefix("members:") }
    if !members.isEmpty {
      let total = members.values.reduce(0, +)
      let kinds = members.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      let shown = kinds.prefix(5).map { "\($0.key.dropFirst(8)) \($0.value)" }.joined(separator: ", ")
      texts.append(
        "\(total) \(total == 1 ? "member of an archive is not a record file" : "members of archives are not record files")"
          + " (\(shown)\(kinds.count > 5 ? ", …" : ""))")
    }
    if let limited = unchecked["limited"], let limit = plan.settings.ingest.recordLimit {
      texts.append(
        "\(limited) \(limited == 1 ? "shard was" : "shards were") read only up to record \(limit) (--limit)")
    }
    if let arrays = unchecked[ShardFindings.arrays] {
      texts.append("\(arrays) \(arrays == 1 ? "array is" : "arrays are") of a dtype that is not decoded")
    }
    let told = ["limited", ShardFindings.arrays]
    for reason in unchecked.keys.sorted() where !reason.hasPrefix("members:") && !told.contains(reason) {
      texts.append("\(unchecked[reason] ?? 0) \(reason)")
    }
    if plan.settings.checks.comparesRecords, !plan.settings.comparesRecords {
      texts.append("whether records are duplicates, since --fields leaves out what may tell them apart")
    }
    texts += TokenSummaries.unchecked(dataset, plan.settings)
    texts += dataset.images.uncheckedTexts
    if dataset.valuesBeyondFieldLimit > 0 {
      texts.append(
        "\(dataset.valuesBeyondFieldLimit) values of fields beyond the first \(plan.settings.json.fields)")
    }
    for name in notListed.sorted(by: ByteOrder.precedes) {
      texts.append(
        "\(name): could not be read a second time, so not every finding that hangs on the whole data set is listed"
      )
    }
    return texts
  }
}

extension ScanTotals {
  mutating func add(_ severity: Severity) {
    switch severity {
    case .error: errors += 1
    case .warning: warnings += 1
    case .note: notes += 1
    }
  }
}

extension CheckTally {
  fileprivate mutating func note(
    _ finding: Finding, shard: String?, location: Location, isFirstOfRecord: Bool
  ) {
    severity = max(severity, finding.severity)
    findings += 1
    if isFirstOfRecord { records += 1 }
    guard examples.count < Self.exampleLimit else { return }
    examples.append(FindingExample(shard: shard, location: location, finding: finding))
  }
}

extension [String: CheckTally] {
  mutating func note(_ finding: Finding, shard: String?, location: Location, isFirstOfRecord: Bool) {
    self[finding.check, default: CheckTally(severity: finding.severity)].note(
      finding, shard: shard, location: location, isFirstOfRecord: isFirstOfRecord)
  }

  mutating func merge(_ id: String, _ later: CheckTally) {
    guard var tally = self[id] else {
      self[id] = later
      return
    }
    tally.severity = Swift.max(tally.severity, later.severity)
    tally.findings += later.findings
    tally.records += later.records
    tally.examples += later.examples.prefix(CheckTally.exampleLimit - tally.examples.count)
    self[id] = tally
  }
}
