/// Three-valued logic as small integers, so that `and` is the minimum, `or` the maximum and `not` a difference.
enum Truth {
  static let no: UInt8 = 0
  static let unknown: UInt8 = 1
  static let yes: UInt8 = 2

  @inline(__always)
  static func of(_ value: Bool) -> UInt8 { value ? yes : no }
}

/// Loops over columns, one for each operator. NaN is the unknown number.
enum ColumnLoops {
  static func arithmetic(
    _ operation: Expression.Arithmetic, _ left: [Double], _ right: [Double]
  ) -> [Double] {
    switch operation {
    case .add: map(left, right) { $0 + $1 }
    case .subtract: map(left, right) { $0 - $1 }
    case .multiply: map(left, right) { $0 * $1 }
    case .divide: map(left, right) { $1 == 0 ? .nan : $0 / $1 }
    case .remainder: map(left, right) { remainder($0, $1) }
    }
  }

  /// With the sign of the divisor.
  static func remainder(_ left: Double, _ right: Double) -> Double {
    guard right != 0 else { return .nan }
    let rest = left.truncatingRemainder(dividingBy: right)
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
  }

  static func unary(_ operation: Expression.Unary, _ values: [Double]) -> [Double] {
    switch operation {
    case .negate: values.map { -$0 }
    case .absolute: values.map { $0.magnitude }
    case .floor: values.map { $0.rounded(.down) }
    }
  }

  static func compare(_ comparison: Expression.Comparison, _ left: [Double], _ right: [Double]) -> [UInt8] {
    switch comparison {
    case .equal: truths(left, right) { $0 == $1 }
    case .notEqual: truths(left, right) { $0 != $1 }
    case .less: truths(left, right) { $0 < $1 }
    case .lessOrEqual: truths(left, right) { $0 <= $1 }
    case .greater: truths(left, right) { $0 > $1 }
    case .greaterOrEqual: truths(left, right) { $0 >= $1 }
    }
  }

  static func and(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { map(left, right) { min($0, $1) } }

  static func or(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { map(left, right) { max($0, $1) } }

  static func not(_ values: [UInt8]) -> [UInt8] { values.map { Truth.yes &- $0 } }

  static func reduce(_ reduction: Expression.Reduction, _ values: UnsafeBufferPointer<Double>) -> Double {
    switch reduction {
    case .sum: return values.reduce(0, +)
    case .mean: return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    case .minimum, .maximum:
      guard var best = values.first else { return .nan }
      for value in values {
        if value.isNaN { return .nan }
        if reduction == .minimum ? value < best : value > best { best = value }
      }
      return best
    }
  }

  @inline(__always)
  private static func map<Value>(_ left: [Value], _ right: [Value], _ body: (Value, Value) -> Value)
    -> [Value]
  {
    let count = min(left.count, right.count)
    return .init(unsafeUninitializedCapacity: count) { buffer, initialized in
      // Safe: both have `count` values, and the buffer room for them.
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for index in 0..<count { buffer.initializeElement(at: index, to: body(left[index], right[index])) }
        }
      }
      initialized = count
    }
  }

  @inline(__always)
  private static func truths(
    _ left: [Double], _ right: [Double], _ body: (Double, Double) -> Bool
  ) -> [UInt8] {
    let count = min(left.count, right.count)
    return .init(unsafeUninitializedCapacity: count) { buffer, initialized in
      // Safe: both have `count` values, and the buffer room for them.
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for index in 0..<count {
            let known = left[index] == left[index] && right[index] == right[index]
            let truth = known ? Truth.of(body(left[index], right[index])) : Truth.unknown
            buffer.initializeElement(at: index, to: truth)
          }
        }
      }
      initialized = count
    }
  }
}
