import CXXHash
import ShardModel
import ShardRules

/// Holds the values of one field against its rule, batch by batch. One belongs to one worker.
///
/// Each facet is a loop over a column; where the column's extremes or its types say that nothing can be wrong, there is
/// no loop. What breaks the rule is written down with its place; whether it is a finding is known when all values were
/// counted.
///
/// In a format without types a cell that reads as a number is a text as well, and the words `true` and `false`, in any
/// case, are booleans as well.
final class FieldRuleChecker {
  let rule: FieldRule
  let path: String
  /// Whether the field is demanded by its name.
  let isRequired: Bool
  private(set) var tallies: [RuleFacet: RuleTally] = [:]
  /// Of the chunk that was observed last, where the field is ordered.
  var edge: OrderEdge?
  private let texts: Set<UInt64>
  private let numbers: Set<Double>
  private let booleans: Set<Bool>
  private let matcher: PatternMatcher?

  init(_ rule: FieldRule, path: String, isRequired: Bool) {
    self.rule = rule
    self.path = path
    self.isRequired = isRequired
    var texts: Set<UInt64> = []
    var numbers: Set<Double> = []
    var booleans: Set<Bool> = []
    for value in rule.values ?? [] {
      switch value {
      case .text(let text): texts.insert(Self.hash(Array(text.utf8)))
      case .number(let number): numbers.insert(number)
      case .boolean(let boolean): booleans.insert(boolean)
      }
    }
    self.texts = texts
    self.numbers = numbers
    self.booleans = booleans
    matcher = rule.pattern.map { PatternMatcher($0) }
  }

  func drain() -> [RuleFacet: RuleTally] {
    defer { tallies = [:] }
    return tallies
  }

  private static func hash(_ bytes: [UInt8]) -> UInt64 { XXH3_64bits(bytes, bytes.count) }

  /// - Parameter facts: of the column's numbers.
  func observe(_ field: Int, _ facts: NumberFacts, _ observer: Observer, _ findings: inout ChunkFindings) {
    let column = observer.batch.columns[field]
    var breach = Breach(field, path, observer)
    if let kinds = rule.kinds { checkTypes(kinds, column, &breach, &findings) }
    if rule.nullable == false {
      count(.nullable, column.count, column.nulls.count)
      for position in column.nulls.values { breach.add(.nullable, at: position, &findings) }
    }
    if column.numbers.count > 0 {
      checkNumbers(
        column, facts, isElement: observer.batch.fields[field].role == .element, &breach, &findings)
    }
    if let length = rule.length { checkLengths(length, column, &breach, &findings) }
    if rule.values != nil { checkAllowed(column, &breach, &findings) }
    if let matcher { checkPattern(matcher, column, &breach, &findings) }
    if case .named(.unitNorm)? = rule.scale, observer.batch.fields[field].role == .element {
      checkNorms(field, observer, &breach, &findings)
    }
  }

  func count(_ facet: RuleFacet, _ checked: Int, _ broken: Int) {
    tallies[facet, default: RuleTally()].merge(RuleTally(checked: UInt64(checked), broken: UInt64(broken)))
  }

  // MARK: Types

  private func checkTypes(
    _ kinds: Set<FieldRule.Kind>, _ column: Column, _ breach: inout Breach, _ findings: inout ChunkFindings
  ) {
    var broken = 0
    func refuse(_ positions: UnsafeBufferPointer<UInt32>) {
      broken += positions.count
      for position in positions { breach.add(.type, at: position, &findings) }
    }
    if !kinds.contains(.text) {
      let takesWords = kinds.contains(.boolean)
      var texts = 0
      for text in column.texts.values where !takesWords || breach.boolean(text) == nil {
        texts += 1
        breach.add(.text, text: text, &findings)
      }
      count(.text, column.count - column.nulls.count, texts)
    }
    if !kinds.contains(.boolean) {
      refuse(column.trues.values)
      refuse(column.falses.values)
    }
    if !kinds.contains(.object) { refuse(column.objects.values) }
    if !kinds.contains(.list) {
      broken += column.lists.count
      for list in column.lists.values { breach.add(.type, at: list.position, &findings) }
    }
    if !kinds.contains(.number), !(breach.isUntyped && kinds.contains(.text)) {
      let isRefused: (Double) -> Bool = kinds.contains(.integer) ? { $0 != $0.rounded() } : { _ in true }
      for index in 0..<column.numbers.count where isRefused(column.numbers[index]) {
        broken += 1
        breach.add(.type, number: index, &findings)
      }
    }
    count(.type, column.count - column.nulls.count, broken)
  }

