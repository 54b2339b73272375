/// One node of the tree of fields that a batch has: `meta`, `meta.score`, `conversations[]`.
package struct Field: Sendable {
  package enum Role: UInt8, Sendable {
    /// The record itself.
    case root
    /// A member of an object, or a column of a table.
    case member
    /// The elements of the list that `parent` is.
    case element
  }

  package let role: Role
  /// Index of the parent in `RecordBatch.fields`; the root is its own parent.
  package let parent: Int
  package let name: String
  /// `meta.score`, `features[]`, `conversations[].value`; the root is `$`.
  package let path: String

  package static let root = Field(role: .root, parent: 0, name: "", path: "$")

  private init(role: Role, parent: Int, name: String, path: String) {
    self.role = role
    self.parent = parent
    self.name = name
    self.path = path
  }

  /// The member `name` of the object field `owner`, which is at `parent`.
  package init(member name: String, of owner: Field, at parent: Int) {
    self.init(role: .member, parent: parent, name: name, path: FieldPath.member(name, of: owner.path))
  }

  /// The elements of the list field `owner`, which is at `parent`.
  package init(elementsOf owner: Field, at parent: Int) {
    self.init(role: .element, parent: parent, name: "", path: FieldPath.elements(of: owner.path))
  }
}

/// How paths are spelled, for fields (`features[]`) and for single values (`features[3]`).
package enum FieldPath {
  package static let root = "$"

  package static func member(_ name: String, of owner: String) -> String {
    let step = isPlain(name) ? name : "[\"" + escaped(name) + "\"]"
    if owner == root { return isPlain(name) ? step : root + step }
    return isPlain(name) ? owner + "." + step : owner + step
  }

  package static func elements(of owner: String) -> String { owner + "[]" }

  package static func element(_ index: Int, of owner: String) -> String { "\(owner)[\(index)]" }

  /// A name that needs no quotes: it could not be taken for another step of a path.
  private static func isPlain(_ name: String) -> Bool {
    guard !name.isEmpty, name != root else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case 0..<0x20, 0x7F, UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""): false
      default: true
      }
    }
  }

  private static func escaped(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
