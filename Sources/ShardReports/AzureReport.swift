import ShardModel

/// Logging commands of Azure Pipelines, one a line: what the agent reads on standard output.
///
/// Azure knows errors and warnings only. Escapes are those of its task library (`taskcommand.ts`).
package enum AzureReport {
  package static let fileName = "azure.txt"
  /// As many as GitHub shows: the agent shows more, nobody reads more.
  static let limit = 10

  package static func render(_ result: ScanResult, redact: Bool = false) -> [UInt8] {
    let chosen = Annotation.chosen(from: redact ? result.redacted : result, limit: limit)
    return Array(chosen.filter { $0.severity > .note }.map { command($0) + "\n" }.joined().utf8)
  }

  static func command(_ annotation: Annotation) -> String {
    var text = "##vso[task.logissue type=\(annotation.severity == .error ? "error" : "warning");"
    if let file = annotation.file { text += "sourcepath=\(property(file));" }
    if let line = annotation.line { text += "linenumber=\(line);" }
    return text + "code=\(property(annotation.title));]" + data(annotation.message)
  }

  static func data(_ text: String) -> String { escaped(text, isProperty: false) }

  static func property(_ text: String) -> String { escaped(text, isProperty: true) }

  private static func escaped(_ text: String, isProperty: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%AZP25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ";" where isProperty: result += "%3B"
      case "]" where isProperty: result += "%5D"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
