import ShardModel

extension ChecksPage {
  /// All checks in full as a page of Markdown, for the documentation.
  package static func article(_ checks: [CheckDescription]) -> String {
    var text = """
      # Checks

      What is looked for, why it hurts training, and what can be set.

      ## Overview

      Made by `shardcheck checks --markdown` from the descriptions of the checks. An error makes training fail or go
      silently wrong, a warning probably lowers the value of the data, a note is worth knowing. `shardcheck checks ID`
      shows examples.

      """
    for family in CheckDescription.Family.allCases {
      let members = checks.filter { $0.family == family }
      guard !members.isEmpty else { continue }
      text += "\n## \(family.rawValue.prefix(1).uppercased())\(family.rawValue.dropFirst())\n"
      for check in members {
        text += "\n### \(check.id)\n\n"
        text += "**\(check.severity.name)** \(MarkdownText.of(check.summary))\n\n"
        text += MarkdownText.of(check.rationale) + "\n"
        guard !check.parameters.isEmpty else { continue }
        text += "\n| parameter | default | meaning |\n| --- | --- | --- |\n"
        for parameter in check.parameters {
          text +=
            "| \(MarkdownText.of(parameter.name)) | \(MarkdownText.of(parameter.defaultValue)) | "
            + "\(MarkdownText.of(parameter.meaning)) |\n"
        }
      }
    }
    return text
  }
}
