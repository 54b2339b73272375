/// The manual page in `man(7)`, made from the command table.
enum ManualPage {
  static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
    if let word = arguments.operands.first {
      throw UsageError("man takes no operand, found '\(word)'", hint: "shardcheck man > shardcheck.1")
    }
    Terminal.write(page)
    return ExitCode.passed
  }

  static var page: String {
    var text = """
      .\\" Made by `shardcheck man` from the table of commands.
      .TH SHARDCHECK 1 \(Commands.date) "shardcheck \(Commands.version)" "User Commands"
      .SH NAME
      shardcheck \\- check training data before it is trained on
      .SH SYNOPSIS
      .B shardcheck
      .I COMMAND
      [\\fIoptions\\fR] ...
      .SH DESCRIPTION
      Reads shards (JSONL, JSON, CSV, npy; plain, compressed, in archives), finds what makes training fail or lose its
      value, and writes a quarantine list, statistics, a report for each shard, and a verdict for a gate.
      .SH COMMANDS

      """
    for command in CommandTable.all { text += section(command) }
    return text + """
      .SH EXIT STATUS
      .TP
      .B 0
      The gate passed; nothing moved.
      .TP
      .B 1
      The gate failed; something moved.
      .TP
      .B 2
      The work could not be started: usage, rules, no input, no place to write.
      .TP
      .B 3
      Some input could not be read for a reason outside its bytes.
      .TP
      .B 130
      Interrupted.
      .SH ENVIRONMENT
      .TP
      .B NO_COLOR
      If set, no colours.
      .TP
      .B GITHUB_ACTIONS
      If
      .IR true ,
      annotations for GitHub go to standard output.
      .TP
      .B GITHUB_STEP_SUMMARY
      The file to which the result is appended as Markdown.
      .TP
      .B TF_BUILD
      If set, annotations for Azure Pipelines go to standard output.
      .TP
      .B TMPDIR
      Where init keeps what it needs for a moment.

      """
  }

  private static func section(_ command: CommandSpec) -> String {
    var text =
      ".SS \"shardcheck \(command.name)\(command.operands.isEmpty ? "" : " " + escaped(command.operands))\"\n"
    text += line(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
    for paragraph in command.details { text += ".PP\n" + line(paragraph) }
    for option in command.options + CommandTable.common {
      text += ".TP\n\\fB\\-\\-\(escaped(option.name))\\fR"
      if let argument = option.argument { text += " \\fI\(escaped(argument))\\fR" }
      if let short = option.short { text += ", \\fB\\-\(short)\\fR" }
      let choices = option.choices.isEmpty ? "" : " (\(option.choices.joined(separator: ", ")))"
      text += "\n" + line(option.help.prefix(1).uppercased() + option.help.dropFirst() + choices + ".")
    }
    for example in command.examples {
      text += ".PP\n.nf\n.RS\n" + line(example.command) + ".RE\n.fi\n"
      text += line(example.meaning.prefix(1).uppercased() + example.meaning.dropFirst() + ".")
    }
    return text
  }

  /// A line of text: broken after sentences, as the formatter wants it, and never taken for a request.
  private static func line(_ text: String) -> String {
    let escaped = escaped(text)
    return (escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" : "") + escaped + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
      .replacing("`", with: "\\(ga").replacing("^", with: "\\(ha").replacing("~", with: "\\(ti")
  }
}
