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
    let line = ProgressText.line(
      ProgressText.State(
        seconds: Self.now() - start, bytes: progress.storedBytes.load(ordering: .relaxed),
        totalBytes: totalBytes,
        records: progress.records.load(ordering: .relaxed), shards: progress.shards.load(ordering: .relaxed),
        totalShards: UInt64(totalShards), secondReads: progress.secondReads.load(ordering: .relaxed)),
      width: isTerminal ? width - 1 : 200, hasBar: isTerminal)
    Terminal.writeError(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
    hasDrawn = true
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The words of the progress line: a pure function of how far the scan is.
enum ProgressText {
  struct State {
    var seconds: Double
    var bytes: UInt64
    var totalBytes: UInt64
    var records: UInt64
    var shards: UInt64
    var totalShards: UInt64
    var secondReads: UInt64
  }

  static func line(_ state: State, width: Int, hasBar: Bool) -> String {
    var parts: [String] = []
    let share = state.totalBytes > 0 ? min(1, Double(state.bytes) / Double(state.totalBytes)) : nil
    if let share { parts.append("\(Int(share * 100))%") }
    parts.append(NumberText.bytes(Double(state.bytes)))
    parts.append(NumberText.count(state.records, "record"))
    if state.seconds > 0 { parts.append(NumberText.bytes(Double(state.bytes) / state.seconds) + "/s") }
    if let share, share > 0.01, share < 1 {
      parts.append("\(time(state.seconds / share - state.seconds)) left")
    }
    if state.totalShards > 1 { parts.append("\(state.shards) of \(state.totalShards) shards") }
    if state.secondReads > 0 { parts.append("reading \(state.secondReads) again") }
    var text = parts.joined(separator: "  ")
    if hasBar, let share, width - text.count >= 14 {
      let cells = min(30, width - text.count - 3)
      let full = Int(share * Double(cells))
      text =
        "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "] " + text
    }
    return String(text.prefix(max(0, width)))
  }

  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "?" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
  }
}
