import ShardChecks
import ShardIngest
import ShardModel

/// The two things that the program does with shards: read and judge them, or judge what was read before.
package enum ScanRun {
  /// Reads all shards of the plan, stores their states, and judges them.
  package static func scan(
    _ plan: ScanPlan, policy: GatePolicy, found: ScanRecord, progress: ScanProgress, sink: any ResultSink
  ) throws -> ScanResult {
    let folder = plan.stateFolder
    let filter = plan.settings.indexesRecords ? RepeatFilter(limit: plan.duplicateMemory) : nil
    let scanner = Scanner(plan, inputs: plan.inputs, progress: progress, filter: filter) {
      StateFile.path(of: $0.name, in: folder)
    }
    var record = found
    record.settings = plan.settings
    record.problems += scanner.run()
    record.isInterrupted = progress.isInterrupted.load(ordering: .relaxed)
    var states: [(name: String, path: String)] = []
    for input in plan.inputs {
      let path = StateFile.path(of: input.name, in: folder)
      if Files.exists(path) { states.append((input.name, path)) } else { record.unread.append(input.name) }
    }
    record.settle()
    var policy = policy
    policy.take(plan.settings.checks.rules)
    record.policy = policy
    try record.write(to: folder)
    var conclude = Conclude(plan: plan, policy: policy, progress: progress, filter: filter)
    return try conclude.run(states: states, record: record, sink: sink)
  }

  package enum MergeFailure: Error, CustomStringConvertible {
    case noState(String)
    case sameShard(String, String, String)
    case otherSettings(String, String)
    case otherBaseline(String, String)
    case otherTokenizer(String, String)

    package var description: String {
      switch self {
      case .noState(let folder): "\(folder) holds no state of a scan; name directories that scan --out wrote"
      case .sameShard(let name, let first, let second):
        "\(name) is in \(first) and in \(second); merge scans of different shards"
      case .otherSettings(let folder, let other):
        "\(folder) and \(other) were scanned with different settings; scan both with the same options"
      case .otherTokenizer(let folder, let other):
        "\(folder) and \(other) were counted with different tokenizers; scan both with the same --tokenizer"
      case .otherBaseline(let folder, let other):
        "\(folder) and \(other) were compared with different baselines; name the one to use with --baseline"
      }
    }
  }

  /// Judges the shards of several scans as one. Their states are copied, so the result can be merged again.
  ///
  /// - Parameter change: changes what is applied when the data are judged, the outlier rule for one.
  package static func merge(
    _ folders: [String], output: String, change: (inout CheckSettings) -> Void, threads: Int,
    policy: GatePolicy, redacts: Bool = false, progress: ScanProgress, sink: any ResultSink
  ) throws -> ScanResult {
    var record: ScanRecord?
    var owners: [String: String] = [:]
    var states: [(name: String, path: String)] = []
    for folder in folders {
      let stored = folder + "/state"
      guard Files.exists(stored + "/" + ScanRecord.fileName) else { throw MergeFailure.noState(folder) }
      var found = try ScanRecord(readingFrom: stored)
      change(&found.settings.checks)
      if let record, record.settings.tokenizer?.digest != found.settings.tokenizer?.digest {
        throw MergeFailure.otherTokenizer(folders[0], folder)
      }
      if let record, !record.settings.canMerge(found.settings) {
        throw MergeFailure.otherSettings(folders[0], folder)
      }
      if let record, record.settings.checks.baseline != found.settings.checks.baseline {
        throw MergeFailure.otherBaseline(folders[0], folder)
      }
      if record?.merge(found) == nil { record = found }
      for path in try Files.listAll(stored) where path.hasSuffix(StateFile.fileEnding) {
        let state = try StateReader(path: stored + "/" + path).state
        if let other = owners[state.name] { throw MergeFailure.sameShard(state.name, other, folder) }
        owners[state.name] = folder
        let copy = StateFile.path(of: state.name, in: output + "/state")
        try Files.copy(stored + "/" + path, to: copy)
        if found.settings.indexesRecords {
          try Files.copy(
            RecordIndex.path(of: state.name, in: stored),
            to: RecordIndex.path(of: state.name, in: output + "/state"))
        }
        states.append((state.name, copy))
      }
    }
    guard var record else { throw MergeFailure.noState(folders.first ?? "nothing") }
    var policy = policy
    policy.take(record.settings.checks.rules)
    record.policy = policy
    record.redacts = redacts
    try record.write(to: output + "/state")
    var plan = ScanPlan(inputs: [], settings: record.settings, output: output)
    plan.threads = threads
    var conclude = Conclude(plan: plan, policy: policy, progress: progress)
    return try conclude.run(states: states, record: record, sink: sink)
  }
}
