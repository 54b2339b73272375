import ShardModel

extension RulesBuilder {
  mutating func fieldRule(_ entry: YAMLEntry) -> FieldRule {
    let node = entry.value
    var rule = FieldRule(glob: entry.key)
    rule.kinds = kinds(node["type"])
    rule.required = node["required"]?.boolean
    rule.nullable = node["nullable"]?.boolean
    rule.range = node["range"].flatMap { range($0) }
    rule.length = node["length"].flatMap { length($0) }
    rule.integer = node["integer"]?.boolean
    rule.values = node["enum"].flatMap { values($0) }
    rule.pattern = node["pattern"].flatMap { pattern($0) }
    rule.scale = node["scale"].flatMap { scale($0) }
    rule.unique = node["unique"]?.boolean
    rule.order = node["monotonic"]?.choice()
    rule.format = node["dtype"]?.choice()
    rule.role = node["role"]?.choice()
    rule.box = node["box"].flatMap { box($0) }
    rule.mostly = node["mostly"]?.number
    rule.severity = node["severity"]?.severity
    holdTogether(rule, node)
    return rule
  }

  private mutating func kinds(_ node: YAMLNode?) -> Set<FieldRule.Kind>? {
    if let kind = node?.choice(FieldRule.Kind.self) { return [kind] }
    guard let elements = node?.elements, !elements.isEmpty else { return nil }
    var kinds: Set<FieldRule.Kind> = []
    for element in elements {
      guard let kind = element.choice(FieldRule.Kind.self) else { continue }
      if !kinds.insert(kind).inserted {
        report(element.position, "the type `\(kind.rawValue)` stands twice in the list")
      }
    }
    return kinds
  }

  private mutating func range(_ node: YAMLNode) -> ValueRange? {
    var range = ValueRange()
    if let elements = node.elements, elements.count == 2 {
      range.minimum = elements[0].number
      range.maximum = elements[1].number
    } else if node.entries != nil {
      for (name, excluding) in [("min", "exclusive_min"), ("max", "exclusive_max")] {
        if let both = node.entry(excluding), node[name] != nil {
          report(both.keyPosition, "`\(excluding)` and `\(name)` exclude each other")
        }
      }
      range.minimum = node["min"]?.number ?? node["exclusive_min"]?.number
      range.maximum = node["max"]?.number ?? node["exclusive_max"]?.number
      range.excludesMinimum = node["exclusive_min"]?.number != nil
      range.excludesMaximum = node["exclusive_max"]?.number != nil
    } else {
      return nil
    }
    if range.isEmpty, let minimum = range.minimum, let maximum = range.maximum {
      report(
        node.position,
        minimum > maximum
          ? "the minimum \(Shown.number(minimum)) is above the maximum \(Shown.number(maximum))"
          : "no number is in this range")
    } else if (node.elements ?? node.entries?.map(\.value))?.allSatisfy({ $0.scalar?.value == .null })
      ?? false
    {
      report(node.position, "a range without a bound demands nothing")
    }
    return range
  }

  mutating func length(_ node: YAMLNode) -> LengthRange? {
    if let exactly = node.integer, exactly >= 0 { return LengthRange(minimum: exactly, maximum: exactly) }
    let range: LengthRange
    if let elements = node.elements, elements.count == 2 {
      range = LengthRange(minimum: elements[0].integer ?? 0, maximum: elements[1].integer)
    } else if node.entries != nil {
      range = LengthRange(minimum: node["min"]?.integer ?? 0, maximum: node["max"]?.integer)
    } else {
      return nil
    }
    if let maximum = range.maximum, range.minimum > maximum {
      report(node.position, "the minimum \(range.minimum) is above the maximum \(maximum)")
    }
    return range
  }

  private mutating func values(_ node: YAMLNode) -> [RuleValue]? {
    guard let elements = node.elements, !elements.isEmpty else { return nil }
    var values: [RuleValue] = []
    var lines: [String: Int] = [:]
    for element in elements {
      guard let value = element.ruleValue, let text = element.scalar?.text else { continue }
      // "no" in a list of countries or answers is the oldest trap of YAML.
      if case .boolean(let meant) = value, !["true", "false"].contains(text.lowercased()) {
        report(
          element.position,
          "`\(text)` is a boolean in YAML; write '\(text)' in quotes for the text, or \(meant) for the boolean"
        )
      }
      let key = "\(value)"
      if let line = lines[key] {
        report(element.position, "the value `\(Shown.text(text))` stands twice, first in line \(line)")
      } else {
        lines[key] = element.position.line
        values.append(value)
      }
    }
    return values
  }

