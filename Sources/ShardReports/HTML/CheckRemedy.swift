import ShardModel

/// What deals with a finding: a command, or a line of the rules file.
struct CheckRemedy {
  /// What it does, one clause with a full stop.
  var text: String
  var code: String

  /// In the order in which they should be thought of.
  static func all(
    for id: String, _ tally: CheckTally, _ description: CheckDescription?
  ) -> [CheckRemedy] {
    guard NextStep.isKebab(id) else { return [] }
    var remedies: [CheckRemedy] = []
    if let look = tally.examples.lazy.compactMap(NextStep.look).first {
      remedies.append(CheckRemedy(text: "Look at the first such record.", code: look.command))
    }
    if let list = NextStep.list(id, tally, directory: nil) {
      remedies.append(
        CheckRemedy(text: "List every such record, in the folder of this report.", code: list.command))
    }
    if let parameter = description?.parameters.first {
      remedies.append(
        CheckRemedy(
          text: "Set its limits in the rules file (\(parameter.meaning)).",
          code: "checks: {\(id): {\(parameter.name): \(parameter.defaultValue)}}"))
    } else if let rule = rule(for: id, tally) {
      remedies.append(rule)
    }
    if tally.severity > .note {
      remedies.append(
        CheckRemedy(
          text: "If it is as it should be: keep it as a note, in the rules file.",
          code: "checks: {\(id): {severity: note}}"))
    }
    return remedies
  }

  /// A rule for the field of the first example.
  private static func rule(for id: String, _ tally: CheckTally) -> CheckRemedy? {
    let rules = [
      "field-missing": "required: false", "field-null": "nullable: true", "field-constant": "required: true",
      "number-as-text": "type: number",
    ]
    guard let rule = rules[id],
      let field = tally.examples.lazy.compactMap(\.finding.field).first.map(FieldPath.withoutIndices),
      Printable.line(field) == field, field.utf8.count <= 80,
      !field.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") })
    else { return nil }
    return CheckRemedy(
      text: "Say what the field must be, in the rules file.", code: "fields: {\"\(field)\": {\(rule)}}")
  }
}
