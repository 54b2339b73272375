import ShardModel
import ShardRules

/// What a list of whole numbers is to a trainer.
enum TokenRole: Int, CaseIterable, Sendable {
  case ids, labels, mask, types, positions

  /// The name that trainers give it.
  var usualName: String {
    switch self {
    case .ids: "input_ids"
    case .labels: "labels"
    case .mask: "attention_mask"
    case .types: "token_type_ids"
    case .positions: "position_ids"
    }
  }

  /// What the rules call the field; a name or a path.
  func name(by rule: TokenRule) -> String {
    let chosen =
      switch self {
      case .ids: rule.ids
      case .labels: rule.labels
      case .mask: rule.attentionMask
      case .types: rule.tokenTypes
      case .positions: rule.positions
      }
    return chosen ?? usualName
  }
}

/// The fields of one object that belong together: ids, and what stands beside them.
struct TokenFields: Sendable {
  /// Index of the object that holds them.
  let owner: Int
  /// Path of the ids.
  let path: String
  /// Index of each role's list field, -1 for none.
  private(set) var lists = [Int](repeating: -1, count: TokenRole.allCases.count)
  /// Index of the elements of each, -1 for none.
  private(set) var elements = [Int](repeating: -1, count: TokenRole.allCases.count)

  subscript(role: TokenRole) -> Int { lists[role.rawValue] }

  func elements(of role: TokenRole) -> Int { elements[role.rawValue] }

  /// All groups among the fields of a batch, in the order of their ids.
  /// - Complexity: O(fields).
  static func find(_ fields: [Field], _ rule: TokenRule) -> [TokenFields] {
    let names = TokenRole.allCases.map { $0.name(by: rule) }
    var groups: [TokenFields] = []
    var byOwner: [Int: Int] = [:]
    for (index, field) in fields.enumerated() where field.role == .member && field.isNamed(names[0]) {
      guard byOwner[field.parent] == nil else { continue }
      byOwner[field.parent] = groups.count
      groups.append(TokenFields(owner: field.parent, path: field.path))
      groups[groups.count - 1].lists[0] = index
    }
    guard !groups.isEmpty else { return [] }
    var listOwners: [Int: (group: Int, role: Int)] = [:]
    for (index, field) in fields.enumerated() where field.role == .member {
      guard let group = byOwner[field.parent] else { continue }
      for role in names.indices where field.isNamed(names[role]) {
        if groups[group].lists[role] < 0 { groups[group].lists[role] = index }
        if groups[group].lists[role] == index { listOwners[index] = (group, role) }
      }
    }
    for (index, field) in fields.enumerated() where field.role == .element {
      guard let (group, role) = listOwners[field.parent] else { continue }
      groups[group].elements[role] = index
    }
    return groups
  }
}

extension Field {
  fileprivate func isNamed(_ name: String) -> Bool { self.name == name || path == name }
}
