import ShardModel
import ShardReports

/// What was typed, sorted by the table: nothing is judged yet but names and shapes.
struct Arguments {
  private(set) var operands: [String] = []
  private(set) var wantsHelp = false
  private var values: [String: [String]] = [:]

  /// - Throws: `UsageError` for what the command does not know.
  init(_ words: some Sequence<String>, of command: CommandSpec) throws(UsageError) {
    let options = command.options + CommandTable.common
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        return
      }
      if word.hasPrefix("--") {
        try takeLong(word.dropFirst(2), options, command, &rest)
      } else if word.hasPrefix("-"), word != "-" {
        try takeShort(word.dropFirst(), options, command, &rest)
      } else {
        operands.append(word)
      }
    }
  }

  private mutating func takeLong(
    _ text: Substring, _ options: [OptionSpec], _ command: CommandSpec, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = options.first(where: { $0.name == name }) else {
      let near = NearestName.of(name, among: options.map(\.name))
      throw UsageError(
        "unknown option --\(name) of \(command.name)",
        hint: near.map { "did you mean --\($0)?" } ?? "shardcheck \(command.name) --help lists the options")
    }
    try take(option, "--" + name, parts.count > 1 ? String(parts[1]) : nil, &rest)
  }

  private mutating func takeShort(
    _ text: Substring, _ options: [OptionSpec], _ command: CommandSpec, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var letters = text
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else {
        throw UsageError(
          "unknown option -\(letter) of \(command.name)",
          hint: "shardcheck \(command.name) --help lists the options")
      }
      if option.argument == nil {
        try take(option, "-\(letter)", nil, &rest)
      } else {
        let value = letters.first == "=" ? letters.dropFirst() : letters
        try take(option, "-\(letter)", value.isEmpty ? nil : String(value), &rest)
        return
      }
    }
  }

  private mutating func take(
    _ option: OptionSpec, _ shown: String, _ value: String?, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    if option.name == "help" { wantsHelp = true }
    guard let argument = option.argument else {
      if value != nil { throw UsageError("\(shown) takes no value") }
      values[option.name] = []
      return
    }
    guard let text = value ?? rest.popFirst() else {
      throw UsageError("\(shown) needs a value", hint: "\(shown) \(argument): \(option.help)")
    }
    if !option.choices.isEmpty, !option.choices.contains(text) {
      let near = NearestName.of(text, among: option.choices).map { "; did you mean \($0)?" } ?? ""
      throw UsageError(
        "\(shown) cannot be '\(text)'", hint: "expected \(option.choices.joined(separator: ", "))\(near)")
    }
    if option.isList {
      values[option.name, default: []] += text.split(separator: ",").map { String($0) }
    } else if values[option.name] != nil {
      throw UsageError("\(shown) is given twice")
    } else {
      values[option.name] = [text]
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func value(_ name: String) -> String? { values[name]?.first }

  func list(_ name: String) -> [String] { values[name] ?? [] }

  /// The value of an option through `parse`; where that gives nil the error says what was expected.
  func parsed<Value>(
    _ name: String, expected: String, _ parse: (String) -> Value?
  ) throws(UsageError) -> Value? {
    guard let text = value(name) else { return nil }
    guard let value = parse(text) else {
      throw UsageError("--\(name) cannot be '\(text)'", hint: "expected \(expected)")
    }
    return value
  }
}
