import Glibc
import ShardChecks
import ShardIngest
import ShardModel
import ShardRules
import ShardScan

/// `shardcheck init`: reads data and writes a rules file that they keep.
enum Initialize {
  static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
    let output = arguments.value("output")
    if let output, access(output, F_OK) == 0, !arguments.has("force") {
      throw UsageError("\(output) exists", hint: "choose another file with --output, or add --force")
    }
    let options = try ScanOptions(arguments)
    let found: DiscoveryResult
    do throws(DiscoveryError) {
      found = try Discovery.resolve(options.paths)
    } catch {
      return Failure.report(error.description)
    }
    Interrupt.install()
    var settings = options.settings
    // Each shard is taken for itself, and records may come twice.
    settings.checks.enabled.subtract([RecordDuplicate.description.id])
    let reader = Reader(found, settings, options.outcome)
    defer { reader.removeFolder() }
    do {
      let result = try reader.scan(isFirst: true)
      if result.isInterrupted { return ExitCode.interrupted }
      guard result.totals.records > 0 else {
        return Failure.report("there is no record to make rules from", hint: "name files that hold records")
      }
      let text = try draft(result, reader)
      if let output {
        let file = try FileWriter(path: output)
        try file.write(Array(text.utf8))
        try file.finish()
      } else {
        Terminal.write(text)
      }
      for problem in result.problems {
        Terminal.writeError("shardcheck: \(problem.path): \(problem.reason)\n")
      }
      return result.problems.isEmpty ? ExitCode.passed : ExitCode.incomplete
    } catch {
      return Failure.report("\(error)")
    }
  }

  /// Makes the rules and holds the data to them, so that what is written is kept.
  private static func draft(_ result: ScanResult, _ reader: Reader) throws -> String {
    var errors = errorCounts(result)
    let source = RulesDraft.Source(
      shards: result.totals.shards, records: result.totals.records, recordLimit: result.recordLimit,
      errors: errors)
    var draft = RulesDraft(result.fields, source)
    guard reader.canReadAgain else {
      draft.conditions = []
      return draft.text
    }
    let rules = try Rules(
      parsing: Array(draft.text.utf8), file: "the rules made", vocabulary: CheckCatalog.vocabulary)
    let second = try reader.scan(isFirst: false, rules)
    // What some records break is no condition of theirs.
    let broken = second.checks[RecordRuleCheck.id]?.findings ?? 0
    if broken > 0 {
      draft.conditions = try draft.conditions.filter { condition in
        var single = Rules()
        single.records = [RecordRule(expression: try Expression(condition), name: condition)]
        return try reader.scan(isFirst: false, single).checks[RecordRuleCheck.id] == nil
      }
    }
    errors = errorCounts(second)
    errors[RecordRuleCheck.id] = nil
    draft.allow(errors)
    return draft.text
  }

  private static func errorCounts(_ result: ScanResult) -> [String: UInt64] {
    result.checks.filter { $0.value.severity == .error }.mapValues(\.findings)
  }

  /// Scans the same inputs several times, into a folder that nobody sees.
  private final class Reader {
    private let found: DiscoveryResult
    private let settings: ScanSettings
    private let options: OutcomeOptions
    private let showsProgress: Bool
    private var folder: String?

    init(_ found: DiscoveryResult, _ settings: ScanSettings, _ options: OutcomeOptions) {
      self.found = found
      self.settings = settings
      self.options = options
      showsProgress = options.terminal.showsProgress
    }

    var canReadAgain: Bool { !found.inputs.contains(where: \.isStandardInput) }

    func scan(isFirst: Bool, _ rules: Rules = Rules()) throws -> ScanResult {
      let folder = try self.folder ?? makeFolder()
      self.folder = folder
      var settings = settings
      settings.checks.apply(rules)
      settings.checks.enabled = self.settings.checks.enabled
      var plan = ScanPlan(inputs: found.inputs, settings: settings, output: folder)
      plan.threads = options.threads
      try OutputFolder.prepare(folder, force: true)
      var record = ScanRecord(settings: settings)
      record.problems = found.problems.map { ScanProblem(path: $0.path, reason: $0.reason) }
      let total = found.inputs.reduce(0) { $0 + Commands.size(of: $1) }
      let ticker =
        isFirst && showsProgress
        ? Commands.ticker(options.terminal, total: total, shards: found.inputs.count) : nil
      ticker?.begin()
      defer { ticker?.end() }
      return try ScanRun.scan(
        plan, policy: GatePolicy(), found: record, progress: isFirst ? Interrupt.progress : ScanProgress(),
        sink: NoSink())
    }

    private func makeFolder() throws -> String {
      let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      var template = Array((parent + "/shardcheck-init-XXXXXX").utf8CString)
      guard mkdtemp(&template) != nil else {
        throw FileFailure(path: parent, reason: String(cString: strerror(errno)))
      }
      return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func removeFolder() {
      if let folder { try? Files.removeAll(folder) }
    }
  }

  private final class NoSink: ResultSink {
    func quarantine(_ batch: [LocatedFindings], shard: String) {}
    func finish(_ shard: ShardSummary) {}
  }
}
