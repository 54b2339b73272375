import Glibc
import ShardChecks
import ShardIngest
import ShardModel
import ShardReports
import ShardScan

/// Runs what was typed; returns the exit code.
enum Commands {
  static let version = "0.1.0"
  /// Of the version.
  static let date = "2026-11-24"

  static func run(_ words: [String]) -> Int32 {
    guard let first = words.first else {
      Terminal.writeError(HelpPage.overview)
      return ExitCode.notStarted
    }
    switch first {
    case "--help", "-h", "help":
      if words.count > 1, let command = CommandTable.named(words[1]) {
        Terminal.write(HelpPage.page(of: command))
      } else {
        Terminal.write(HelpPage.overview)
      }
      return 0
    case "--version":
      Terminal.write("shardcheck \(version)\n")
      return 0
    default: break
    }
    guard let command = CommandTable.named(first) else {
      let near = NearestName.of(first, among: CommandTable.all.map(\.name))
      return Failure.report(
        "unknown command '\(first)'",
        hint: near.map { "did you mean shardcheck \($0)?" } ?? "shardcheck --help lists the commands")
    }
    do throws(UsageError) {
      let arguments = try Arguments(words.dropFirst(), of: command)
      if arguments.wantsHelp {
        Terminal.write(HelpPage.page(of: command))
        return 0
      }
      switch command.name {
      case "scan": return try scan(try ScanOptions(arguments))
      case "init": return try Initialize.run(arguments)
      case "rules": return try RulesFile.run(arguments)
      case "merge": return try merge(arguments)
      case "diff": return try Diff.run(arguments)
      case "tokens": return try TokensCommand.run(arguments)
      case "report": return try StoredReport.run(arguments)
      case "man": return try ManualPage.run(arguments)
      case "checks": return try checks(arguments)
      default: return try completions(arguments)
      }
    } catch {
      return Failure.report(error)
    }
  }

  private static func scan(_ options: ScanOptions) throws(UsageError) -> Int32 {
    var found: DiscoveryResult
    do throws(DiscoveryError) {
      found = try Discovery.resolve(options.paths, excluding: [options.outcome.out])
    } catch {
      return Failure.report(error.description)
    }
    var settings = options.settings
    let tokenizer = try TokenizerOption.load(
      settings.checks.rules.tokens.tokenizer, beside: options.paths, &found.inputs)
    if let tokenizer {
      settings.use(tokenizer)
      if !options.outcome.terminal.isQuiet { TokenizerOption.announce(tokenizer, settings) }
    }
    var plan = ScanPlan(inputs: found.inputs, settings: settings, output: options.outcome.out)
    plan.tokenizer = tokenizer?.tokenizer
    plan.threads = options.outcome.threads
    var record = ScanRecord(settings: settings)
    record.redacts = options.outcome.redact
    record.problems = found.problems.map { ScanProblem(path: $0.path, reason: $0.reason) }
    record.passedOver = passedOver(found.skipped)
    Interrupt.install()
    let terminal = options.outcome.terminal
    let total = found.inputs.reduce(0) { $0 + size(of: $1) }
    return Outcome.produce(
      options.outcome, ticker: ticker(terminal, total: total, shards: found.inputs.count)
    ) { files in
      try ScanRun.scan(
        plan, policy: options.outcome.policy, found: record, progress: Interrupt.progress, sink: files)
    }
  }

  private static func merge(_ arguments: Arguments) throws(UsageError) -> Int32 {
    let options = try OutcomeOptions(arguments)
    let folders = arguments.operands
    if folders.isEmpty {
      throw UsageError(
        "no directory to merge", hint: "name what scan --out wrote: shardcheck merge part-0 part-1")
    }
    let out = StandardPath.of(options.out)
    if let same = folders.first(where: { StandardPath.of($0) == out }) {
      throw UsageError("\(same) is an input and the output", hint: "choose another directory with --out")
    }
    Interrupt.install()
    return Outcome.produce(options, ticker: nil) { files in
      try ScanRun.merge(
        folders, output: options.out, change: { options.apply(to: &$0) }, threads: options.threads,
        policy: options.policy, redacts: options.redact, progress: Interrupt.progress, sink: files)
    }
  }

  private static func checks(_ arguments: Arguments) throws(UsageError) -> Int32 {
    let descriptions = CheckCatalog.descriptions
    if arguments.has("markdown") {
      Terminal.write(ChecksPage.article(descriptions))
      return 0
    }
    guard let id = arguments.operands.first else {
      Terminal.write(ChecksPage.list(descriptions))
      return 0
    }
    guard let description = descriptions.first(where: { $0.id == id }) else {
      let near = NearestName.of(id, among: descriptions.map(\.id))
      throw UsageError(
        "there is no check '\(id)'",
        hint: near.map { "did you mean \($0)?" } ?? "shardcheck checks lists them")
    }
    Terminal.write(ChecksPage.explain(description))
    return 0
  }

  private static func completions(_ arguments: Arguments) throws(UsageError) -> Int32 {
    guard let shell = arguments.operands.first, let script = Completions.script(for: shell) else {
      throw UsageError("completions for which shell?", hint: "expected bash, zsh or fish")
    }
    Terminal.write(script)
    return 0
  }

  static func ticker(_ terminal: TerminalOptions, total: UInt64, shards: Int) -> ProgressTicker? {
    let isTerminal = Terminal.isTerminal(STDERR_FILENO)
    guard terminal.showsProgress, isTerminal || terminal.isVerbose else { return nil }
    return ProgressTicker(
      Interrupt.progress, totalBytes: total, totalShards: shards, isTerminal: isTerminal,
      width: Terminal.width(STDERR_FILENO))
  }

  static func size(of input: ShardInput) -> UInt64 {
    var status = stat()
    guard !input.isStandardInput, stat(input.path, &status) == 0 else { return 0 }
    return UInt64(max(0, status.st_size))
  }

  private static func passedOver(_ skipped: DiscoveryResult.Skipped) -> [String: UInt64] {
    var reasons: [String: UInt64] = [:]
    if skipped.unrecognized > 0 {
      let names = skipped.unrecognizedExamples.prefix(3).joined(separator: ", ")
      reasons["files in the directories are of no known format (such as \(names))"] = UInt64(
        skipped.unrecognized)
    }
    if skipped.pictures > 0 {
      reasons["pictures lie beside the shards: opened are those that a record names"] = UInt64(
        skipped.pictures)
    }
    if skipped.links > 0 { reasons["links lead out of their directory"] = UInt64(skipped.links) }
    if skipped.other > 0 { reasons["entries are neither files nor directories"] = UInt64(skipped.other) }
    return reasons
  }
}

/// Paths that can be compared.
enum StandardPath {
  static func of(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
