import Glibc
import ShardModel

/// Hands the outcome on to a sink that works on a thread of its own, so that findings are written while the next are
/// judged. The order stays; the first error of the sink is thrown by the next call.
///
/// Memory: at most `depth` batches of findings wait. `close` must be called before the queue is given up.
final class SinkQueue: @unchecked Sendable {
  private enum Job {
    case findings([LocatedFindings], shard: String)
    case shard(ShardSummary)
  }

  /// Findings of a batch; a record that has more makes a batch of its own.
  private static let batchSize = 512
  private static let depth = 4

  // Of the caller's thread.
  private var batch: [LocatedFindings] = []
  private var batchCount = 0
  private var shard = ""
  private var thread: pthread_t?

  // Safe: used by one thread only, the worker while there is one and the caller's before and after.
  private let sink: any ResultSink

  // Guarded by the lock.
  private let lock = Monitor()
  private var jobs: [Job] = []
  private var isBusy = false
  private var isClosed = false
  private var failure: (any Error)?

  /// - Parameter hasThread: whether the sink works beside the caller; otherwise each call returns when it is done.
  init(_ sink: any ResultSink, hasThread: Bool) {
    self.sink = sink
    if hasThread { thread = Threads.start { self.work() } }
  }

  /// A line of the quarantine list.
  func add(_ findings: consuming LocatedFindings, shard: String) throws {
    if shard != self.shard || batchCount >= Self.batchSize {
      try handOver()
      self.shard = shard
    }
    batchCount += findings.findings.count
    batch.append(findings)
  }

  func finish(_ shard: ShardSummary) throws {
    try handOver()
    try add(.shard(shard))
  }

  /// Returns when the sink has done all.
  func drain() throws {
    try handOver()
    lock.locked { while failure == nil, isBusy || !jobs.isEmpty { lock.wait() } }
    try throwFailure()
  }

  /// Ends the thread; what still waits is dropped.
  func close() {
    lock.locked {
      isClosed = true
      jobs = []
      lock.signal()
    }
    if let thread { pthread_join(thread, nil) }
    thread = nil
  }

  private func handOver() throws {
    guard !batch.isEmpty else { return }
    let full = batch
    batch = []
    batch.reserveCapacity(full.count)
    batchCount = 0
    try add(.findings(full, shard: shard))
  }

  private func add(_ job: Job) throws {
    guard thread != nil else { return try perform(job) }
    lock.locked {
      while jobs.count >= Self.depth, failure == nil { lock.wait() }
      if failure == nil { jobs.append(job) }
      lock.signal()
    }
    try throwFailure()
  }

  private func throwFailure() throws {
    if let failure = lock.locked({ failure }) { throw failure }
  }

  private func perform(_ job: Job) throws {
    switch job {
    case .findings(let batch, let shard): try sink.quarantine(batch, shard: shard)
    case .shard(let summary): try sink.finish(summary)
    }
  }

  private func work() {
    while let job = nextJob() {
      do {
        try perform(job)
      } catch {
        lock.locked {
          failure = error
          jobs = []
          isClosed = true
        }
      }
    }
  }

  private func nextJob() -> Job? {
    lock.locked {
      isBusy = false
      lock.signal()
      while jobs.isEmpty, !isClosed { lock.wait() }
      guard !jobs.isEmpty, !isClosed else { return nil }
      isBusy = true
      return jobs.removeFirst()
    }
  }
}
