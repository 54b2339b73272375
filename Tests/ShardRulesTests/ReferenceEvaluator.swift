import ShardRules

/// A condition held against one record at a time, value by value: slow, and written from the words of `Expression`.
struct ReferenceEvaluator {
  let expression: Expression

  /// What an expression is for one record or element; nil: unknown.
  private enum Meaning {
    case number(Double)
    case text(String)
    case boolean(Bool)
    case list, object
  }

  /// The elements (by index, from the outermost list on) for which the condition is known, and whether it holds.
  func outcomes(_ record: Value) -> [(indices: [Int], holds: Bool)] {
    var ways: [[Int]] = [[]]
    for path in expression.elements {
      let list = String(path.dropLast(2))
      ways = ways.flatMap { way in
        (value(list, record, way)?.elements ?? []).indices.map { way + [$0] }
      }
    }
    return ways.compactMap { way in truth(expression.root, record, way).map { (way, $0) } }
  }

  /// The value at a path of plain names.
  private func value(_ path: String, _ record: Value, _ indices: [Int]) -> Value? {
    var current: Value? = record
    var level = 0
    for step in path.split(separator: ".") {
      var name = step
      var lists = 0
      while name.hasSuffix("[]") {
        name = name.dropLast(2)
        lists += 1
      }
      current = current?[String(name)]
      for _ in 0..<lists {
        guard let elements = current?.elements, level < indices.count, indices[level] < elements.count else {
          return nil
        }
        current = elements[indices[level]]
        level += 1
      }
    }
    return current
  }

  private func number(_ node: Expression.Node, _ record: Value, _ way: [Int]) -> Double? {
    if case .number(let value)? = meaning(node, record, way), !value.isNaN { value } else { nil }
  }

  private func meaning(_ node: Expression.Node, _ record: Value, _ way: [Int]) -> Meaning? {
    switch node {
    case .number(let value): return .number(value)
    case .text(let text): return .text(text)
    case .field(let field):
      switch value(field.path, record, way) {
      case nil, .null?: return nil
      case .number(let value)?: return value.isNaN ? nil : .number(value)
      case .text(let text)?: return .text(text)
      case .boolean(let value)?: return .boolean(value)
      case .list?: return .list
      case .object?: return .object
      }
    case .length(let field):
      switch value(field.path, record, way) {
      case .text(let text)?: return .number(Double(text.unicodeScalars.count))
      case .list(let values)?: return .number(Double(values.count))
      default: return nil
      }
    case .reduce(let reduction, let field): return reduced(reduction, field, record, way).map { .number($0) }
    case .unary(let operation, let inner):
      guard let value = number(inner, record, way) else { return nil }
      switch operation {
      case .negate: return .number(-value)
      case .absolute: return .number(abs(value))
      case .floor: return .number(value.rounded(.down))
      }
    case .arithmetic(let operation, let left, let right):
      guard let first = number(left, record, way), let second = number(right, record, way) else { return nil }
      let result: Double
      switch operation {
      case .add: result = first + second
      case .subtract: result = first - second
      case .multiply: result = first * second
      case .divide: result = second == 0 ? .nan : first / second
      case .remainder:
        let rest = first.truncatingRemainder(dividingBy: second)
        result = second == 0 ? .nan : rest != 0 && rest.sign != second.sign ? rest + second : rest
      }
      return result.isNaN ? nil : .number(result)
    case .boolean, .compare, .and, .or, .not, .isNull, .isIn, .matches:
      return truth(node, record, way).map { .boolean($0) }
    }
  }

  private func reduced(
    _ reduction: Expression.Reduction, _ field: FieldReference, _ record: Value, _ way: [Int]
  ) -> Double? {
    let list = String(field.elements.last!.dropLast(2))
    guard let elements = value(list, record, way)?.elements else { return nil }
    let outer = way.prefix(field.elements.count - 1)
    var numbers: [Double] = []
    for index in elements.indices {
      guard case .number(let number)? = value(field.path, record, outer + [index]), !number.isNaN else {
        return nil
      }
      numbers.append(number)
    }
    let result: Double?
    switch reduction {
    case .sum: result = numbers.reduce(0, +)
    case .mean: result = numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    case .minimum: result = numbers.min()
    case .maximum: result = numbers.max()
    }
    return result.flatMap { $0.isNaN ? nil : $0 }
  }

  private func truth(_ node: Expression.Node, _ record: Value, _ way: [Int]) -> Bool? {
    switch node {
    case .boolean(let value): return value
    case .field:
      if case .boolean(let value)? = meaning(node, record, way) { return value } else { return nil }
    case .not(let inner): return truth(inner, record, way).map { !$0 }
    case .and(let left, let right):
      switch (truth(left, record, way), truth(right, record, way)) {
      case (false?, _), (_, false?): return false
      case (true?, true?): return true
      default: return nil
      }
    case .or(let left, let right):
      switch (truth(left, record, way), truth(right, record, way)) {
      case (true?, _), (_, true?): return true
      case (false?, false?): return false
      default: return nil
      }
    case .isNull(let field):
      switch value(field.path, record, way) {
      case nil, .null?: return true
      default: return false
      }
    case .isIn(let inner, let values):
      guard let found = meaning(inner, record, way) else { return nil }
      return values.contains { value in
        switch value {
        case .number(let number): compare(.equal, found, .number(number)) ?? false
        case .text(let text): compare(.equal, found, .text(text)) ?? false
        case .boolean(let boolean): compare(.equal, found, .boolean(boolean)) ?? false
        }
      }
    case .matches(let inner, let pattern):
      guard case .text(let text)? = meaning(inner, record, way) else { return nil }
      let matcher = PatternMatcher(pattern)
      return Array(text.utf8).withUnsafeBytes { matcher.match($0) == .matched }
    case .compare(let comparison, let left, let right):
      guard let first = meaning(left, record, way), let second = meaning(right, record, way) else {
        return nil
      }
      return compare(comparison, first, second)
    case .number, .text, .length, .reduce, .unary, .arithmetic: return nil
    }
  }

  private func compare(_ comparison: Expression.Comparison, _ left: Meaning, _ right: Meaning) -> Bool? {
    let isLess: Bool
    let isEqual: Bool
    switch (left, right) {
    case (.number(let first), .number(let second)): (isLess, isEqual) = (first < second, first == second)
    case (.text(let first), .text(let second)):
      let (one, other) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
      (isLess, isEqual) = (one.lexicographicallyPrecedes(other), one == other)
    case (.boolean(let first), .boolean(let second)):
      switch comparison {
      case .equal: return first == second
      case .notEqual: return first != second
      default: return nil
      }
    case (.list, .list), (.object, .object): return nil
    default:
      switch comparison {
      case .equal: return false
      case .notEqual: return true
      default: return nil
      }
    }
    switch comparison {
    case .equal: return isEqual
    case .notEqual: return !isEqual
    case .less: return isLess
    case .lessOrEqual: return isLess || isEqual
    case .greater: return !isLess && !isEqual
    case .greaterOrEqual: return !isLess
    }
  }
}
