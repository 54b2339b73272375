/// Help for people, in 80 columns, made from the command table.
enum HelpPage {
  private static let width = 80

  static var overview: String {
    var text = """
      shardcheck checks training data before it is trained on.

      usage: shardcheck COMMAND ...

      commands:

      """
    for command in CommandTable.all { text += entry("  " + command.name, command.summary, indent: 16) }
    text += """

        --help, -h      this page; shardcheck COMMAND --help for one command
        --version       the version

      example:
        shardcheck scan data/ --out report

      """
    return text
  }

  static func page(of command: CommandSpec) -> String {
    var text = wrapped("shardcheck \(command.name): \(command.summary)", indent: 2, first: 0)
    let takesOptions = command.options.isEmpty ? "" : " [options]"
    let operands = command.operands.isEmpty ? "" : " " + command.operands
    text += "\nusage: shardcheck \(command.name)\(operands)\(takesOptions)\n"
    for paragraph in command.details { text += "\n" + wrapped(paragraph, indent: 0, first: 0) }
    text += "\noptions:\n"
    for option in command.options + CommandTable.common {
      var name = "  --\(option.name)"
      if let argument = option.argument { name += " \(argument)" }
      if let short = option.short { name += ", -\(short)" }
      let choices = option.choices.isEmpty ? "" : " (\(option.choices.joined(separator: ", ")))"
      text += entry(name, option.help + choices, indent: 26)
    }
    text += command.examples.count > 1 ? "\nexamples:\n" : "\nexample:\n"
    for example in command.examples {
      text += "  \(example.command)\n" + wrapped(example.meaning, indent: 6, first: 6)
    }
    return text
  }

  /// A name and what it means, side by side where they fit.
  private static func entry(_ name: String, _ meaning: String, indent: Int) -> String {
    let text = wrapped(meaning, indent: indent, first: indent)
    guard name.count < indent - 1 else { return name + "\n" + text }
    return name + text.dropFirst(name.count)
  }

  private static func wrapped(_ text: String, indent: Int, first: Int) -> String {
    var result = String(repeating: " ", count: first)
    var column = first
    var isStart = true
    for word in text.split(separator: " ") {
      if !isStart, column + 1 + word.count > width {
        result += "\n" + String(repeating: " ", count: indent)
        column = indent
        isStart = true
      }
      if !isStart {
        result += " "
        column += 1
      }
      result += word
      column += word.count
      isStart = false
    }
    return result + "\n"
  }
}
