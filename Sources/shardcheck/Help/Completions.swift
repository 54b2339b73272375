import ShardChecks
import ShardReports

/// Completion scripts made from the command table.
enum Completions {
  static func script(for shell: String) -> String? {
    switch shell {
    case "bash": bash
    case "zsh": zsh
    case "fish": fish
    default: nil
    }
  }

  private static func words(_ command: CommandSpec) -> [String] {
    (command.options + CommandTable.common).map { "--" + $0.name }
  }

  /// What the operands of a command can be, where they are no paths.
  private static func operands(_ command: CommandSpec) -> [String] {
    switch command.name {
    case "checks": CheckCatalog.descriptions.map(\.id)
    case "completions": ["bash", "zsh", "fish"]
    default: []
    }
  }

  /// What the value of an option can be, as far as that is known.
  private static func values(_ option: OptionSpec) -> [String] {
    option.name == "report" ? ReportCatalog.optional.map(\.name) + ["none"] : option.choices
  }

  private static var bash: String {
    var text = """
      # bash completion of shardcheck
      _shardcheck() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
        COMPREPLY=()
        if [[ $COMP_CWORD -eq 1 ]]; then
          COMPREPLY=($(compgen -W "\(CommandTable.all.map(\.name).joined(separator: " ")) --help --version" -- "$word"))
          return
        fi
        case $before in

      """
    for option in allOptions where !values(option).isEmpty {
      text +=
        "    --\(option.name)) COMPREPLY=($(compgen -W \"\(values(option).joined(separator: " "))\" -- \"$word\")); return;;\n"
    }
    text += """
        esac
        case $command in

      """
    for command in CommandTable.all {
      let operands = operands(command)
      let all = (words(command) + operands).joined(separator: " ")
      text +=
        operands.isEmpty
        ? "    \(command.name)) if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"\(all)\" -- \"$word\")); else COMPREPLY=($(compgen -f -- \"$word\")); fi;;\n"
        : "    \(command.name)) COMPREPLY=($(compgen -W \"\(all)\" -- \"$word\"));;\n"
    }
    return text + """
        esac
      }
      complete -o filenames -F _shardcheck shardcheck

      """
  }

  private static var zsh: String {
    var text = """
      #compdef shardcheck
      _shardcheck() {
        if (( CURRENT == 2 )); then
          local -a commands=(

      """
    for command in CommandTable.all { text += "      '\(command.name):\(escaped(command.summary))'\n" }
    text += """
          )
          _describe command commands
          return
        fi
        case $words[2] in

      """
    for command in CommandTable.all {
      text += "    \(command.name))\n      _arguments \\\n"
      for option in command.options + CommandTable.common {
        var spec = "--\(option.name)"
        spec += option.argument == nil ? "" : "="
        spec += "[\(escaped(option.help))]"
        if let argument = option.argument {
          spec +=
            ":\(escaped(argument)):"
            + (values(option).isEmpty ? "_files" : "(\(values(option).joined(separator: " ")))")
        }
        text += "        '\(spec)' \\\n"
      }
      let operands = operands(command)
      text +=
        operands.isEmpty
        ? "        '*:path:_files'\n" : "        '*:name:(\(operands.joined(separator: " ")))'\n"
      text += "      ;;\n"
    }
    return text + """
        esac
      }
      _shardcheck "$@"

      """
  }

  private static var fish: String {
    var text = "# fish completion of shardcheck\n"
    let names = CommandTable.all.map(\.name).joined(separator: " ")
    for command in CommandTable.all {
      text +=
        "complete -c shardcheck -n 'not __fish_seen_subcommand_from \(names)' -f -a \(command.name) -d '\(escaped(command.summary))'\n"
      for option in command.options + CommandTable.common {
        text += "complete -c shardcheck -n '__fish_seen_subcommand_from \(command.name)' -l \(option.name)"
        if let short = option.short { text += " -s \(short)" }
        if option.argument != nil { text += " -r" }
        if !values(option).isEmpty { text += " -f -a '\(values(option).joined(separator: " "))'" }
        text += " -d '\(escaped(option.help))'\n"
      }
      let operands = operands(command)
      if !operands.isEmpty {
        text +=
          "complete -c shardcheck -n '__fish_seen_subcommand_from \(command.name)' -f -a '\(operands.joined(separator: " "))'\n"
      }
    }
    return text
  }

  private static var allOptions: [OptionSpec] {
    var seen: Set<String> = []
    return CommandTable.all.flatMap(\.options).filter { seen.insert($0.name).inserted }
  }

  /// Without what the shells would take for syntax inside of single quotes or brackets.
  private static func escaped(_ text: String) -> String {
    text.replacing("'", with: "").replacing("[", with: "(").replacing("]", with: ")").replacing(
      ":", with: " ")
  }
}
