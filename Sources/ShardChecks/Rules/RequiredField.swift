import ShardModel
import ShardRules

/// A field that a rule names without a wildcard and demands: it can be missing in all records.
struct RequiredField: Equatable {
  let path: String
  let name: FieldName
  /// The object that must have it.
  let owner: FieldName
  private let isAtRoot: Bool
  /// What follows the parent's path, or the whole path at the root.
  private let step: Substring

  /// - Returns: nil where the path is not one of a member.
  init?(_ path: String) {
    guard let start = Self.lastStep(of: path) else { return nil }
    self.path = path
    name = FieldName(path)
    let parent = path[..<start]
    isAtRoot = parent.isEmpty || parent == FieldPath.root
    owner = FieldName(isAtRoot ? FieldPath.root : String(parent))
    step = isAtRoot ? path[...] : path[start...]
  }

  /// The path of the field in the object that is at `owner`.
  func path(in owner: String) -> String { isAtRoot ? path : owner + step }

  /// Where the last member's name begins, with its point or bracket; nil where the path ends with elements.
  private static func lastStep(of path: String) -> String.Index? {
    guard path != FieldPath.root, !path.isEmpty else { return nil }
    var start: String.Index? = path.startIndex
    var isQuoted = false
    var isEscaped = false
    let bytes = path.utf8
    for index in bytes.indices {
      let byte = bytes[index]
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else {
          isQuoted = byte != UInt8(ascii: "\"")
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "."): start = index
      case UInt8(ascii: "["):
        let next = bytes.index(after: index)
        let isName = next < bytes.endIndex && bytes[next] == UInt8(ascii: "\"")
        start = isName ? index : nil
      default: break
      }
    }
    return start
  }
}

/// A path by its bytes: texts that look alike (an accent in the letter or behind it) are equal, but not the same name.
struct FieldName: Hashable {
  private let bytes: [UInt8]

  init(_ path: String) { bytes = Array(path.utf8) }
}

extension Rules {
  /// The fields that are demanded by name, each once. Which fields a wildcard stands for only the data tell.
  var namedRequired: [RequiredField] {
    var seen: Set<FieldName> = []
    return fields.compactMap { rule in
      guard rule.required != nil, !rule.glob.contains("*"), !rule.glob.contains("?"),
        seen.insert(FieldName(rule.glob)).inserted, demands(onField: rule.glob)?.required == true
      else { return nil }
      return RequiredField(rule.glob)
    }
  }
}
