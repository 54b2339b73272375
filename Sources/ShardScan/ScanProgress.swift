import Synchronization

/// How far a scan is. Written by workers once a chunk, read by whoever shows it.
package final class ScanProgress: Sendable {
  package let storedBytes = Atomic<UInt64>(0)
  package let records = Atomic<UInt64>(0)
  package let shards = Atomic<UInt64>(0)
  /// Shards that are read a second time, and how many of these are done.
  package let secondReads = Atomic<UInt64>(0)
  package let secondReadsDone = Atomic<UInt64>(0)
  /// Set from a signal handler; workers stop at the next chunk.
  package let isInterrupted = Atomic<Bool>(false)

  package init() {}
}
