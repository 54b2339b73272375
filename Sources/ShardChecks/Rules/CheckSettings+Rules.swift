import ShardModel
import ShardRules

extension CheckSettings {
  /// Takes what a rules file says about checks; what the command line says is applied after it.
  package mutating func apply(_ rules: Rules) {
    self.rules = rules
    duplicateFields = rules.duplicates
    for description in CheckCatalog.descriptions {
      guard let rule = rules.rule(forCheck: description.id, family: description.family.rawValue) else {
        continue
      }
      if rule.isOn == false { enabled.remove(description.id) }
      if rule.isOn == true { enabled.insert(description.id) }
      if let severity = rule.severity { severities[description.id] = severity }
      if !rule.parameters.isEmpty { parameters[description.id] = rule.parameters }
    }
    // Statistics are taken once for all checks.
    outliers = text("outliers", of: NumberOutlier.description.id).flatMap { OutlierRule($0) } ?? outliers
    for id in [NumberOverflow.description.id, NumberUnderflow.description.id] {
      trainingType = text("dtype", of: id).flatMap { TrainingType(rawValue: $0) } ?? trainingType
    }
    let moved = DriftDistribution.description.id
    drift.jensenShannon = rules.drift.divergence ?? number("js", of: moved) ?? drift.jensenShannon
    drift.stability = rules.drift.stability ?? number("psi", of: moved) ?? drift.stability
    drift.categories = rules.drift.categories ?? number("categories", of: moved) ?? drift.categories
    drift.fewest = number("fewest", of: moved).map { UInt64($0) } ?? drift.fewest
    drift.rates = rules.drift.rates ?? number("rates", of: DriftSchema.description.id) ?? drift.rates
  }

  package func number(_ parameter: String, of check: String) -> Double? {
    if case .number(let value)? = parameters[check]?[parameter] { value } else { nil }
  }

  private func text(_ parameter: String, of check: String) -> String? {
    if case .text(let value)? = parameters[check]?[parameter] { value } else { nil }
  }

  /// The settings as one check has them: parameters may be set for it alone.
  func of(_ check: String) -> CheckSettings {
    guard parameters[check] != nil else { return self }
    var own = self
    own.nearlyAll = number("nearly-all", of: check) ?? nearlyAll
    own.fewest = number("fewest", of: check).map { UInt64($0) } ?? fewest
    return own
  }

  /// The finding with the severity that the user gave its check; what a rule says of its own findings stands.
  package func judged(_ finding: Finding) -> Finding {
    guard !finding.isSeverityFixed, let severity = severities[finding.check] else { return finding }
    var finding = finding
    finding.severity = severity
    return finding
  }
}

extension CheckCatalog {
  /// What a rules file may say about checks.
  package static var vocabulary: RulesVocabulary {
    RulesVocabulary(
      checks: descriptions.map { description in
        RulesVocabulary.Check(
          id: description.id, family: description.family.rawValue, summary: description.summary,
          parameters: description.parameters.map(parameter))
      })
  }

  private static func parameter(_ parameter: CheckDescription.Parameter) -> RulesVocabulary.Parameter {
    let (expected, accepts) = domain(of: parameter.name)
    return RulesVocabulary.Parameter(
      parameter.name, meaning: parameter.meaning, expected: expected, accepts: accepts)
  }

  /// What the value of a parameter may be; one name means the same in every check.
  private static func domain(of name: String) -> (expected: String, accepts: @Sendable (RuleValue) -> Bool) {
    switch name {
    case "outliers":
      return (
        "iqr:K, z:K or mad:K with K above 0, or none",
        { if case .text(let text) = $0 { OutlierRule(text) != nil } else { false } }
      )
    case "dtype":
      return (
        "fp32, fp16 or bf16",
        { if case .text(let text) = $0 { TrainingType(rawValue: text) != nil } else { false } }
      )
    case "nearly-all": return ("a share above 0.5 and at most 1", number { $0 > 0.5 && $0 <= 1 })
    case "fewest": return ("a whole number from 2 on", number { $0 >= 2 && $0 == $0.rounded() && $0 < 1e15 })
    case "factor": return ("a number above 1", number { $0 > 1 })
    default: return ("a number from 0 on", number { $0 >= 0 })
    }
  }

  private static func number(
    _ accepts: @escaping @Sendable (Double) -> Bool
  ) -> @Sendable (RuleValue) -> Bool {
    { if case .number(let value) = $0 { accepts(value) } else { false } }
  }
}
