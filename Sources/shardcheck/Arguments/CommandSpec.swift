/// One option of a command: the source of parsing, help and completions.
struct OptionSpec: Sendable {
  /// Without dashes: `out`.
  let name: String
  let short: Character?
  /// What stands for the value in help, `DIR`; nil for a switch.
  let argument: String?
  /// The values that are allowed, where they are a closed list.
  let choices: [String]
  /// Whether several values add up: `--fields a --fields b`, `--fields a,b`.
  let isList: Bool
  let help: String

  /// An option with a value.
  init(
    _ name: String, short: Character? = nil, _ argument: String, choices: [String] = [], isList: Bool = false,
    _ help: String
  ) {
    self.name = name
    self.short = short
    self.argument = argument
    self.choices = choices
    self.isList = isList
    self.help = help
  }

  /// A switch.
  init(_ name: String, short: Character? = nil, _ help: String) {
    self.name = name
    self.short = short
    argument = nil
    choices = []
    isList = false
    self.help = help
  }
}

/// One command: the source of parsing, help and completions.
struct CommandSpec: Sendable {
  struct Example: Sendable {
    let command: String
    let meaning: String
  }

  let name: String
  /// What follows the name: `PATH...`.
  let operands: String
  /// One line for the list of commands.
  let summary: String
  /// Paragraphs for the command's own page.
  let details: [String]
  let options: [OptionSpec]
  let examples: [Example]
}

/// What was typed is no command that can be run. The hint says how to go on.
struct UsageError: Error {
  let message: String
  /// More of what is wrong, each on a line of its own.
  let details: [String]
  let hint: String?

  init(_ message: String, details: [String] = [], hint: String? = nil) {
    self.message = message
    self.details = details
    self.hint = hint
  }
}
