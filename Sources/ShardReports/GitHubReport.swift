import ShardModel

/// Workflow commands of GitHub Actions, one a line: what the runner reads on standard output and shows beside files.
///
/// GitHub shows ten annotations of a severity for a step, so no more are written. Escapes are those of its toolkit
/// (`@actions/core`, `command.ts`).
package enum GitHubReport {
  package static let fileName = "github.txt"
  /// Annotations of a severity that GitHub shows for a step.
  static let limit = 10

  package static func render(_ result: ScanResult, redact: Bool = false) -> [UInt8] {
    let chosen = Annotation.chosen(from: redact ? result.redacted : result, limit: limit)
    return Array(chosen.map { command($0) + "\n" }.joined().utf8)
  }

  static func command(_ annotation: Annotation) -> String {
    let name =
      switch annotation.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "notice"
      }
    var properties: [String] = []
    if let file = annotation.file { properties.append("file=" + property(file)) }
    if let line = annotation.line { properties.append("line=\(line)") }
    properties.append("title=" + property(annotation.title))
    return "::\(name) \(properties.joined(separator: ","))::\(data(annotation.message))"
  }

  static func data(_ text: String) -> String { escaped(text, also: [:]) }

  static func property(_ text: String) -> String { escaped(text, also: [":": "%3A", ",": "%2C"]) }

  private static func escaped(_ text: String, also: [Unicode.Scalar: String]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default:
        if let escape = also[scalar] { result += escape } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}
