import ShardModel

/// A checked rules file: every value in it is possible.
package struct Rules: Sendable, Equatable {
  /// In the order of the file; later ones refine earlier ones.
  package var fields: [FieldRule] = []
  package var records: [RecordRule] = []
  /// In the order of the file; later ones refine earlier ones.
  package var checks: [CheckRule] = []
  /// Globs of field paths to leave out.
  package var ignore: [String] = []
  /// The fields whose content makes two records the same; empty: the whole record.
  package var duplicates: [String] = []
  package var tokens = TokenRule()
  package var pairs = PairRule()
  package var drift = DriftRule()
  package var gate = GateRule()

  package init() {}

  /// All that is demanded of the field with this path, nil where nothing is.
  /// - Complexity: O(rules * path).
  package func rule(forField path: String) -> FieldRule? {
    var merged: FieldRule?
    for rule in fields where FieldGlob(rule.glob).matches(path) {
      merged = merged ?? FieldRule(glob: path)
      merged?.refine(with: rule)
    }
    return merged
  }

  /// All that is said about the check, by its id or its family; nil where nothing is.
  package func rule(forCheck id: String, family: String) -> CheckRule? {
    var merged: CheckRule?
    for rule in checks where rule.target == id || rule.target == family {
      merged = merged ?? CheckRule(target: id)
      merged?.refine(with: rule)
    }
    return merged
  }
}

/// A condition over the fields of each record.
package struct RecordRule: Sendable, Equatable {
  package var expression: Expression
  /// As the file names it, or the expression as written.
  package var name: String
  package var severity: Severity?
  /// The share of the records that must keep the rule, above 0 and at most 1.
  package var mostly: Double?

  package init(expression: Expression, name: String, severity: Severity? = nil, mostly: Double? = nil) {
    self.expression = expression
    self.name = name
    self.severity = severity
    self.mostly = mostly
  }
}

/// What is said about a check or a family of checks. Nil: nothing is said.
package struct CheckRule: Sendable, Equatable {
  /// Id or family.
  package var target: String
  package var isOn: Bool?
  package var severity: Severity?
  /// How many findings the gate lets pass.
  package var maximum: Allowance?
  package var parameters: [String: RuleValue] = [:]

  package init(target: String) { self.target = target }

  package mutating func refine(with later: CheckRule) {
    isOn = later.isOn ?? isOn
    severity = later.severity ?? severity
    maximum = later.maximum ?? maximum
    parameters.merge(later.parameters) { $1 }
  }
}

/// How much may be wrong.
package enum Allowance: Sendable, Equatable {
  case count(UInt64)
  /// In percent of the records, 0 to 100.
  case percent(Double)
}

/// From which difference on two data sets have drifted apart. Nil: the check's own limit.
package struct DriftRule: Sendable, Equatable {
  /// Jensen-Shannon divergence, 0 to 1.
  package var divergence: Double?
  /// Population stability index, 0 or more.
  package var stability: Double?
  /// Share of the records in categories that are new or lost, 0 to 1.
  package var categories: Double?
  /// Difference of the shares of missing, null and not finite values, 0 to 1.
  package var rates: Double?

  package init() {}
}

/// What fails the gate. Nil: what the command line or its default says.
package struct GateRule: Sendable, Equatable {
  package enum FailOn: String, Sendable, CaseIterable { case error, warning, never }

  package var failOn: FailOn?
  package var maximumQuarantined: Allowance?

  package init() {}
}
