/// Text from data for Markdown: it shows as it is and makes no markup, link, mention or HTML.
enum MarkdownText {
  static func of(_ text: String) -> String {
    var escaped = ""
    for scalar in Printable.line(text).unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      // A mention or a link to an issue would call people.
      case "@": escaped += "&#64;"
      case "#": escaped += "&#35;"
      case ":": escaped += "&#58;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$", "!": escaped += "\\\(scalar)"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
