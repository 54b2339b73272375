import ShardModel

/// A scalar of a rules file: an allowed value, a parameter of a check.
package enum RuleValue: Sendable, Equatable {
  case number(Double)
  case text(String)
  case boolean(Bool)
}

/// What is demanded of the fields whose path the glob matches. Nil: nothing is demanded.
package struct FieldRule: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case number, integer, text, boolean, object, list
  }

  package enum Order: String, Sendable, CaseIterable {
    case increasing, decreasing
    case strictlyIncreasing = "strictly-increasing"
    case strictlyDecreasing = "strictly-decreasing"
  }

  package enum NumberFormat: String, Sendable, CaseIterable { case fp32, fp16, bf16 }

  package enum Role: String, Sendable, CaseIterable {
    case image, caption, conversation
    case tokenIDs = "token-ids"
    case labels
    case attentionMask = "attention-mask"
    case box, embedding, id
  }

  /// As `FieldGlob` takes it.
  package var glob: String
  package var kinds: Set<Kind>?
  package var required: Bool?
  package var nullable: Bool?
  package var range: ValueRange?
  package var length: LengthRange?
  package var integer: Bool?
  /// The only values allowed; not empty.
  package var values: [RuleValue]?
  package var pattern: Pattern?
  package var scale: Scale?
  package var unique: Bool?
  package var order: Order?
  package var format: NumberFormat?
  package var role: Role?
  package var box: BoxRule?
  /// The share of the values that must keep the rule, above 0 and at most 1.
  package var mostly: Double?
  package var severity: Severity?

  package init(glob: String) { self.glob = glob }

  /// Takes what the other rule says over what this one says.
  package mutating func refine(with later: FieldRule) {
    kinds = later.kinds ?? kinds
    required = later.required ?? required
    nullable = later.nullable ?? nullable
    range = later.range ?? range
    length = later.length ?? length
    integer = later.integer ?? integer
    values = later.values ?? values
    pattern = later.pattern ?? pattern
    scale = later.scale ?? scale
    unique = later.unique ?? unique
    order = later.order ?? order
    format = later.format ?? format
    role = later.role ?? role
    box = later.box ?? box
    mostly = later.mostly ?? mostly
    severity = later.severity ?? severity
  }
}

/// Finite numbers or nil where there is no bound.
package struct ValueRange: Sendable, Equatable {
  package var minimum: Double?
  package var maximum: Double?
  package var excludesMinimum = false
  package var excludesMaximum = false

  package init(minimum: Double? = nil, maximum: Double? = nil) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Whether the value is inside; NaN never is.
  package func contains(_ value: Double) -> Bool {
    if value.isNaN { return false }
    if let minimum, excludesMinimum ? value <= minimum : value < minimum { return false }
    if let maximum, excludesMaximum ? value >= maximum : value > maximum { return false }
    return true
  }

  var isEmpty: Bool {
    guard let minimum, let maximum else { return false }
    return excludesMinimum || excludesMaximum ? minimum >= maximum : minimum > maximum
  }
}

/// Characters of a text or elements of a list.
package struct LengthRange: Sendable, Equatable {
  package var minimum: Int
  package var maximum: Int?

  package init(minimum: Int, maximum: Int?) {
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// How the values of a field, or of the vectors in it, are scaled.
package enum Scale: Sendable, Equatable {
  package enum Name: String, Sendable, CaseIterable {
    case unitNorm = "unit-norm"
    case zeroOne = "zero-one"
    case minusOneOne = "minus-one-one"
    case standardized, byte
  }

  case named(Name)
  /// Mean and standard deviation over all values; one of them at least.
  case moments(mean: Double?, deviation: Double?, tolerance: Double)

  /// Where a rule gives none.
  package static let defaultTolerance = 0.05
}

/// How a field spells boxes.
package struct BoxRule: Sendable, Equatable {
  package enum Layout: String, Sendable, CaseIterable { case xyxy, xywh }

  package enum Range: String, Sendable, CaseIterable {
    case unit = "0-1"
    case thousand = "0-1000"
    case pixels
  }

  package var layout: Layout?
  package var range: Range?

  package init(layout: Layout? = nil, range: Range? = nil) {
    self.layout = layout
    self.range = range
  }
}
