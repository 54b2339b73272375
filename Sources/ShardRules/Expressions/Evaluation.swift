import ShardModel

/// One condition in one batch. A node of the expression becomes a column over the slots of a level: 0 for records, 1
/// for the elements of the outermost list, and so on.
final class Evaluation {
  let batch: RecordBatch
  private let find: (String) -> Int?
  private let matcher: (Pattern) -> PatternMatcher
  private(set) var domains: [BatchDomain]
  /// Of `sum` and its like, by the path of their elements.
  private var reducedDomains: [String: BatchDomain] = [:]
  /// By path; at the level of the path.
  private var fields: [String: FieldVector] = [:]
  private(set) var exhausted = 0

  init(
    _ batch: RecordBatch, elements: [String], find: @escaping (String) -> Int?,
    matcher: @escaping (Pattern) -> PatternMatcher
  ) {
    self.batch = batch
    self.find = find
    self.matcher = matcher
    domains = [BatchDomain(batch)]
    for path in elements { domains.append(domain(path, in: domains[domains.count - 1])) }
  }

  private func domain(_ elements: String, in around: BatchDomain) -> BatchDomain {
    BatchDomain(elementsOf: find(String(elements.dropLast(2))), find(elements), in: around, batch)
  }

  // MARK: Levels

  /// The record of each slot; nil where slot i is record i.
  func rows(at level: Int) -> [Int32]? {
    guard level > 0 else { return nil }
    var rows = domains[level].owners
    for level in stride(from: level - 1, to: 0, by: -1) { rows = gather(domains[level].owners, rows) }
    return rows
  }

  func element(_ slot: Int, at level: Int) -> Violations.Element? {
    let values = domains[level].values
    guard level > 0, let field = values.field else { return nil }
    let column = batch.columns[field]
    let index = Int(values.indices[slot])
    switch values.kinds[slot] {
    case .missing: return nil
    case .number: return .number(index, field: field)
    case .text:
      let offset = column.texts[index].offset
      return .position(batch.isUntyped ? offset : offset &- 1, field: field)
    case .list: return .position(column.lists[index].position, field: field)
    case .object: return .position(column.objects[index], field: field)
    case .null: return .position(column.nulls[index], field: field)
    case .yes: return .position(column.trues[index], field: field)
    case .no: return .position(column.falses[index], field: field)
    }
  }

  private func gather<Value>(_ values: [Value], _ owners: [Int32]) -> [Value] {
    owners.map { values[Int($0)] }
  }

  private func raise<Value>(_ values: [Value], from low: Int, to high: Int) -> [Value] {
    var values = values
    for level in low..<max(low, high) { values = gather(values, domains[level + 1].owners) }
    return values
  }

  // MARK: Fields

  func field(_ reference: FieldReference, at level: Int) -> FieldVector {
    let own = reference.elements.count
    var vector =
      fields[reference.path]
      ?? {
        let vector = load(reference, in: domains[own])
        fields[reference.path] = vector
        return vector
      }()
    for level in own..<max(own, level) { vector = vector.gathered(domains[level + 1].owners) }
    return vector
  }

  private func load(_ reference: FieldReference, in domain: BatchDomain) -> FieldVector {
    // The records or elements themselves.
    if reference.path == reference.elements.last ?? FieldPath.root { return domain.values }
    guard let place = find(reference.path) else { return FieldVector(count: domain.count, field: nil) }
    return FieldVector(
      member: place, of: batch, count: domain.count, positions: domain.objectPositions,
      slots: domain.objectSlots)
  }

  // MARK: Numbers

  func numbers(_ node: Expression.Node, at level: Int) -> [Double] {
    switch node {
    case .number(let value): return .init(repeating: value, count: domains[level].count)
    case .field(let reference): return field(reference, at: level).numbers
    case .length(let reference): return field(reference, at: level).lengths(batch)
    case .reduce(let reduction, let reference):
      return raise(reduced(reduction, reference), from: reference.elements.count - 1, to: level)
    case .unary(let operation, let inner): return ColumnLoops.unary(operation, numbers(inner, at: level))
    case .arithmetic(let operation, let left, let right):
      return ColumnLoops.arithmetic(operation, numbers(left, at: level), numbers(right, at: level))
    default: return .init(repeating: .nan, count: domains[level].count)
    }
  }