  private mutating func pattern(_ node: YAMLNode) -> Pattern? {
    guard let text = node.text, !text.isEmpty else { return nil }
    do throws(Pattern.Failure) {
      return try Pattern(text)
    } catch {
      let characters = String(decoding: Array(text.utf8.prefix(error.offset)), as: UTF8.self).unicodeScalars
        .count
      report(
        source.position(of: characters, in: text, from: node.position),
        "the pattern does not compile: \(error.message) (at offset \(characters))")
      return nil
    }
  }

  private mutating func scale(_ node: YAMLNode) -> Scale? {
    if let name = node.choice(Scale.Name.self) { return .named(name) }
    guard node.entries != nil else { return nil }
    if node.entry("mean") == nil, node.entry("stddev") == nil {
      report(node.position, "expected `mean` or `stddev`, found neither")
    }
    return .moments(
      mean: node["mean"]?.number, deviation: node["stddev"]?.number,
      tolerance: node["tolerance"]?.number ?? Scale.defaultTolerance)
  }

  private mutating func box(_ node: YAMLNode) -> BoxRule? {
    guard let entries = node.entries else { return nil }
    if entries.isEmpty { report(node.position, "expected `layout` or `scale`, found neither") }
    return BoxRule(layout: node["layout"]?.choice(), range: node["scale"]?.choice())
  }
}

// MARK: Demands that cannot be met together

extension RulesBuilder {
  private mutating func holdTogether(_ rule: FieldRule, _ node: YAMLNode) {
    if let kinds = rule.kinds {
      let numbers: Set<FieldRule.Kind> = [.number, .integer]
      // A list may hold what the rule is about: the elements are meant.
      need(numbers, "range", kinds, node)
      need(numbers, "integer", kinds, node)
      need(numbers, "monotonic", kinds, node)
      need(numbers.union([.list]), "dtype", kinds, node)
      need(numbers.union([.list]), "scale", kinds, node)
      need([.list, .object], "box", kinds, node)
      need([.text], "pattern", kinds, node)
      need([.text, .list], "length", kinds, node)
      if rule.integer == false, kinds.isDisjoint(with: [.number]), kinds.contains(.integer),
        let entry = node.entry("integer")
      {
        report(entry.keyPosition, "`integer: false` contradicts the type integer")
      }
    }
    if let entry = node.entry("box"), let role = rule.role, role != .box {
      report(entry.keyPosition, "`box` is for fields with the role box, not \(role.rawValue)")
    }
    checkValues(rule, node)
  }

  private mutating func need(
    _ wanted: Set<FieldRule.Kind>, _ key: String, _ kinds: Set<FieldRule.Kind>, _ node: YAMLNode
  ) {
    guard !kinds.isEmpty, kinds.isDisjoint(with: wanted), let entry = node.entry(key) else { return }
    let has = FieldRule.Kind.allCases.filter { kinds.contains($0) }.map(\.rawValue).joined(separator: ", ")
    let needs = FieldRule.Kind.allCases.filter { wanted.contains($0) && $0 != .integer }.map(\.rawValue)
    report(
      entry.keyPosition, "`\(key)` needs the type \(needs.joined(separator: " or ")), the type is \(has)")
  }

  /// Allowed values that the rest of the rule forbids.
  private mutating func checkValues(_ rule: FieldRule, _ node: YAMLNode) {
    for element in node["enum"]?.elements ?? [] {
      guard let value = element.ruleValue, let text = element.scalar?.text else { continue }
      let shown = Shown.text(text)
      if let kinds = rule.kinds, !kinds.isEmpty, !Self.allows(kinds, value) {
        let has = FieldRule.Kind.allCases.filter { kinds.contains($0) }.map(\.rawValue).joined(
          separator: ", ")
        report(element.position, "the value `\(shown)` does not have the type \(has)")
      }
      guard case .number(let number) = value else { continue }
      if let range = rule.range, !range.isEmpty, !range.contains(number) {
        report(element.position, "the value \(shown) is outside `range`")
      }
      if rule.integer == true, number != number.rounded() {
        report(element.position, "the value \(shown) is not whole, as `integer` demands")
      }
    }
  }

  private static func allows(_ kinds: Set<FieldRule.Kind>, _ value: RuleValue) -> Bool {
    switch value {
    case .number(let value):
      kinds.contains(.number) || (kinds.contains(.integer) && value == value.rounded())
    case .text: kinds.contains(.text)
    case .boolean: kinds.contains(.boolean)
    }
  }
}
