import Glibc
import ShardReports
import ShardScan

/// Shows how far a scan is, on standard error: a line that is drawn over on a terminal, plain lines every few seconds
/// elsewhere where they were asked for.
final class ProgressTicker: @unchecked Sendable {
  private let progress: ScanProgress
  private let totalBytes: UInt64
  private let totalShards: Int
  private let isTerminal: Bool
  private let width: Int
  private let start = ProgressTicker.now()
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isOver = false
  private var thread: pthread_t?
  private var hasDrawn = false

  /// - Parameter totalBytes: stored bytes of all inputs, 0 where unknown.
  init(_ progress: ScanProgress, totalBytes: UInt64, totalShards: Int, isTerminal: Bool, width: Int) {
    self.progress = progress
    self.totalBytes = totalBytes
    self.totalShards = totalShards
    self.isTerminal = isTerminal
    self.width = width
    pthread_mutex_init(lock, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(lock)
    condition.deallocate()
    lock.deallocate()
  }

  func begin() {
    var thread = pthread_t()
    let me = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<ProgressTicker>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, me.toOpaque())
    if status == 0 { self.thread = thread } else { me.release() }
  }

  /// Stops and clears the line.
  func end() {
    pthread_mutex_lock(lock)
    isOver = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(lock)
    if let thread { pthread_join(thread, nil) }
    thread = nil
    if hasDrawn, isTerminal { Terminal.writeError("\r\u{1B}[K") }
  }

  private func run() {
    // A scan that is over at once shows nothing.
    var pause = isTerminal ? 300 : 5_000
    pthread_mutex_lock(lock)
    while !isOver {
      wait(milliseconds: pause)
      if isOver { break }
      draw()
      pause = isTerminal ? 200 : 5_000
    }
    pthread_mutex_unlock(lock)
  }

  private func wait(milliseconds: Int) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    time.tv_nsec += (milliseconds % 1_000) * 1_000_000
    time.tv_sec += milliseconds / 1_000 + time.tv_nsec / 1_000_000_000
    time.tv_nsec %= 1_000_000_000
    pthread_cond_timedwait(condition, lock, &time)
  }

  private func draw() {
    var state = ProgressState()
    state.elapsedSeconds = Self.now() - start
    state.bytesDone = progress.storedBytes.load(ordering: .relaxed)
    state.bytesTotal = totalBytes > 0 ? totalBytes : nil
    state.records = progress.records.load(ordering: .relaxed)
    state.shardsDone = progress.shards.load(ordering: .relaxed)
    state.shardsTotal = UInt64(totalShards)
    let again = progress.secondReads.load(ordering: .relaxed)
    var line = isTerminal ? ProgressLine.bar(state, width: width - 1) : ProgressLine.plain(state)
    if again > 0 { line = "reading \(again) shards again, to name every finding" }
    Terminal.writeError(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    hasDrawn = true
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
