import ShardModel

/// Holds a tree against its shape and gathers all that does not fit.
///
/// - Complexity: O(values * names of a mapping's keys); the recursion is as deep as the tree, which is bounded.
struct ShapeChecker {
  private(set) var mistakes: [Mistake] = []

  mutating func check(_ node: YAMLNode, _ shape: Shape) {
    switch shape {
    case .list(let element, let count, _):
      guard let elements = node.elements else { return report(node, shape) }
      guard count.contains(elements.count) else {
        let found = elements.count == 1 ? "1 element" : "\(elements.count) elements"
        return report(node, shape, found: elements.isEmpty ? "an empty list" : "a list of \(found)")
      }
      for node in elements { check(node, element) }
    case .object(let keys, let noun):
      guard let entries = node.entries else { return report(node, shape) }
      checkKeys(node, entries, keys, noun)
    case .map(let value, _):
      guard let entries = node.entries else { return report(node, shape) }
      for entry in entries { check(entry.value, value) }
    case .oneOf(let alternatives):
      let fitting = alternatives.first { alternative in
        switch (alternative, node.content) {
        case (.list, .list), (.object, .mapping), (.map, .mapping): true
        default: Self.accepts(alternative, node)
        }
      }
      if let fitting { check(node, fitting) } else { report(node, shape) }
    default: if !Self.accepts(shape, node) { report(node, shape) }
    }
  }

  private mutating func checkKeys(
    _ node: YAMLNode, _ entries: [YAMLEntry], _ keys: [Shape.Key], _ noun: Shape.KeyNoun
  ) {
    let names = keys.map(\.name)
    for entry in entries {
      if let key = keys.first(where: { $0.name == entry.key }) {
        check(entry.value, key.shape)
        continue
      }
      // Where a family of dozens of names is known, a list of them helps nobody.
      let hint =
        if let near = NearestName.of(entry.key, among: names) {
          "; did you mean `\(near)`?"
        } else if names.count <= 20, !names.isEmpty {
          "; expected \(Shown.choices(names))"
        } else {
          ""
        }
      let text = "unknown \(noun.rawValue) `\(Shown.text(entry.key))`" + hint
      mistakes.append(Mistake(entry.keyPosition, text))
    }
    for key in keys where key.isRequired && !entries.contains(where: { $0.key == key.name }) {
      mistakes.append(Mistake(node.position, "missing key `\(key.name)`; expected \(key.shape.noun)"))
    }
  }

  private mutating func report(_ node: YAMLNode, _ shape: Shape, found: String? = nil) {
    var text = "expected \(shape.noun), found \(found ?? Shown.node(node))"
    let names = Self.names(of: shape)
    if case .text? = node.scalar?.value, let typed = node.scalar?.text,
      let near = Self.synonyms[typed].flatMap({ names.contains($0) ? $0 : nil })
        ?? NearestName.of(typed, among: names)
    {
      text += "; did you mean `\(near)`?"
    }
    mistakes.append(Mistake(node.position, text))
  }

  /// What other tools call our types and formats.
  private static let synonyms = [
    "string": "text", "str": "text", "float": "number", "int": "integer", "bool": "boolean", "array": "list",
    "dict": "object", "map": "object", "float32": "fp32", "float16": "fp16", "half": "fp16",
    "bfloat16": "bf16",
  ]

  private static func names(of shape: Shape) -> [String] {
    switch shape {
    case .choice(let names): names
    case .oneOf(let shapes): shapes.flatMap { names(of: $0) }
    default: []
    }
  }

  /// Whether the node is a scalar that the shape takes.
  static func accepts(_ shape: Shape, _ node: YAMLNode) -> Bool {
    guard let scalar = node.scalar else { return false }
    switch (shape, scalar.value) {
    case (.text, .text): return !scalar.text.isEmpty
    case (.boolean, .boolean), (.null, .null): return true
    case (.number(let bounds), .integer(let value)): return bounds.contain(Double(value))
    case (.number(let bounds), .number(let value)): return bounds.contain(value)
    case (.integer(let bounds), .integer(let value)): return bounds.contain(Double(value))
    case (.choice(let names), .text): return names.contains(scalar.text)
    case (.percentage, .text): return Shape.percent(scalar.text) != nil
    case (.scalar, .number(let value)): return value.isFinite
    case (.scalar, .text), (.scalar, .boolean), (.scalar, .integer): return true
    case (.oneOf(let shapes), _): return shapes.contains { accepts($0, node) }
    default: return false
    }
  }
}
