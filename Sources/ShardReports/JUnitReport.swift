import ShardModel

/// `junit.xml`: a suite for each shard and in it a case for each check that ran.
///
/// Keeps to what the XSDs in use agree on (Jenkins' `junit-10.xsd`, Surefire's): `testsuites` holds `testsuite` with a
/// `name` and counts; `testcase` has `name` and `classname` and holds at most one of `failure` or `error`, then at most
/// one `system-out`. No clock, no host. A case fails where the check found something of a severity that fails the gate;
/// what is milder is told in `system-out`. An allowance (`--max-quarantined`) is the gate's, not a case's.
package final class JUnitReport: FindingReport {
  package static let fileName = "junit.xml"
  /// Cases that passed are listed up to this many; from there on a shard has one case for all of them.
  private static let passedLimit = 50_000
  private var checks: [String] = []
  private var failOn: Severity?
  private var passed = 0
  private var inShards: [String: UInt64] = [:]

  package init() {}

  package func begin(_ context: ReportContext, to bytes: inout OutputBuffer) {
    checks = context.checks.map(\.id)
    failOn = context.failOn
    JSONText.append(
      raw: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"shardcheck\">\n", to: &bytes)
  }

  package func finish(_ shard: ShardSummary, to bytes: inout OutputBuffer) {
    for (id, tally) in shard.checks { inShards[id, default: 0] &+= tally.findings }
    // A shard that was not read is told of with the inputs.
    guard shard.status != .unread else { return }
    var suite = Suite(name: shard.name)
    let listsAll = passed + checks.count <= Self.passedLimit
    let known = Set(checks)
    for id in checks + shard.checks.keys.filter({ !known.contains($0) }).sorted() {
      if let tally = shard.checks[id] {
        suite.add(id, tally, failsFrom: failOn)
      } else if listsAll {
        suite.pass(id)
        passed += 1
      }
    }
    if !listsAll { suite.pass("all other checks") }
    suite.append(to: &bytes)
  }

  package func finish(_ result: ScanResult, to bytes: inout OutputBuffer) {
    var suite = Suite(name: "data set")
    for (id, whole) in result.checks.sorted(by: { $0.key < $1.key }) {
      let inShards = inShards[id] ?? 0
      guard whole.findings > inShards else { continue }
      let findings = result.findings.filter { $0.check == id }
      var tally = CheckTally(severity: findings.map(\.severity).max() ?? whole.severity)
      tally.findings = whole.findings - inShards
      tally.examples =
        findings.isEmpty
        ? whole.examples.filter { $0.location.record == nil }
        : findings.prefix(CheckTally.exampleLimit).map {
          FindingExample(shard: nil, location: Location(), finding: $0)
        }
      suite.add(id, tally, failsFrom: failOn)
    }
    for problem in result.problems { suite.addError(problem.path, problem.reason) }
    if result.isInterrupted { suite.addError("interrupted", "stopped before all shards were read") }
    // Readers take a file without a case for a mistake.
    if suite.isEmpty { suite.pass("no finding about the data set") }
    suite.append(to: &bytes)
    JSONText.append(raw: "</testsuites>\n", to: &bytes)
  }
}

/// A `testsuite`, whose counts stand before its cases.
struct Suite: ~Copyable {
  private let name: String
  private var cases = OutputBuffer()
  private var tests = 0
  private var failures = 0
  private var errors = 0

  init(name: String) { self.name = name }

  var isEmpty: Bool { tests == 0 }

  mutating func pass(_ name: String) {
    open(name)
    JSONText.append(raw: "/>\n", to: &cases)
  }

  /// Adds what a check found.
  mutating func add(_ id: String, _ tally: CheckTally, failsFrom failOn: Severity?) {
    let lines = tally.examples.map {
      Printable.line(FindingText.place($0) + FindingText.line($0.finding, at: $0.location))
    }
    let isFailure = failOn.map { tally.severity >= $0 } ?? false
    let records = tally.records > 0 ? " in \(Numeral.count(tally.records, "record"))" : ""
    let more = tally.findings - min(tally.findings, UInt64(lines.count))
    let details =
      lines.joined(separator: "\n") + (more > 0 ? "\n… and \(Numeral.count(more, "more finding"))" : "")
    if isFailure {
      fail(
        id, type: tally.severity.name, message: Numeral.count(tally.findings, "finding") + records,
        details: details)
    } else {
      open(id)
      JSONText.append(raw: ">\n      <system-out>", to: &cases)
      XMLText.append("\(tally.severity.name): \(details)", to: &cases)
      JSONText.append(raw: "</system-out>\n    </testcase>\n", to: &cases)
    }
  }

  mutating func fail(_ name: String, type: String, message: String, details: String) {
    failures += 1
    open(name)
    JSONText.append(raw: ">\n      <failure", to: &cases)
    XMLText.append(attribute: "type", type, to: &cases)
    XMLText.append(attribute: "message", message, to: &cases)
    JSONText.append(raw: ">", to: &cases)
    XMLText.append(details, to: &cases)
    JSONText.append(raw: "</failure>\n    </testcase>\n", to: &cases)
  }

  /// Adds an input of which nothing can be said.
  mutating func addError(_ name: String, _ reason: String) {
    errors += 1
    open(name)
    JSONText.append(raw: ">\n      <error type=\"unread\"", to: &cases)
    XMLText.append(attribute: "message", reason, to: &cases)
    JSONText.append(raw: "/>\n    </testcase>\n", to: &cases)
  }

  private mutating func open(_ testCase: String) {
    tests += 1
    JSONText.append(raw: "    <testcase", to: &cases)
    XMLText.append(attribute: "classname", name, to: &cases)
    XMLText.append(attribute: "name", testCase, to: &cases)
  }

  func append(to bytes: inout OutputBuffer) {
    JSONText.append(raw: "  <testsuite", to: &bytes)
    XMLText.append(attribute: "name", name, to: &bytes)
    XMLText.append(attribute: "tests", "\(tests)", to: &bytes)
    XMLText.append(attribute: "failures", "\(failures)", to: &bytes)
    XMLText.append(attribute: "errors", "\(errors)", to: &bytes)
    JSONText.append(raw: ">\n", to: &bytes)
    bytes += cases
    JSONText.append(raw: "  </testsuite>\n", to: &bytes)
  }
}
