import ShardModel
import ShardRules

extension Rules {
  /// All that is demanded of the values of a field. What a rule says of a list's numbers (`range`, `scale`, `integer`,
  /// `dtype`, `box`) holds for its elements: `embedding: {scale: unit-norm}` is about `embedding[]`. The record itself is
  /// no field that a wildcard stands for.
  package func demands(onField path: String) -> FieldRule? {
    if path == FieldPath.root {
      var named = self
      named.fields.removeAll { $0.glob != path }
      return named.rule(forField: path)
    }
    let own = rule(forField: path)
    guard path.hasSuffix("[]"), let list = demands(onField: String(path.dropLast(2))) else { return own }
    var elements = FieldRule(glob: path)
    elements.range = list.range
    elements.scale = list.scale
    elements.integer = list.integer
    elements.format = list.format
    elements.box = list.box
    elements.role = list.role
    guard elements != FieldRule(glob: path) else { return own }
    elements.mostly = list.mostly
    elements.severity = list.severity
    if let own { elements.refine(with: own) }
    return elements
  }

  /// Whether the rules say whether this may be so, so that what nearly all records do is no rule.
  func decides(_ aspect: (FieldRule) -> Bool, _ path: String) -> Bool {
    guard !fields.isEmpty else { return false }
    return demands(onField: path).map(aspect) ?? false
  }

  package var isEmpty: Bool { fields.isEmpty && records.isEmpty }
}