  // MARK: Numbers

  private func checkNumbers(
    _ column: Column, _ facts: NumberFacts, isElement: Bool, _ breach: inout Breach,
    _ findings: inout ChunkFindings
  ) {
    if let range = rule.range { check(.range, range, column, facts, &breach, &findings) }
    if let (range, isWhole) = scaleRange {
      check(.scale, range, column, facts, &breach, &findings)
      if isWhole { checkWhole(.scale, in: range, column, &breach, &findings) }
    }
    if let order = rule.order, !isElement { checkOrder(order, column, &breach, &findings) }
    if rule.integer == true {
      count(.integer, column.numbers.count, 0)
      checkWhole(.integer, in: ValueRange(), column, &breach, &findings)
    }
    if let format = rule.format.flatMap({ TrainingType(rawValue: $0.rawValue) }) {
      let largest = format.largest.nextDown
      check(.format, ValueRange(minimum: -largest, maximum: largest), column, facts, &breach, &findings)
    }
  }

  /// What the scale demands of single values.
  private var scaleRange: (range: ValueRange, isWhole: Bool)? {
    switch rule.scale {
    case .named(.zeroOne): (ValueRange(minimum: 0, maximum: 1), false)
    case .named(.minusOneOne): (ValueRange(minimum: -1, maximum: 1), false)
    case .named(.byte): (ValueRange(minimum: 0, maximum: 255), true)
    default: nil
    }
  }

  /// Values that are not finite are other checks' findings.
  private func check(
    _ facet: RuleFacet, _ range: ValueRange, _ column: Column, _ facts: NumberFacts, _ breach: inout Breach,
    _ findings: inout ChunkFindings
  ) {
    var broken = 0
    if facts.finite > 0, !range.contains(facts.summary.min) || !range.contains(facts.summary.max) {
      for index in 0..<column.numbers.count {
        let value = column.numbers[index]
        guard value.isFinite, !range.contains(value) else { continue }
        broken += 1
        breach.add(facet, number: index, &findings)
      }
    }
    count(facet, column.numbers.count, broken)
  }

  /// Numbers that are not finite have no place in an order; elements of lists are not compared.
  private func checkOrder(
    _ order: FieldRule.Order, _ column: Column, _ breach: inout Breach, _ findings: inout ChunkFindings
  ) {
    var previous: Double?
    var first: (index: Int, value: Double)?
    var broken = 0
    for index in 0..<column.numbers.count where column.numbers[index].isFinite {
      let value = column.numbers[index]
      if let previous, !OrderEdge.allows(order, previous, then: value) {
        broken += 1
        breach.add(.order, number: index, &findings)
      }
      previous = value
      if first == nil { first = (index, value) }
    }
    count(.order, column.numbers.count, broken)
    guard let first, let previous else { return }
    edge = OrderEdge(
      key: RuleFacet.order.key(path), order: order, first: first.value, last: previous,
      entry: breach.entry(.order, number: first.index))
  }

  /// For a facet whose values have been counted.
  /// - Parameter range: what is outside of it is said elsewhere.
  private func checkWhole(
    _ facet: RuleFacet, in range: ValueRange, _ column: Column, _ breach: inout Breach,
    _ findings: inout ChunkFindings
  ) {
    var broken = 0
    if column.integers < column.numbers.count {
      for index in 0..<column.numbers.count {
        let value = column.numbers[index]
        guard value != value.rounded(), range.contains(value) else { continue }
        broken += 1
        breach.add(facet, number: index, &findings)
      }
    }
    count(facet, 0, broken)
  }

