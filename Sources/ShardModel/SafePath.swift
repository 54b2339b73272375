/// Where a file about a shard goes below a folder of its own.
package enum SafePath {
  /// Folders of the shard's name stay folders. Whatever the name is, the path stays below its folder, no two names share
  /// one, and none is a folder of another: `%`, control characters, a leading `/`, empty and dot components and a
  /// folder's own `ending` are percent-encoded, and a component too long for a file system is cut and told apart by a
  /// hash.
  package static func relative(for name: String, ending: String) -> String {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false).map { encoded(String($0)) }
    if parts.count > 1, parts[0].isEmpty {
      parts.removeFirst()
      parts[0] = "%2F" + parts[0]
    }
    let last = parts.count - 1
    for index in parts.indices {
      switch parts[index] {
      case "": parts[index] = "%00"
      case ".": parts[index] = "%2E"
      case "..": parts[index] = "%2E%2E"
      default: break
      }
      if index < last, parts[index].hasSuffix(ending) {
        parts[index] = parts[index].dropLast(ending.count) + "%2E" + ending.dropFirst()
      }
      parts[index] = fitted(parts[index])
    }
    return parts.joined(separator: "/") + ending
  }

  /// Bytes that a component may have, the ending not counted: 255 is the limit of the usual file systems.
  private static let componentLimit = 240

  private static func fitted(_ component: String) -> String {
    guard component.utf8.count > componentLimit else { return component }
    // FNV-1a: names differ by accident, and an attacker gains nothing but a report written over his own.
    let hash = component.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let mark = "%~" + String(hash, radix: 16)
    var kept = ""
    var size = mark.utf8.count
    for scalar in component.unicodeScalars {
      size += UTF8.width(scalar)
      if size > componentLimit { break }
      kept.unicodeScalars.append(scalar)
    }
    return kept + mark
  }

  private static func encoded(_ component: String) -> String {
    var text = ""
    for scalar in component.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x25, 0x7F:
        text += "%" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
