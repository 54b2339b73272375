import ShardModel

extension Evaluation {
  private enum Kind { case number, text, boolean, any }

  private static func kind(_ node: Expression.Node) -> Kind {
    switch node {
    case .number, .length, .reduce, .unary, .arithmetic: .number
    case .text: .text
    case .boolean, .compare, .and, .or, .not, .isNull, .isIn, .matches: .boolean
    case .field: .any
    }
  }

  func compare(
    _ comparison: Expression.Comparison, _ left: Expression.Node, _ right: Expression.Node, _ level: Int
  ) -> [UInt8] {
    switch (Self.kind(left), Self.kind(right)) {
    case (.number, .number), (.any, .number), (.number, .any):
      return compareNumbers(comparison, left, right, level)
    case (.boolean, .boolean), (.any, .boolean), (.boolean, .any):
      return compareTruths(comparison, left, right, level)
    case (.text, .text), (.any, .text), (.text, .any), (.any, .any):
      return compareValues(comparison, left, right, level)
    case (.number, _), (.text, _), (.boolean, _):
      return .init(repeating: Truth.unknown, count: domains[level].count)
    }
  }

  private func compareNumbers(
    _ comparison: Expression.Comparison, _ left: Expression.Node, _ right: Expression.Node, _ level: Int
  ) -> [UInt8] {
    let (first, second) = (numbers(left, at: level), numbers(right, at: level))
    var truths = ColumnLoops.compare(comparison, first, second)
    guard !comparison.isOrder else { return truths }
    // A value of another type is not equal to any number that is known.
    for (node, others) in [(left, second), (right, first)] {
      guard case .field(let reference) = node else { continue }
      for (slot, kind) in field(reference, at: level).kinds.enumerated()
      where kind.isPresent && kind != .number && !others[slot].isNaN {
        truths[slot] = Truth.of(comparison == .notEqual)
      }
    }
    return truths
  }

  private func compareTruths(
    _ comparison: Expression.Comparison, _ left: Expression.Node, _ right: Expression.Node, _ level: Int
  ) -> [UInt8] {
    let (first, second) = (truths(left, at: level), truths(right, at: level))
    var result = [UInt8](repeating: Truth.unknown, count: first.count)
    for slot in result.indices where first[slot] != Truth.unknown && second[slot] != Truth.unknown {
      result[slot] = Truth.of((first[slot] == second[slot]) == (comparison == .equal))
    }
    for (node, others) in [(left, second), (right, first)] {
      guard case .field(let reference) = node else { continue }
      let values = field(reference, at: level)
      for (slot, kind) in values.kinds.enumerated()
      where kind.isPresent && kind != .yes && kind != .no && others[slot] != Truth.unknown {
        // NaN is no value that could be unequal.
        if kind == .number, values.numbers[slot].isNaN { continue }
        result[slot] = Truth.of(comparison == .notEqual)
      }
    }
    return result
  }

  // MARK: Values whose type is known only in the data

  private enum Operand {
    case literal([UInt8])
    case field(FieldVector)
    /// Neither; its slots are unknown.
    case other

    func kind(_ slot: Int) -> FieldVector.Kind {
      switch self {
      case .literal: .text
      case .field(let vector): vector.kinds[slot]
      case .other: .missing
      }
    }

    func number(_ slot: Int) -> Double {
      if case .field(let vector) = self { vector.numbers[slot] } else { .nan }
    }

    func withText<Result>(
      _ slot: Int, _ batch: RecordBatch, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
      switch self {
      case .literal(let bytes): bytes.withUnsafeBytes(body)
      case .field(let vector): vector.withText(slot, batch, body)
      case .other: body(UnsafeRawBufferPointer(start: nil, count: 0))
      }
    }
  }

  private func operand(_ node: Expression.Node, _ level: Int) -> Operand {
    switch node {
    case .text(let text): .literal(Array(text.utf8))
    case .field(let reference): .field(field(reference, at: level))
    default: .other
    }
  }

  private func compareValues(
    _ comparison: Expression.Comparison, _ left: Expression.Node, _ right: Expression.Node, _ level: Int
  ) -> [UInt8] {
    let (left, right) = (operand(left, level), operand(right, level))
    var truths = [UInt8](repeating: Truth.unknown, count: domains[level].count)
    for slot in truths.indices {
      let (first, second) = (left.kind(slot), right.kind(slot))
      guard first.isPresent, second.isPresent else { continue }
      switch (first, second) {
      case (.number, .number):
        let (one, other) = (left.number(slot), right.number(slot))
        if !one.isNaN, !other.isNaN {
          truths[slot] = Truth.of(comparison.holds(one < other ? -1 : one > other ? 1 : 0))
        }
      case (.text, .text):
        let order = left.withText(slot, batch) { first in
          right.withText(slot, batch) { second in Self.order(first, second) }
        }
        truths[slot] = Truth.of(comparison.holds(order))
      case (.yes, .yes), (.no, .no), (.yes, .no), (.no, .yes):
        if !comparison.isOrder { truths[slot] = Truth.of((first == second) == (comparison == .equal)) }
      case (.list, .list), (.object, .object): break
      default:
        // NaN is no value that could be unequal.
        let isNaN =
          (first == .number && left.number(slot).isNaN) || (second == .number && right.number(slot).isNaN)
        if !comparison.isOrder, !isNaN { truths[slot] = Truth.of(comparison == .notEqual) }
      }
    }
    return truths
  }

  /// By bytes, which for UTF-8 is by code points.
  private static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return left[index] < right[index] ? -1 : 1
    }
    return left.count < right.count ? -1 : left.count > right.count ? 1 : 0
  }
}

extension Expression.Comparison {
  /// Whether the comparison holds for two values of which the first is smaller (-1), equal (0) or larger (1).
  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}

extension FieldVector.Kind {
  /// Neither missing nor null.
  var isPresent: Bool { self != .missing && self != .null }
}
