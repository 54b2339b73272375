import ShardModel
import ShardRules

/// Holds batches against the rules file: fields, required fields, and conditions over whole records. One belongs to one
/// worker and one reader.
package final class RuleChecker {
  private let rules: Rules
  /// Parallel to the batch's fields; nil where no rule says anything.
  private var checkers: [FieldRuleChecker?] = []
  private var absent: [String: RuleTally] = [:]
  private var records: [RuleTally]
  private let evaluators: [ExpressionEvaluator]
  private let required: [RequiredField]
  /// Those that no record has had so far.
  private var unseen: [RequiredField]
  private let requiredNames: Set<FieldName>

  package init(_ rules: Rules) {
    self.rules = rules
    records = Array(repeating: RuleTally(), count: rules.records.count)
    evaluators = rules.records.map { ExpressionEvaluator($0.expression) }
    required = rules.namedRequired
    unseen = required
    requiredNames = Set(required.map(\.name))
  }

  /// The ends of the ordered fields in the chunk that was observed last.
  package var edges: [OrderEdge] { checkers.compactMap { $0?.edge } }

  package func observe(
    _ batch: RecordBatch, _ facts: [NumberFacts], _ locator: Locator, _ findings: inout ChunkFindings
  ) {
    let observer = Observer(batch: batch, locator: locator)
    for index in checkers.count..<max(checkers.count, batch.fields.count) {
      let path = batch.fields[index].path
      let name = FieldName(path)
      let isRequired = requiredNames.contains(name)
      if isRequired { unseen.removeAll { $0.name == name } }
      checkers.append(
        rules.demands(onField: path).map { FieldRuleChecker($0, path: path, isRequired: isRequired) })
    }
    for (index, checker) in checkers.enumerated() {
      guard let checker else { continue }
      checker.edge = nil
      if batch.columns[index].count > 0 { checker.observe(index, facts[index], observer, &findings) }
      if batch.fields[index].role == .member, checker.isRequired {
        let (objects, missing) = observer.listRequired(
          index, key: RuleFacet.required.key(checker.path), into: &findings)
        checker.count(.required, objects, missing)
      }
    }
    for field in unseen {
      guard let owner = batch.fields.firstIndex(where: { FieldName($0.path) == field.owner }) else {
        continue
      }
      listAbsent(field, owner, observer, &findings)
    }
    observeRecords(batch, locator, &findings)
  }

  /// A field that no record has had so far is missing in every object of its parent.
  private func listAbsent(
    _ field: RequiredField, _ owner: Int, _ observer: Observer, _ findings: inout ChunkFindings
  ) {
    let batch = observer.batch
    let objects = batch.columns[owner].objects.values
    guard !objects.isEmpty else { return }
    absent[field.path, default: RuleTally()].merge(
      RuleTally(checked: UInt64(objects.count), broken: UInt64(objects.count)))
    for position in objects {
      let row = batch.row(at: position)
      let exact = observer.locator.path(of: position, field: owner, row: row)
      findings.add(
        Observation(
          kind: .rule, path: RuleFacet.required.key(field.path), field: field.path(in: exact), value: nil),
        row: row)
    }
  }

  private func observeRecords(_ batch: RecordBatch, _ locator: Locator, _ findings: inout ChunkFindings) {
    for (index, evaluator) in evaluators.enumerated() {
      let found = evaluator.violations(in: batch)
      records[index].merge(
        RuleTally(checked: UInt64(found.judgedRecords), broken: UInt64(found.violatingRecords)))
      for place in found.places {
        let field = place.element.map { path(of: $0, row: place.row, batch, locator) } ?? FieldPath.root
        findings.add(
          Observation(kind: .rule, path: Self.key(ofRecordRule: index), field: field, value: nil),
          row: place.row)
      }
    }
  }

  private func path(
    of element: Violations.Element, row: Int, _ batch: RecordBatch, _ locator: Locator
  ) -> String {
    switch element {
    case .number(let index, let field):
      locator.path(of: locator.position(ofNumber: index, field: field), field: field, row: row)
    case .position(let position, let field): locator.path(of: position, field: field, row: row)
    }
  }

  static func key(ofRecordRule index: Int) -> String { "record \(index)" }

  /// What was counted since the last call.
  package func drain() -> [String: RuleTally] {
    var tallies: [String: RuleTally] = [:]
    for checker in checkers {
      guard let checker else { continue }
      for (facet, tally) in checker.drain() {
        tallies[facet.key(checker.path), default: RuleTally()].merge(tally)
      }
    }
    for (path, tally) in absent { tallies[RuleFacet.required.key(path), default: RuleTally()].merge(tally) }
    absent = [:]
    for index in records.indices where records[index].checked > 0 {
      tallies[Self.key(ofRecordRule: index)] = records[index]
      records[index] = RuleTally()
    }
    return tallies
  }

  /// Forgets the fields, as the reader does.
  package func forgetFields() {
    checkers = []
    unseen = required
  }
}