  private func reduced(_ reduction: Expression.Reduction, _ reference: FieldReference) -> [Double] {
    let level = reference.elements.count - 1
    guard let elements = reference.elements.last else { return [] }
    let domain: BatchDomain
    if let known = reducedDomains[elements] {
      domain = known
    } else {
      domain = self.domain(elements, in: domains[level])
      reducedDomains[elements] = domain
    }
    let values = load(reference, in: domain).numbers
    var results = [Double](repeating: .nan, count: domains[level].count)
    values.withUnsafeBufferPointer { values in
      for (list, slots) in domain.lists.enumerated() where domain.listOwners[list] >= 0 {
        results[Int(domain.listOwners[list])] = ColumnLoops.reduce(
          reduction, UnsafeBufferPointer(rebasing: values[slots]))
      }
    }
    return results
  }

  // MARK: Conditions

  func truths(_ node: Expression.Node, at level: Int) -> [UInt8] {
    let count = domains[level].count
    switch node {
    case .boolean(let value): return .init(repeating: Truth.of(value), count: count)
    case .field(let reference):
      return field(reference, at: level).kinds.map { kind in
        kind == .yes ? Truth.yes : kind == .no ? Truth.no : Truth.unknown
      }
    case .and(let left, let right):
      return ColumnLoops.and(truths(left, at: level), truths(right, at: level))
    case .or(let left, let right): return ColumnLoops.or(truths(left, at: level), truths(right, at: level))
    case .not(let inner): return ColumnLoops.not(truths(inner, at: level))
    case .compare(let comparison, let left, let right): return compare(comparison, left, right, level)
    case .isNull(let reference):
      let records = raise(domains[0].values.kinds, from: 0, to: level)
      return zip(field(reference, at: level).kinds, records).map { kind, record in
        record == .missing ? Truth.unknown : Truth.of(kind == .null || kind == .missing)
      }
    case .isIn(let inner, let values): return contained(inner, values, level)
    case .matches(let inner, let pattern): return matched(inner, pattern, level)
    case .number, .text, .length, .reduce, .unary, .arithmetic:
      return .init(repeating: Truth.unknown, count: count)
    }
  }

  private func matched(_ node: Expression.Node, _ pattern: Pattern, _ level: Int) -> [UInt8] {
    let matcher = matcher(pattern)
    func truth(_ bytes: UnsafeRawBufferPointer) -> UInt8 {
      switch matcher.match(bytes) {
      case .matched: return Truth.yes
      case .notMatched: return Truth.no
      case .exhausted:
        exhausted += 1
        return Truth.unknown
      }
    }
    switch node {
    case .text(let text):
      return .init(repeating: Array(text.utf8).withUnsafeBytes(truth), count: domains[level].count)
    case .field(let reference):
      // Each text once, even where many elements look at it.
      let own = reference.elements.count
      let vector = field(reference, at: own)
      let truths = vector.kinds.indices.map { slot in
        vector.kinds[slot] == .text ? vector.withText(slot, batch, truth) : Truth.unknown
      }
      return raise(truths, from: own, to: level)
    default: return .init(repeating: Truth.unknown, count: domains[level].count)
    }
  }

  private func contained(_ node: Expression.Node, _ values: [RuleValue], _ level: Int) -> [UInt8] {
    var any = [UInt8](repeating: Truth.no, count: domains[level].count)
    for value in values {
      let literal: Expression.Node =
        switch value {
        case .number(let number): .number(number)
        case .text(let text): .text(text)
        case .boolean(let boolean): .boolean(boolean)
        }
      any = ColumnLoops.or(any, compare(.equal, node, literal, level))
    }
    return any
  }
}
