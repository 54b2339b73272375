import ShardModel

extension Rules {
  /// Reads and checks a rules file.
  ///
  /// - Parameter file: the name that messages start with.
  /// - Throws: `RulesError` with every mistake of the file.
  /// - Complexity: O(bytes + values * known names).
  package init(
    parsing bytes: [UInt8], file: String, vocabulary: RulesVocabulary, limits: YAMLLimits = YAMLLimits()
  ) throws(RulesError) {
    let reader: YAMLReader
    do {
      reader = try YAMLReader(bytes, limits: limits)
    } catch {
      throw RulesError(file: file, mistakes: [error])
    }
    guard let root = reader.root else {
      let mistake = Mistake(.init(line: 1, column: 1), "expected a mapping with `version: 1`, found nothing")
      throw RulesError(file: file, mistakes: [mistake])
    }
    var checker = ShapeChecker()
    checker.check(root, RulesTable(vocabulary).root)
    var builder = RulesBuilder(vocabulary: vocabulary, source: SourceText(bytes))
    self = builder.rules(root)

    // An alias shows the same mistake wherever it stands.
    let mistakes = Set(reader.mistakes + checker.mistakes + builder.mistakes).sorted {
      ($0.position, $0.message) < ($1.position, $1.message)
    }
    guard mistakes.isEmpty else {
      throw RulesError(
        file: file, mistakes: Array(mistakes.prefix(RulesError.limit)),
        isCut: mistakes.count > RulesError.limit)
    }
  }
}

/// Turns a tree into rules and gathers what no shape can tell: values that contradict each other.
///
/// What does not have its shape is passed over without a word: `ShapeChecker` has reported it.
struct RulesBuilder {
  let vocabulary: RulesVocabulary
  let source: SourceText
  private(set) var mistakes: [Mistake] = []

  init(vocabulary: RulesVocabulary, source: SourceText) {
    self.vocabulary = vocabulary
    self.source = source
  }

  mutating func report(_ position: SourcePosition, _ message: String) {
    mistakes.append(Mistake(position, message))
  }

  mutating func rules(_ root: YAMLNode) -> Rules {
    var rules = Rules()
    for entry in root["fields"]?.entries ?? [] {
      if entry.key.isEmpty { report(entry.keyPosition, "expected the path of a field, found an empty text") }
      rules.fields.append(fieldRule(entry))
    }
    var names: [String: Int] = [:]
    for node in root["records"]?.elements ?? [] {
      guard let rule = recordRule(node) else { continue }
      let name = node["name"] ?? node["rule"] ?? node
      if let line = names[rule.name] {
        report(name.position, "a rule with this name stands in line \(line) already")
      } else {
        names[rule.name] = name.position.line
      }
      rules.records.append(rule)
    }
    for entry in root["checks"]?.entries ?? [] {
      if let rule = checkRule(entry) { rules.checks.append(rule) }
    }
    rules.ignore = root["ignore"]?.texts ?? []
    rules.duplicates = root["duplicates"]?["fields"]?.texts ?? []
    if let tokens = root["tokens"] { rules.tokens = tokenRule(tokens) }
    if let pairs = root["pairs"] { rules.pairs = pairRule(pairs) }
    let drift = root["drift"]
    rules.drift.divergence = drift?["js"]?.number
    rules.drift.stability = drift?["psi"]?.number
    rules.drift.categories = drift?["categories"]?.number
    rules.drift.rates = drift?["rates"]?.number
    rules.gate.failOn = root["gate"]?["fail_on"]?.choice()
    rules.gate.maximumQuarantined = root["gate"]?["max_quarantined"]?.allowance
    return rules
  }

  private mutating func recordRule(_ node: YAMLNode) -> RecordRule? {
    guard let written = node["rule"], let text = written.text, !text.isEmpty else { return nil }
    do throws(Expression.Failure) {
      return RecordRule(
        expression: try Expression(text), name: node["name"]?.text ?? text,
        severity: node["severity"]?.severity,
        mostly: node["mostly"]?.number)
    } catch {
      let position = source.position(of: error.offset, in: text, from: written.position)
      report(position, error.message)
      return nil
    }
  }

  private mutating func checkRule(_ entry: YAMLEntry) -> CheckRule? {
    let isKnown = vocabulary.checks.contains { $0.id == entry.key || $0.family == entry.key }
    guard isKnown else { return nil }
    var rule = CheckRule(target: entry.key)
    if let scalar = entry.value.scalar {
      switch scalar.value {
      case .boolean(let isOn): rule.isOn = isOn
      case .text where scalar.text == "on" || scalar.text == "off": rule.isOn = scalar.text == "on"
      default: break
      }
      return rule
    }
    // Whoever sets something up wants it.
    rule.isOn = true
    rule.severity = entry.value["severity"]?.severity
    rule.maximum = entry.value["max"]?.allowance
    for parameter in vocabulary.parameters(of: entry.key) {
      guard let node = entry.value[parameter.name], let value = node.ruleValue else { continue }
      if !parameter.accepts(value) {
        report(node.position, "expected \(parameter.expected), found \(Shown.node(node))")
      }
      rule.parameters[parameter.name] = value
    }
    return rule
  }
}

/// What a node says, nil where it says something else.
extension YAMLNode {
  var text: String? {
    if case .text? = scalar?.value { scalar?.text } else { nil }
  }

  var boolean: Bool? {
    if case .boolean(let value)? = scalar?.value { value } else { nil }
  }

  /// Finite.
  var number: Double? {
    switch scalar?.value {
    case .integer(let value): Double(value)
    case .number(let value) where value.isFinite: value
    default: nil
    }
  }

  var integer: Int? {
    if case .integer(let value)? = scalar?.value { value } else { nil }
  }

  var texts: [String]? { elements?.compactMap(\.text) }

  func choice<Choice: RawRepresentable<String>>(_ type: Choice.Type = Choice.self) -> Choice? {
    text.flatMap { Choice(rawValue: $0) }
  }

  var severity: Severity? { text.flatMap { name in Severity.allCases.first { $0.name == name } } }

  var allowance: Allowance? {
    if let integer, integer >= 0 { return .count(UInt64(integer)) }
    return text.flatMap { Shape.percent($0) }.map { .percent($0) }
  }

  var ruleValue: RuleValue? {
    if let number { return .number(number) }
    if let boolean { return .boolean(boolean) }
    return text.map { .text($0) }
  }
}
