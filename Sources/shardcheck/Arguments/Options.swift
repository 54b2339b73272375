import Glibc
import ShardChecks
import ShardIngest
import ShardModel
import ShardReports
import ShardRules
import ShardScan

/// How the terminal is used.
struct TerminalOptions {
  var showsProgress: Bool
  var isQuiet: Bool
  var isVerbose: Bool
  var color: String

  init(_ arguments: Arguments) {
    isQuiet = arguments.has("quiet")
    isVerbose = arguments.has("verbose")
    showsProgress = !arguments.has("no-progress") && !isQuiet
    color = arguments.value("color") ?? "auto"
  }

  /// Whether what goes to standard output is coloured.
  var hasColor: Bool {
    color == "always"
      || (color == "auto" && Terminal.isTerminal(STDOUT_FILENO) && Terminal.environment("NO_COLOR") == nil)
  }
}

/// Where results go and how they are judged: what scan and merge have in common.
struct OutcomeOptions {
  var out: String
  var force: Bool
  var redact: Bool
  var threads: Int
  var policy = GatePolicy()
  var outliers: OutlierRule?
  var nearlyAll: Double?
  var baseline: Baseline?
  var reports: [ReportTarget]
  var terminal: TerminalOptions

  init(_ arguments: Arguments) throws(UsageError) {
    out = arguments.value("out") ?? "shardcheck-out"
    if out.isEmpty { throw UsageError("--out is empty", hint: "name a directory for the results") }
    while out.count > 1, out.hasSuffix("/") { out.removeLast() }
    force = arguments.has("force")
    reports = try Self.reports(arguments, usual: ["html"].filter { ReportCatalog.named($0) != nil })
    redact = arguments.has("redact")
    terminal = TerminalOptions(arguments)
    threads =
      try arguments.parsed("threads", expected: "a number from 1 to 1024") { text in
        Int(text).flatMap { (1...1_024).contains($0) ? $0 : nil }
      } ?? max(1, min(1_024, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    policy.isFailOnChosen = arguments.value("fail-on") != nil
    policy.isAllowanceChosen = arguments.value("max-quarantined") != nil
    switch arguments.value("fail-on") {
    case "warning"?: policy.failOn = .warning
    case "never"?: policy.failOn = nil
    default: policy.failOn = .error
    }
    policy.allowance =
      try arguments.parsed(
        "max-quarantined", expected: "a count such as 100 or a share such as 0.5%",
        { Allowance($0) })
      ?? .count(0)
    policy.allowsIncomplete = arguments.has("allow-incomplete")
    outliers = try arguments.parsed(
      "outliers", expected: "iqr:K, z:K or mad:K with K above 0, or none", { OutlierRule($0) })
    nearlyAll = try arguments.parsed("nearly-all", expected: "a share above 0.5 and at most 1, such as 0.95")
    { text in
      Double(text).flatMap { $0 > 0.5 && $0 <= 1 ? $0 : nil }
    }
    if let path = arguments.value("baseline") {
      baseline = try BaselineFile.read(path, role: "--baseline")
    }
  }

  /// The reports that are written beside the default files.
  /// - Parameter usual: those where nothing is said.
  static func reports(_ arguments: Arguments, usual: [String]) throws(UsageError) -> [ReportTarget] {
    do throws(ReportTarget.Failure) {
      return try ReportTarget.parse(arguments.has("report") ? arguments.list("report") : usual)
    } catch {
      throw UsageError(error.message, hint: error.hint)
    }
  }

  func apply(to checks: inout CheckSettings) {
    if let outliers { checks.outliers = outliers }
    if let nearlyAll { checks.nearlyAll = nearlyAll }
    if let baseline { checks.baseline = baseline }
  }
}

/// A scan as it was asked for.
struct ScanOptions {
  var paths: [String]
  var outcome: OutcomeOptions
  var settings: ScanSettings

  init(_ arguments: Arguments) throws(UsageError) {
    paths = arguments.operands
    if paths.isEmpty {
      throw UsageError("no input", hint: "name files, directories or globs: shardcheck scan data/")
    }
    outcome = try OutcomeOptions(arguments)
    var checks = CheckSettings(
      enabled: try Self.enabled(only: arguments.list("checks"), except: arguments.list("skip"), usual: nil))
    let rules = try RulesFile.rules(preset: arguments.value("preset"), path: arguments.value("rules"))
    if let rules {
      checks.apply(rules)
      checks.enabled = try Self.enabled(
        only: arguments.list("checks"), except: arguments.list("skip"), usual: checks.enabled)
    }
    outcome.apply(to: &checks)
    if let type = arguments.value("dtype").flatMap({ TrainingType(rawValue: $0) }) {
      checks.trainingType = type
    }
    if let limit = try Self.tokenLimit("max-tokens", arguments) { checks.rules.tokens.maxTokens = limit }
    if let size = try Self.tokenLimit("vocab-size", arguments) { checks.rules.tokens.vocabularySize = size }
    if let path = arguments.value("tokenizer") { checks.rules.tokens.tokenizer = path }
    if let tokens = try arguments.parsed("image-tokens", expected: ImageTokens.expected, { ImageTokens($0) })
    {
      checks.rules.tokens.imageTokens = tokens
    }
    switch arguments.value("image-decode") {
    case "none"?: checks.imageMode = .none
    case "header"?: checks.imageMode = .header
    default: break
    }
    settings = ScanSettings(checks: checks)
    settings.settleLimit()
    settings.fields = arguments.list("fields")
    settings.ignoredFields = arguments.list("ignore") + (rules?.ignore ?? [])
    settings.imageRoots = arguments.list("image-root")
    for root in settings.imageRoots where !Files.isFolder(root) {
      throw UsageError("--image-root: there is no directory '\(root)'")
    }
    settings.ingest.format = arguments.value("format").flatMap { FormatChoice(rawValue: $0) } ?? .auto
    settings.ingest.recordLimit = try arguments.parsed("limit", expected: "a number of records, at least 1") {
      text in
      UInt64(text).flatMap { $0 > 0 ? $0 : nil }
    }
    let sizes = "a size such as 64MiB, 512KB or 1G"
    if let size = try arguments.parsed(
      "max-record", expected: sizes + ", at most 1GiB", { ByteSize.parse($0) })
    {
      guard size >= 1, size <= 1 << 30 else {
        throw UsageError("--max-record cannot be \(size) bytes", hint: "expected \(sizes), at most 1GiB")
      }
      settings.ingest.maximumRecordBytes = Int(size)
    }
    settings.ingest.decoding.maximumDecodedBytes = try arguments.parsed(
      "max-decoded", expected: sizes, { ByteSize.parse($0) })
  }

  private static func tokenLimit(_ name: String, _ arguments: Arguments) throws(UsageError) -> Int? {
    try arguments.parsed(name, expected: "a whole number from 1 on") { text in
      Int(text).flatMap { (1...TokenRule.largest).contains($0) ? $0 : nil }
    }
  }

  /// Ids of the checks that run; families stand for all of their checks.
  /// - Parameter usual: what runs where nothing is named; nil: all.
  private static func enabled(
    only: [String], except: [String], usual: Set<String>?
  ) throws(UsageError) -> Set<String> {
    let all = usual ?? Set(CheckCatalog.descriptions.map(\.id))
    var enabled = only.isEmpty ? all : []
    for name in only { enabled.formUnion(try ids(of: name, "--checks")) }
    for name in except { enabled.subtract(try ids(of: name, "--skip")) }
    if enabled.isEmpty { throw UsageError("no check is left to run", hint: "see shardcheck checks") }
    return enabled
  }

  private static func ids(of name: String, _ option: String) throws(UsageError) -> Set<String> {
    let descriptions = CheckCatalog.descriptions
    if descriptions.contains(where: { $0.id == name }) { return [name] }
    let family = descriptions.filter { $0.family.rawValue == name }
    guard family.isEmpty else { return Set(family.map(\.id)) }
    let known = descriptions.map(\.id) + CheckDescription.Family.allCases.map(\.rawValue)
    let near = NearestName.of(name, among: known).map { "did you mean \($0)?" }
    throw UsageError(
      "\(option): there is no check or family '\(name)'", hint: near ?? "shardcheck checks lists them")
  }
}

/// Sizes as people write them.
enum ByteSize {
  private static let units: [(name: String, bytes: UInt64)] = [
    ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40), ("kb", 1_000), ("mb", 1_000_000),
    ("gb", 1_000_000_000), ("tb", 1_000_000_000_000), ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30),
    ("t", 1 << 40), ("b", 1),
  ]

  /// `64MiB`, `512KB`, `1G` (binary), `1000`; nil for anything else.
  static func parse(_ text: String) -> UInt64? {
    let lower = text.lowercased()
    let unit = units.first { lower.hasSuffix($0.name) }
    let digits = lower.dropLast(unit?.name.count ?? 0)
    guard let count = UInt64(digits) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit?.bytes ?? 1)
    return overflow ? nil : bytes
  }
}
