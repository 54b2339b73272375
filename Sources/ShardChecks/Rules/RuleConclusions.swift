import ShardModel
import ShardRules

/// Turns breaches of the rules file into findings, once it is known how many there are.
package enum RuleConclusions {
  package static func add(_ rules: Rules, _ dataset: ShardProfile, to conclusions: inout Conclusions) {
    for key in dataset.rules.keys.sorted() {
      guard let tally = dataset.rules[key], tally.broken > 0 else { continue }
      if let index = recordRule(key), index < rules.records.count {
        let rule = rules.records[index]
        guard !tally.holds(mostly: rule.mostly ?? 1) else { continue }
        let severity = rule.severity ?? RecordRuleCheck.description.severity
        conclusions.addRule(key, .rule) { observation in
          var finding = Finding(
            check: RecordRuleCheck.description.id, severity: severity,
            field: observation.field == FieldPath.root ? nil : observation.field, value: observation.value,
            message: "broken: \(rule.name)")
          finding.isSeverityFixed = rule.severity != nil
          return finding
        }
      } else if let (facet, path) = RuleFacet.parse(key), let rule = rules.demands(onField: path) {
        guard !tally.holds(mostly: rule.mostly ?? 1) else { continue }
        conclusions.addRule(key, .rule) { facet.finding(rule, $0) }
      }
    }
    let named = Set(rules.namedRequired.map(\.name))
    for path in dataset.fields.keys.sorted() {
      guard let field = dataset.fields[path], let rule = rules.demands(onField: path) else { continue }
      addMoments(rule, path, field, to: &conclusions)
      if rule.required == true, field.role == .member, !named.contains(FieldName(path)) {
        addRequired(rule, path, field, dataset, to: &conclusions)
      }
    }
  }

  /// Which fields a wildcard stands for is known when all shards were read.
  private static func addRequired(
    _ rule: FieldRule, _ path: String, _ field: FieldProfile, _ dataset: ShardProfile,
    to conclusions: inout Conclusions
  ) {
    let owners = dataset.fields[field.parent]?.counts.object ?? 0
    let tally = RuleTally(checked: owners, broken: dataset.missing(path))
    guard !tally.holds(mostly: rule.mostly ?? 1) else { return }
    conclusions.addMissingRule(path, everywhere: true) { RuleFacet.required.finding(rule, $0) }
  }

  private static func recordRule(_ key: String) -> Int? {
    key.hasPrefix("record ") ? Int(key.dropFirst("record ".count)) : nil
  }

  /// Mean and deviation are demanded of a field as a whole.
  private static func addMoments(
    _ rule: FieldRule, _ path: String, _ field: FieldProfile, to conclusions: inout Conclusions
  ) {
    let wanted: (mean: Double?, deviation: Double?, tolerance: Double)
    switch rule.scale {
    case .named(.standardized): wanted = (0, 1, 0.1)
    case .moments(let mean, let deviation, let tolerance): wanted = (mean, deviation, tolerance)
    default: return
    }
    let moments = field.numbers.moments
    guard let mean = moments.mean, let deviation = moments.standardDeviation else { return }
    let room = wanted.tolerance * max(wanted.deviation ?? 1, 1e-12)
    var wrong: [String] = []
    if let expected = wanted.mean, (mean - expected).magnitude > room {
      wrong.append("mean \(Figures.exact(expected)), found \(Figures.text(mean))")
    }
    if let expected = wanted.deviation, (deviation - expected).magnitude > room {
      wrong.append("deviation \(Figures.exact(expected)), found \(Figures.text(deviation))")
    }
    guard !wrong.isEmpty else { return }
    let description = NormalizationField.description
    let statistics = ScaleStatistics(field.numbers)
    var finding = Finding(
      check: description.id, severity: rule.severity ?? .error, field: path, value: statistics.text,
      message: "expected \(wrong.joined(separator: "; expected ")); "
        + statistics.advice(from: nil, to: nil))
    finding.isSeverityFixed = rule.severity != nil
    conclusions.findings.append(finding)
  }
}

extension RuleFacet {
  /// The check whose finding a breach is.
  var check: CheckDescription {
    switch self {
    case .type, .text: FieldTypeCheck.description
    case .required: FieldMissing.description
    case .nullable: FieldNull.description
    case .range, .integer: NumberRange.description
    case .length: TextLength.description
    case .elements: ListLength.description
    case .allowed, .pattern: FieldValue.description
    case .scale: NormalizationField.description
    case .norm: NormalizationVector.description
    case .order: FieldOrder.description
    case .format: NumberOverflow.description
    }
  }

  func finding(_ rule: FieldRule, _ observation: Observation) -> Finding {
    let isQuoted = self == .text && rule.takesNumbers && NumberText.reading(observation.value) != nil
    var finding = Finding(
      check: isQuoted ? NumberAsText.description.id : check.id, severity: rule.severity ?? .error,
      field: observation.field,
      value: observation.value, message: message(rule))
    finding.isSeverityFixed = rule.severity != nil
    return finding
  }

  private func message(_ rule: FieldRule) -> String {
    switch self {
    case .type, .text:
      return "expected " + (rule.kinds ?? []).map(\.rawValue).sorted().joined(separator: " or ") + " (rules)"
    case .required: return "the field is missing and is required (rules)"
    case .nullable: return "null, and the field is not nullable (rules)"
    case .range: return "expected " + (rule.range?.text ?? "another number") + " (rules)"
    case .integer: return "expected a whole number (rules)"
    case .length, .elements:
      return "expected a length of " + (rule.length?.text ?? "another size") + " (rules)"
    case .allowed:
      let values = (rule.values ?? []).map(\.text)
      let shown = values.prefix(8).joined(separator: ", ")
      return "expected one of \(shown)\(values.count > 8 ? " and \(values.count - 8) more" : "") (rules)"
    case .pattern:
      return "expected a text that matches \(Excerpt.of(Array((rule.pattern?.source ?? "").utf8))) (rules)"
    case .scale:
      switch rule.scale {
      case .named(.zeroOne): return "expected a number from 0 to 1 (rules)"
      case .named(.minusOneOne): return "expected a number from -1 to 1 (rules)"
      default: return "expected a whole number from 0 to 255 (rules)"
      }
    case .norm: return "expected a vector of norm 1; divide it by its norm (rules)"
    case .order: return "expected \(rule.order?.rawValue ?? "ordered") values (rules)"
    case .format: return "becomes an infinity in \(rule.format?.rawValue ?? "its format") (rules)"
    }
  }
}

extension FieldRule {
  fileprivate var takesNumbers: Bool { kinds?.contains { $0 == .number || $0 == .integer } ?? false }
}

extension ValueRange {
  /// `a number from 0 to 1`, `a number above 0`.
  fileprivate var text: String {
    let low = minimum.map { (excludesMinimum ? "above " : "from ") + Figures.exact($0) }
    let high = maximum.map {
      (excludesMaximum ? "below " : (low == nil ? "up to " : "to ")) + Figures.exact($0)
    }
    return (["a number"] + [low, high].compactMap { $0 }).joined(separator: " ")
  }
}

extension LengthRange {
  fileprivate var text: String {
    guard let maximum else { return "at least \(minimum)" }
    return minimum == maximum ? "\(minimum)" : "\(minimum) to \(maximum)"
  }
}

extension RuleValue {
  fileprivate var text: String {
    switch self {
    case .number(let number): Figures.exact(number)
    case .text(let text): text
    case .boolean(let boolean): "\(boolean)"
    }
  }
}
