import ShardModel

/// A condition over the fields of a record, typed when it is read.
///
/// Numbers are doubles, so whole numbers beyond 2^53 are compared after rounding. Logic has three values: what
/// depends on a missing value, on null, on NaN, on a division by zero, on a value of a type that the operator does not
/// take, or on a search that a pattern gave up is *unknown*, and only what is false breaks a rule. `and`, `or` and
/// `not` are Kleene's. Values of different types are not equal. `is null` is true of null and of what is missing, and
/// unknown only where there is no record. `%` has the sign of the divisor, as in Python. Texts are ordered by their
/// code points. `len` is the characters of a text or the elements of a list. `sum`, `mean`, `min` and `max` take the
/// numbers of a list (`x` or `x[]`), or those of a member of its elements (`boxes[].score`), and are unknown where one
/// of them is no number; of an empty list `sum` is 0 and the others are unknown.
///
/// A path through a list (`boxes[].x1 < boxes[].x2`) holds the condition against each element. All paths outside of
/// `sum` and its like must go through the same lists, or fewer of them.
package struct Expression: Sendable, Equatable {
  /// Why a text is no expression.
  package struct Failure: Error, Equatable {
    /// What was expected and found.
    package var message: String
    /// Characters (Unicode scalars) before the mistake.
    package var offset: Int
  }

  package enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
  }

  package enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    var isOrder: Bool { self != .equal && self != .notEqual }
  }

  package enum Unary: String, Sendable {
    case negate = "-"
    case absolute = "abs"
    case floor
  }

  package enum Reduction: String, Sendable, CaseIterable {
    case minimum = "min"
    case maximum = "max"
    case sum, mean
  }

  package indirect enum Node: Sendable {
    case number(Double)
    case text(String)
    case boolean(Bool)
    case field(FieldReference)
    case length(FieldReference)
    case reduce(Reduction, FieldReference)
    case unary(Unary, Node)
    case arithmetic(Arithmetic, Node, Node)
    case compare(Comparison, Node, Node)
    case and(Node, Node)
    case or(Node, Node)
    case not(Node)
    case isNull(FieldReference)
    case isIn(Node, [RuleValue])
    case matches(Node, Pattern)
  }

  /// Bytes of the text; nodes of the tree, which bounds the depth of every walk over it; brackets within brackets.
  package static let maximumLength = 4096
  package static let maximumNodes = 300
  package static let maximumNesting = 32

  package let source: String
  package let root: Node
  /// The elements that the condition is held against, from the outermost list on: `boxes[]`, `boxes[].points[]`; empty
  /// where it is held against the record.
  package let elements: [String]
  /// Canonical paths of all fields, in the order of the text, each once.
  package let paths: [String]

  /// - Complexity: O(text).
  package init(_ source: String) throws(Failure) {
    var parser = try ExpressionParser(source)
    root = try parser.parse()
    elements = parser.elements
    paths = parser.paths
    self.source = source
  }

  package static func == (left: Expression, right: Expression) -> Bool { left.source == right.source }
}

/// A field by its path as `FieldPath` spells it.
package struct FieldReference: Sendable, Equatable {
  /// `boxes[].x1`.
  package private(set) var path = FieldPath.root
  /// The elements on the way, from the outermost list on: `boxes[]`.
  package private(set) var elements: [String] = []

  package init() {}

  package mutating func enter(_ member: String) { path = FieldPath.member(member, of: path) }

  package mutating func enterElements() {
    path = FieldPath.elements(of: path)
    elements.append(path)
  }
}
