import ShardChecks
import ShardIngest
import ShardModel

/// Reads shards with all threads and stores a state for each.
///
/// A thread takes a shard that nobody has begun; when none is left it helps with one that is not read to its end.
/// So many small shards cost no coordination, and the last large ones use every core.
final class Scanner: @unchecked Sendable {
  private let plan: ScanPlan
  private let inputs: [ShardInput]
  private let progress: ScanProgress
  private let lookup: SecondLook?
  private let filter: RepeatFilter?
  private let statePath: @Sendable (ShardInput) -> String
  private let lock = Monitor()
  private var nextInput = 0
  private var active: [ShardTask] = []
  private var problems: [ScanProblem] = []

  init(
    _ plan: ScanPlan, inputs: [ShardInput], progress: ScanProgress, lookup: SecondLook? = nil,
    filter: RepeatFilter? = nil,
    statePath: @escaping @Sendable (ShardInput) -> String
  ) {
    self.plan = plan
    self.inputs = inputs
    self.progress = progress
    self.lookup = lookup
    self.filter = filter
    self.statePath = statePath
  }

  /// Returns what could not be read or written, in the order of the inputs.
  func run() -> [ScanProblem] {
    Threads.run(max(1, plan.threads)) { _ in
      let worker = Worker(self.plan, lookup: self.lookup, filter: self.filter)
      while let (task, isFirst) = self.nextTask() {
        if task.work(worker, isFirst: isFirst) { self.close(task) }
      }
    }
    return problems.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) }
  }

  private func nextTask() -> (ShardTask, Bool)? {
    lock.locked {
      if progress.isInterrupted.load(ordering: .relaxed) { return nil }
      if nextInput < inputs.count {
        let input = inputs[nextInput]
        nextInput += 1
        let task = ShardTask(
          input, plan, statePath: statePath(input), indexPath: indexPath(input), progress: progress,
          expectsHelp: inputs.count < plan.threads)
        active.append(task)
        return (task, true)
      }
      return active.first { $0.join() }.map { ($0, false) }
    }
  }

  private func indexPath(_ input: ShardInput) -> String? {
    guard lookup == nil, plan.settings.indexesRecords else { return nil }
    return RecordIndex.path(of: input.name, in: plan.stateFolder)
  }

  private func close(_ task: ShardTask) {
    lock.locked {
      active.removeAll { $0 === task }
      if let problem = task.problem { problems.append(problem) }
    }
  }
}