  private func checkNorms(
    _ field: Int, _ observer: Observer, _ breach: inout Breach, _ findings: inout ChunkFindings
  ) {
    let batch = observer.batch
    let lists = batch.columns[batch.fields[field].parent].lists
    var broken = 0
    for index in 0..<lists.count {
      let count = Int(lists[index].count)
      guard let row = VectorObserver.row(index, lists, batch.columns[field], count), count > 0 else {
        continue
      }
      let norm = VectorObserver.norm(UnsafeBufferPointer(start: row, count: count))
      guard !VectorObserver.isUnit(norm * norm) else { continue }
      broken += 1
      breach.addList(.norm, lists[index].position, value: "norm \(Figures.text(norm))", &findings)
    }
    count(.norm, lists.count, broken)
  }

  // MARK: Texts and lists

  private func checkLengths(
    _ length: LengthRange, _ column: Column, _ breach: inout Breach, _ findings: inout ChunkFindings
  ) {
    func isRefused(_ count: Int) -> Bool {
      count < length.minimum || length.maximum.map { count > $0 } ?? false
    }
    var broken = 0
    for text in column.texts.values where isRefused(Int(text.characters)) {
      broken += 1
      breach.add(.length, text: text, &findings)
    }
    if breach.isUntyped {
      for index in 0..<column.numbers.count where isRefused(breach.cell(ofNumber: index).count) {
        broken += 1
        breach.add(.length, number: index, &findings)
      }
    }
    count(.length, column.texts.count + (breach.isUntyped ? column.numbers.count : 0), broken)
    broken = 0
    for list in column.lists.values where isRefused(Int(list.count)) {
      broken += 1
      breach.add(.elements, at: list.position, value: "\(list.count) elements", &findings)
    }
    count(.elements, column.lists.count, broken)
  }

  private func checkAllowed(_ column: Column, _ breach: inout Breach, _ findings: inout ChunkFindings) {
    var broken = 0
    for text in column.texts.values
    where !texts.contains(breach.withBytes(text) { XXH3_64bits($0.baseAddress, $0.count) }) {
      if !booleans.isEmpty, let boolean = breach.boolean(text), booleans.contains(boolean) { continue }
      broken += 1
      breach.add(.allowed, text: text, &findings)
    }
    for index in 0..<column.numbers.count where !numbers.contains(column.numbers[index]) {
      if breach.isUntyped, !texts.isEmpty {
        let cell = breach.cell(ofNumber: index)
        if texts.contains(XXH3_64bits(cell.baseAddress, cell.count)) { continue }
      }
      broken += 1
      breach.add(.allowed, number: index, &findings)
    }
    for (value, positions) in [(true, column.trues), (false, column.falses)] where !booleans.contains(value) {
      broken += positions.count
      for position in positions.values { breach.add(.allowed, at: position, value: "\(value)", &findings) }
    }
    count(
      .allowed, column.texts.count + column.numbers.count + column.trues.count + column.falses.count, broken)
  }

  private func checkPattern(
    _ matcher: PatternMatcher, _ column: Column, _ breach: inout Breach, _ findings: inout ChunkFindings
  ) {
    var broken = 0
    for text in column.texts.values where breach.withBytes(text, { matcher.match($0) }) != .matched {
      broken += 1
      breach.add(.pattern, text: text, &findings)
    }
    if breach.isUntyped {
      for index in 0..<column.numbers.count
      where matcher.match(UnsafeRawBufferPointer(breach.cell(ofNumber: index))) != .matched {
        broken += 1
        breach.add(.pattern, number: index, &findings)
      }
    }
    count(.pattern, column.texts.count + (breach.isUntyped ? column.numbers.count : 0), broken)
  }
}
