import CKernels
import ShardModel
import ShardRules

/// Holds fields of token ids, and what stands beside them, against what trainers need, and counts tokens. One belongs
/// to one worker and one reader.
///
/// What is wrong by itself is a finding; whether labels that are not ids are wrong hangs on the other records, so these
/// are observations, judged by `TokenConclusions`.
package final class TokenChecker {
  let settings: CheckSettings
  let rule: TokenRule
  let ignored: Double
  /// The verdict, in a second read: what it makes findings is written down, however much it is.
  private let verdict: Conclusions?
  private var groups: [TokenFields] = []
  private var fieldCount = 0
  private var accumulators: [String: TokenAccumulator] = [:]
  private var rows = [TokenRows](repeating: TokenRows(), count: TokenRole.allCases.count)

  /// - Parameter conclusions: the verdict; in a second read.
  package init(_ settings: CheckSettings, conclusions: Conclusions? = nil) {
    self.settings = settings
    rule = settings.rules.tokens
    ignored = Double(rule.ignored ?? -100)
    verdict = conclusions
  }

  /// What a batch shows of one group, beside the findings.
  struct Gathered {
    /// Sequences whose labels are not their ids, and those whose labels are more or fewer.
    var differing: [LabelMismatch] = []
    var uneven: [LabelMismatch] = []
    var compared = 0
    var paired = 0
    /// Owner of each sequence that was counted.
    var owners: [Int32] = []
  }

  /// The lists of one object.
  struct Sequence {
    let owner: Int
    let ids: TokenRows.Row
    let others: [TokenRows.Row?]

    subscript(role: TokenRole) -> TokenRows.Row? { others[role.rawValue] }
  }

  /// Everything that a look at one sequence needs.
  struct Context {
    let batch: RecordBatch
    let locator: Locator
    let group: TokenFields
    /// Whether all ids of the batch are known to be in range.
    let idsAreInRange: Bool
    /// Whether all masks of the batch are known to be 1 throughout.
    let masksAreOne: Bool
    let labelsAreWhole: Bool
    let areInRange: [Bool]
  }

  /// - Complexity: O(values of the token fields); O(1) for a batch without them.
  package func observe(
    _ batch: RecordBatch, _ facts: [NumberFacts], _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    if fieldCount != batch.fields.count {
      fieldCount = batch.fields.count
      groups = TokenFields.find(batch.fields, rule)
    }
    for group in groups { observe(group, batch, facts, locator, &findings) }
  }

  private func observe(
    _ group: TokenFields, _ batch: RecordBatch, _ facts: [NumberFacts], _ locator: Locator,
    _ findings: inout ChunkFindings
  ) {
    let owners = batch.columns[group.owner].objects.values
    for role in TokenRole.allCases {
      rows[role.rawValue].align(group[role], elements: group.elements(of: role), with: owners, in: batch)
    }
    guard !rows[0].isEmpty else { return }
    let accumulator = accumulators[group.path] ?? TokenAccumulator()
    accumulators[group.path] = accumulator
    let areInRange = TokenRole.allCases.map { isInRange($0, group, batch, facts) }
    let context = Context(
      batch: batch, locator: locator, group: group, idsAreInRange: areInRange[TokenRole.ids.rawValue],
      masksAreOne: isOne(group.elements(of: .mask), batch, facts),
      labelsAreWhole: isWhole(group.elements(of: .labels), batch), areInRange: areInRange)
    var gathered = Gathered()
    for owner in owners.indices {
      guard let ids = rows[0].row(owner, in: batch) else { continue }
      let sequence = Sequence(owner: owner, ids: ids, others: rows.map { $0.row(owner, in: batch) })
      observe(sequence, context, accumulator, &gathered, &findings)
    }
    if verdict != nil {
      addOutliers(accumulator, gathered, context, &findings)
    } else {
      accumulator.finishBatch(settings.outliers) { index, length in
        extreme(Int(gathered.owners[index]), length, context)
      }
    }
    accumulator.counts.shifted &+= UInt64(gathered.differing.count { $0.isShifted })
    accumulator.counts.differing.merge(
      write(gathered.differing, of: gathered.compared, .differing, context, &findings))
    accumulator.counts.uneven.merge(
      write(gathered.uneven, of: gathered.paired, .uneven, context, &findings))
  }

  private func observe(
    _ sequence: Sequence, _ context: Context, _ accumulator: TokenAccumulator, _ gathered: inout Gathered,
    _ findings: inout ChunkFindings
  ) {
    let ids = sequence.ids
    if ids.count == 0 {
      add(TokensEmpty.finding(field: path(.ids, ids, context)), .ids, ids, context, &findings)
    }
    judgeLengths(sequence, context, &gathered, &findings)
    for role in [TokenRole.ids, .types, .positions] where !context.areInRange[role.rawValue] {
      if let row = sequence[role] { judgeRange(role, row, context, &findings) }
    }
    let attended = judgeMask(sequence, context, &findings) ?? ids.count
    if let limit = rule.maxTokens, attended > limit {
      let finding = TokensTooLong.finding(attended, limit: limit, field: path(.ids, ids, context))
      add(finding, .ids, ids, context, &findings)
    }
    if let labels = sequence[.labels] {
      judgeLabels(labels, sequence, context, accumulator, &gathered, &findings)
    }
    accumulator.add(length: attended, positions: ids.count, limit: rule.maxTokens)
    gathered.owners.append(Int32(truncatingIfNeeded: sequence.owner))
  }

  /// Writes down what may be wrong, unless it is most of the batch: then it is hardly meant to be kept, and is only
  /// counted. If the verdict is that it was wrong after all, the shard is read again.
  private func write(
    _ found: [LabelMismatch], of checked: Int, _ kind: LabelMismatch.Kind, _ context: Context,
    _ findings: inout ChunkFindings
  ) -> TokenTally {
    var tally = TokenTally()
    tally.checked = UInt64(checked)
    tally.broken = UInt64(found.count)
    let isListed =
      verdict.map { $0.rules[kind.key(context.group.path)] != nil }
      ?? (checked < 8 || found.count * 2 <= checked)
    guard isListed else { return tally }
    tally.listed = tally.broken
    for mismatch in found {
      guard let row = rows[TokenRole.labels.rawValue].row(mismatch.owner, in: context.batch) else { continue }
      let observation = mismatch.observation(kind, row, context)
      findings.add(observation, row: record(.labels, row, context))
    }
    return tally
  }

  private func extreme(_ owner: Int, _ length: Double, _ context: Context) -> Extreme {
    let position = context.batch.columns[context.group.owner].objects[owner]
    let row = context.batch.row(at: position)
    let field = rows[0].row(owner, in: context.batch).map { path(.ids, $0, context) }
    return Extreme(
      value: length, text: TokensTooLong.count(Int(length)), field: field ?? context.group.path,
      memberOrdinal: context.batch.origin.memberOrdinal, location: context.locator.location(ofRow: row))
  }

  /// Adds a finding for every sequence of the batch whose length lies outside the fences; in a second read.
  private func addOutliers(
    _ accumulator: TokenAccumulator, _ gathered: Gathered, _ context: Context, _ findings: inout ChunkFindings
  ) {
    let fences = verdict?.tokenFences[context.group.path]
    accumulator.dropBatch { index, length in
      guard let fences, !fences.range.contains(length) else { return }
      guard let ids = rows[0].row(Int(gathered.owners[index]), in: context.batch) else { return }
      let finding = fences.finding(length, TokensTooLong.count(Int(length)), path(.ids, ids, context))
      add(finding, .ids, ids, context, &findings)
    }
  }

  /// All that was counted since the last call.
  package func drain() -> [String: TokenProfile] {
    var profiles: [String: TokenProfile] = [:]
    for (path, accumulator) in accumulators {
      let profile = accumulator.drain()
      if !profile.isEmpty { profiles[path] = profile }
    }
    return profiles
  }

  /// Forgets the fields, as the reader does.
  package func forgetFields() {
    groups = []
    fieldCount = 0
    accumulators = [:]
  }
}
