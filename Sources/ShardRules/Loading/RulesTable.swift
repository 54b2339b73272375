/// The keys of a rules file, once: what the loader takes, what its messages say, and what the JSON Schema describes.
struct RulesTable: Sendable {
  let root: Shape

  init(_ vocabulary: RulesVocabulary) {
    root = .object(
      [
        .init("version", .choiceOfOne, "The version of this format.", isRequired: true),
        .init(
          "fields", .optional(.map(of: Self.fieldRule, "a mapping from field paths to rules")),
          "Rules for fields by their paths; `*` and `?` are wildcards, later rules refine earlier ones."),
        .init(
          "records", .optional(.list(of: Self.recordRule, count: 0...10_000, "a list of rules")),
          "Conditions that hold several fields of a record together."),
        .init(
          "checks", .optional(.object(Self.checks(vocabulary), .check)), "Settings of checks and families."),
        .init(
          "ignore", .optional(.list(of: .text("a field path"), count: 0...10_000, "a list of field paths")),
          "Fields to leave out, by path; `*` and `?` are wildcards."),
        .init("tokens", .optional(Self.tokens), "Fields of token ids, and what training does with them."),
        .init("duplicates", Self.duplicates, "When two records are the same."),
        .init("pairs", .optional(Self.pairs), "Which fields are pictures and texts that belong together."),
        .init("drift", Self.drift, "From which difference on two data sets have drifted apart."),
        .init("gate", Self.gate, "What fails the gate."),
      ], .key)
  }

  static let severity = Shape.choice(["error", "warning", "note"])
  private static let mostly = Shape.number(.mostly)
  static let allowance = Shape.oneOf([.integer(.notNegative), .percentage])
  private static let bound = Shape.oneOf([.number(.none), .null])

  static let fieldRule = Shape.object(
    [
      .init("type", Self.kinds, "The type of the values, or the types that are allowed."),
      .init("required", .boolean, "Whether every record must have the field."),
      .init("nullable", .boolean, "Whether null is allowed."),
      .init("range", Self.range, "The least and the largest number, both inclusive; null for no bound."),
      .init("length", Self.length, "Characters of a text, elements of a list; one number: exactly so many."),
      .init("integer", .boolean, "Whether every number must be whole."),
      .init("enum", .list(of: .scalar, count: 1...10_000, "a list of values"), "The only values allowed."),
      .init(
        "pattern", .text("a regular expression"), "A regular expression (PCRE2) that every text must match."),
      .init("scale", Self.scale, "How numbers or vectors are scaled."),
      .init("unique", .boolean, "Whether no value may stand twice."),
      .init("monotonic", .choice(FieldRule.Order.allNames), "How values follow each other within a shard."),
      .init("dtype", .choice(FieldRule.NumberFormat.allNames), "The number format that training uses."),
      .init("role", .choice(FieldRule.Role.allNames), "What the field is."),
      .init("box", Self.box, "How boxes are spelled."),
      .init("mostly", Self.mostly, "The share of the values that must keep the rule."),
      .init("severity", Self.severity, "How much it matters when the rule is broken."),
    ], .key)

  private static let kinds = Shape.oneOf([
    .choice(FieldRule.Kind.allNames),
    .list(of: .choice(FieldRule.Kind.allNames), count: 1...FieldRule.Kind.allCases.count, "a list of types"),
  ])

  private static let range = Shape.oneOf([
    .list(of: bound, count: 2...2, "a list of two numbers"),
    .object(
      [
        .init("min", bound, "The least number allowed."),
        .init("max", bound, "The largest number allowed."),
        .init("exclusive_min", bound, "All numbers must be above this one."),
        .init("exclusive_max", bound, "All numbers must be below this one."),
      ], .key),
  ])

  static let length = Shape.oneOf([
    .integer(.notNegative),
    .list(of: .oneOf([.integer(.notNegative), .null]), count: 2...2, "a list of two whole numbers"),
    .object(
      [
        .init("min", .oneOf([.integer(.notNegative), .null]), "The least length allowed."),
        .init("max", .oneOf([.integer(.notNegative), .null]), "The largest length allowed."),
      ], .key),
  ])

  private static let scale = Shape.oneOf([
    .choice(Scale.Name.allNames),
    .object(
      [
        .init("mean", .number(.none), "The mean of all values."),
        .init("stddev", .number(.positive), "The standard deviation of all values."),
        .init("tolerance", .number(.positive), "How far mean and deviation may be off, in deviations."),
      ], .key),
  ])

  private static let box = Shape.object(
    [
      .init("layout", .choice(BoxRule.Layout.allNames), "Two corners, or a corner and the size."),
      .init("scale", .choice(BoxRule.Range.allNames), "The range of the coordinates."),
    ], .key)

  static let recordRule = Shape.object(
    [
      .init("rule", .text("an expression"), "The condition, such as `len(a) == len(b)`.", isRequired: true),
      .init("name", .text("a name"), "What reports call the rule."),
      .init("severity", Self.severity, "How much it matters when the rule is broken."),
      .init("mostly", Self.mostly, "The share of the records that must keep the rule."),
    ], .key)

  private static func checks(_ vocabulary: RulesVocabulary) -> [Shape.Key] {
    let families = vocabulary.families
    let known = families.map { ($0, "All checks of the family \($0).") }
    return (known + vocabulary.checks.map { ($0.id, $0.summary) }).map { target, meaning in
      let common: [Shape.Key] = [
        .init("severity", severity, "How much a finding matters."),
        .init(
          "max", allowance, "How many findings the gate lets pass, or the share of the records with one."),
      ]
      let parameters = vocabulary.parameters(of: target).map { Shape.Key($0.name, .scalar, $0.meaning) }
      return Shape.Key(
        target, .oneOf([.boolean, .choice(["on", "off"]), .object(common + parameters, .key)]), meaning)
    }
  }

  private static let duplicates = Shape.object(
    [
      .init(
        "fields", .list(of: .text("a field path"), count: 1...1000, "a list of field paths"),
        "The fields whose content makes two records the same.", isRequired: true)
    ], .key)

  private static let drift = Shape.object(
    [
      .init("js", .number(.share), "Jensen-Shannon divergence of a field's values."),
      .init("psi", .number(.notNegative), "Population stability index of a field's values."),
      .init("categories", .number(.share), "Share of the records in categories that are new or lost."),
      .init("rates", .number(.share), "Difference of the shares of missing, null and not finite values."),
    ], .key)

  private static let gate = Shape.object(
    [
      .init("fail_on", .choice(GateRule.FailOn.allNames), "From which severity on a finding fails the gate."),
      .init("max_quarantined", allowance, "How many records, or which share of them, may be quarantined."),
    ], .key)
}

extension Shape {
  /// The only version there is.
  fileprivate static let choiceOfOne = Shape.integer(Bounds(minimum: 1, maximum: 1))

  /// A section may be left empty: all its lines may be comments.
  fileprivate static func optional(_ shape: Shape) -> Shape { .oneOf([shape, .null]) }
}

extension CaseIterable where Self: RawRepresentable<String> {
  static var allNames: [String] { allCases.map(\.rawValue) }
}
