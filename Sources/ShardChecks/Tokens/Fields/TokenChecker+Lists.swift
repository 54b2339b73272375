import CKernels
import ShardModel
import ShardRules

// What is told of one list by itself: its length, its range, its mask.
extension TokenChecker {
  // MARK: Whole batches

  /// Whether all numbers of the role are known, from the statistics of the batch, to be whole and in range.
  func isInRange(_ role: TokenRole, _ group: TokenFields, _ batch: RecordBatch, _ facts: [NumberFacts])
    -> Bool
  {
    let elements = group.elements(of: role)
    guard elements >= 0, batch.columns[elements].numbers.count > 0 else { return true }
    guard isWhole(elements, batch) else { return false }
    let summary = facts[elements].summary
    guard summary.min >= 0 else { return false }
    return role.limit(rule).map { summary.max < Double($0) } ?? true
  }

  /// Whether all numbers of these elements are known to be 1.
  func isOne(_ elements: Int, _ batch: RecordBatch, _ facts: [NumberFacts]) -> Bool {
    guard elements >= 0, batch.columns[elements].numbers.count > 0, isWhole(elements, batch) else {
      return false
    }
    return facts[elements].summary.min == 1 && facts[elements].summary.max == 1
  }

  /// Whether all numbers of these elements are known to be whole, below 2^53.
  func isWhole(_ elements: Int, _ batch: RecordBatch) -> Bool {
    guard elements >= 0 else { return true }
    let column = batch.columns[elements]
    return column.integers == column.numbers.count && column.exceptions.isEmpty
  }

  // MARK: Lengths

  func judgeLengths(
    _ sequence: Sequence, _ context: Context, _ gathered: inout Gathered, _ findings: inout ChunkFindings
  ) {
    let count = sequence.ids.count
    for role in [TokenRole.labels, .mask, .types, .positions] {
      guard let row = sequence[role] else { continue }
      let mayDiffer = role == .labels && (rule.labelsAre == .auto || rule.labelsAre == nil)
      if mayDiffer { gathered.paired += 1 }
      guard row.count != count, role != .labels || rule.labelsAre != .targets else { continue }
      if mayDiffer {
        gathered.uneven.append(
          LabelMismatch(owner: sequence.owner, first: 0, id: Double(count), count: row.count))
      } else {
        let finding = TokenLengthsDiffer.finding(
          field: path(role, row, context), "\(row.count) elements", ids: count)
        add(finding, role, row, context, &findings)
      }
    }
  }

  // MARK: Range

  /// Says of the first number that is no id, and how many there are.
  func judgeRange(
    _ role: TokenRole, _ row: TokenRows.Row, _ context: Context, _ findings: inout ChunkFindings
  ) {
    let limit = role.limit(rule)
    var first: Int?
    var count = 0
    for (index, number) in row.numbers.enumerated() where number.isFinite && !isID(number, below: limit) {
      if role == .labels, number == ignored { continue }
      first = first ?? index
      count += 1
    }
    guard let first else { return }
    let place = element(first, role, row, context)
    let finding = TokenIDRange.finding(
      field: place.path, value: place.value, row.numbers[first], count: count, limit: limit)
    add(finding, role, row, context, &findings)
  }

  func isID(_ number: Double, below limit: Int?) -> Bool {
    number >= 0 && number == number.rounded(.towardZero) && (limit.map { number < Double($0) } ?? true)
  }

  // MARK: Masks

  /// - Returns: how many tokens the mask attends to; nil where there is no mask of the ids' length.
  func judgeMask(_ sequence: Sequence, _ context: Context, _ findings: inout ChunkFindings) -> Int? {
    guard let mask = sequence[.mask], mask.isPlain, mask.count > 0 else { return nil }
    let isEven = mask.count == sequence.ids.count
    if context.masksAreOne { return isEven ? mask.count : nil }
    guard let base = mask.numbers.baseAddress else { return nil }
    let counts = ck_count_mask(base, mask.numbers.count)
    if counts.ones == 0 {
      add(MaskInvalid.nothing(field: path(.mask, mask, context)), .mask, mask, context, &findings)
    } else if counts.odd > 0, !(rule.isPacked == true && numbersDocuments(mask.numbers)) {
      let index = mask.numbers.firstIndex { $0 != 0 && $0 != 1 } ?? 0
      let place = element(index, .mask, mask, context)
      let finding = MaskInvalid.odd(field: place.path, value: place.value, count: counts.odd)
      add(finding, .mask, mask, context, &findings)
    } else if counts.odd == 0, let hole = hole(mask.numbers, changes: counts.changes) {
      let place = element(hole, .mask, mask, context)
      add(MaskInvalid.hole(field: place.path), .mask, mask, context, &findings)
    }
    return isEven ? counts.ones : nil
  }

  /// The first 0 with a 1 on both sides. Padding stands before or after, so a mask of at most two changes that begins or
  /// ends with 0 has none.
  private func hole(_ mask: UnsafeBufferPointer<Double>, changes: Int) -> Int? {
    guard changes > 1, changes > 2 || mask[0] == 1 else { return nil }
    guard let first = mask.firstIndex(of: 1) else { return nil }
    return mask[first...].firstIndex(of: 0)
  }

  /// Whether a mask numbers the documents of a packed sequence: whole numbers that rise by one, and 0 for padding.
  private func numbersDocuments(_ mask: UnsafeBufferPointer<Double>) -> Bool {
    var document = 0.0
    for value in mask where value != document && value != 0 {
      guard value == document + 1 else { return false }
      document = value
    }
    return true
  }

  // MARK: Places

  func record(_ role: TokenRole, _ row: TokenRows.Row, _ context: Context) -> Int {
    context.batch.row(at: context.batch.columns[context.group[role]].lists[row.list].position)
  }

  func path(_ role: TokenRole, _ row: TokenRows.Row, _ context: Context) -> String {
    let field = context.group[role]
    let position = context.batch.columns[field].lists[row.list].position
    return context.locator.path(of: position, field: field, row: context.batch.row(at: position))
  }

  /// Path and text of the list's number at `index`.
  func element(
    _ index: Int, _ role: TokenRole, _ row: TokenRows.Row, _ context: Context
  ) -> (path: String, value: String) {
    let field = context.group.elements(of: role)
    let position = context.locator.position(ofNumber: row.first + index, field: field)
    let path = context.locator.path(of: position, field: field, row: record(role, row, context))
    return (path, context.locator.excerpt(at: position))
  }

  func add(
    _ finding: Finding, _ role: TokenRole, _ row: TokenRows.Row, _ context: Context,
    _ findings: inout ChunkFindings
  ) {
    findings.add(finding, row: record(role, row, context))
  }
}

extension TokenRole {
  /// What all numbers of the role are below.
  func limit(_ rule: TokenRule) -> Int? {
    switch self {
    case .ids: rule.vocabularySize
    case .labels: rule.labelsAre == .classes ? nil : rule.vocabularySize
    case .mask, .types, .positions: nil
    }
  }
}
