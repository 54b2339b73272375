import CKernels
import ShardModel
import ShardRules

/// Labels that are not the ids beside them, or not as many.
struct LabelMismatch {
  enum Kind: String, CaseIterable {
    case differing, uneven

    /// The name under which observations are judged.
    func key(_ path: String) -> String { "tokens \(rawValue) \(path)" }
  }

  /// Index of the object that holds them.
  var owner: Int
  /// Index of the first that differs.
  var first: Int
  /// The id at its place; for `uneven` the number of ids.
  var id: Double
  /// How many differ; for `uneven` the number of labels.
  var count: Int
  /// Whether every label is the id that follows its place.
  var isShifted = false

  func observation(_ kind: Kind, _ row: TokenRows.Row, _ context: TokenChecker.Context) -> Observation {
    let batch = context.batch
    let key = kind.key(context.group.path)
    let field = context.group[.labels]
    let list = batch.columns[field].lists[row.list].position
    let record = batch.row(at: list)
    switch kind {
    case .uneven:
      let path = context.locator.path(of: list, field: field, row: record)
      return Observation(
        kind: .rule, path: key, field: path, value: "\(count) labels beside \(Figures.exact(id)) ids")
    case .differing:
      let elements = context.group.elements(of: .labels)
      let position = context.locator.position(ofNumber: row.first + first, field: elements)
      let label = context.locator.excerpt(at: position)
      let value =
        isShifted
        ? "every label is the id after its place"
        : "\(label) beside the id \(Figures.exact(id)); \(count) of \(row.count) differ"
      return Observation(
        kind: .rule, path: key, field: context.locator.path(of: position, field: elements, row: record),
        value: value)
    }
  }
}

// Labels beside ids.
extension TokenChecker {
  private var labelsAre: TokenRule.Labels { rule.labelsAre ?? .auto }

  func judgeLabels(
    _ labels: TokenRows.Row, _ sequence: Sequence, _ context: Context, _ accumulator: TokenAccumulator,
    _ gathered: inout Gathered, _ findings: inout ChunkFindings
  ) {
    guard labels.isPlain, let base = labels.numbers.baseAddress, labels.count > 0 else { return }
    let ids = sequence.ids
    let isEven = labels.count == ids.count && ids.isPlain
    let mayBeIDs = labelsAre == .auto || labelsAre == .ids
    let compared = isEven && mayBeIDs ? ids.numbers.baseAddress : nil
    // A trainer that does not shift wants labels that are shifted already: the last has no id to be.
    let isShiftedByTrainer = rule.isShifted ?? true
    let reach = isShiftedByTrainer ? labels.count : labels.count - 1
    let counts =
      isShiftedByTrainer || compared == nil
      ? ck_count_labels(compared, base, labels.count, ignored)
      : ck_count_labels(compared.map { $0 + 1 }, base, reach, ignored)
    let areInRange = labelsAreInRange(labels, base, counts.differing, compared != nil, context)
    if !areInRange { judgeRange(.labels, labels, context, &findings) }
    if let compared {
      gathered.compared += 1
      if counts.differing > 0 {
        let shift = isShiftedByTrainer ? 0 : 1
        let isKnown = areInRange && context.idsAreInRange
        if var found = mismatch(compared + shift, base, reach, known: isKnown ? counts.differing : nil) {
          found.owner = sequence.owner
          found.isShifted =
            shift == 0 && labels.count > 2
            && ck_count_labels(compared + 1, base, labels.count - 1, ignored).differing == 0
          gathered.differing.append(found)
        }
      }
    }
    // The first label is never used where all are shifted, unless the labels are a sequence of their own.
    let start = isEven && mayBeIDs && isShiftedByTrainer ? 1 : 0
    let labelled =
      reach == labels.count
      ? counts.labelled : ck_count_labels(nil, base, labels.count, ignored).labelled
    judgeLoss(labels, base, start, labelled, context, accumulator, &findings)
  }

  private func judgeLoss(
    _ labels: TokenRows.Row, _ base: UnsafePointer<Double>, _ start: Int, _ counted: Int, _ context: Context,
    _ accumulator: TokenAccumulator, _ findings: inout ChunkFindings
  ) {
    let firstIsUsed = start == 1 && base[0] != ignored
    let first = min(ck_first_label(base, min(start, labels.count), labels.count, ignored), labels.count)
    let found = first < labels.count ? first : nil
    let labelled = found == nil ? 0 : max(0, counted - (firstIsUsed ? 1 : 0))
    accumulator.counts.count(labelled: labelled, first: found, limit: rule.maxTokens)
    guard let found else {
      let finding = LabelsAllIgnored.finding(
        field: path(.labels, labels, context), ignored: Int(ignored), count: labels.count,
        onlyFirst: firstIsUsed)
      return add(finding, .labels, labels, context, &findings)
    }
    guard let limit = rule.maxTokens, found >= limit else { return }
    let finding = LabelsTruncated.finding(
      field: path(.labels, labels, context), before: found, limit: limit, all: labels.count)
    add(finding, .labels, labels, context, &findings)
  }

  /// Whether no label needs a look at its range: those that are ids in range do not.
  private func labelsAreInRange(
    _ labels: TokenRows.Row, _ base: UnsafePointer<Double>, _ differing: Int, _ isCompared: Bool,
    _ context: Context
  ) -> Bool {
    if isCompared, differing == 0, context.idsAreInRange, rule.isShifted != false { return true }
    guard context.labelsAreWhole else { return false }
    let limits = ck_limit_labels(base, labels.count, ignored)
    return limits.least >= 0 && (TokenRole.labels.limit(rule).map { limits.greatest < Double($0) } ?? true)
  }

  /// The first label in range that is not the id in range at its place, and how many there are.
  /// - Parameter known: how many, if all are in range.
  private func mismatch(
    _ ids: UnsafePointer<Double>, _ labels: UnsafePointer<Double>, _ count: Int, known: Int?
  ) -> LabelMismatch? {
    let limit = rule.vocabularySize
    var found: LabelMismatch?
    for index in 0..<count where labels[index] != ignored && labels[index] != ids[index] {
      if let known { return LabelMismatch(owner: 0, first: index, id: ids[index], count: known) }
      // What is no id is told as such.
      guard isID(labels[index], below: limit), isID(ids[index], below: limit) else { continue }
      if found == nil { found = LabelMismatch(owner: 0, first: index, id: ids[index], count: 0) }
      found?.count += 1
    }
    return found
  }
}
