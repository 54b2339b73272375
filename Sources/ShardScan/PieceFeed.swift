import ShardIngest
import Synchronization

/// Hands the pieces of one shard to its workers, in order, each once.
///
/// One worker at a time reads. Where reading is cheap it works on what it has read, and the next one reads. Where it is
/// not (a compressed stream can only be decoded by one thread), and others are there to work, the reader keeps on
/// decoding up to `depth` pieces ahead, so that the one thing that cannot be shared never waits.
///
/// Memory: `depth` chunks for a shard with several workers, none otherwise.
final class PieceFeed: @unchecked Sendable {
  typealias Item = (index: Int, piece: ShardPiece, buffer: ChunkBuffer)

  private let source: ChunkSource
  private let progress: ScanProgress
  private let depth: Int
  private let expectsHelp: Bool
  private let lock = Monitor()
  private var ready: [Item] = []
  private var free: [ChunkBuffer] = []
  private var isReading = false
  private var isExhausted = false
  private var taken = 0
  private var workers = 1
  private var storedBytesSeen: UInt64 = 0
  /// Whether an interrupt left pieces unread.
  private(set) var isCutShort = false

  /// - Parameter expectsHelp: whether others will join at once, so that the first one need not stop decoding.
  init(_ source: ChunkSource, progress: ScanProgress, expectsHelp: Bool) {
    self.source = source
    self.expectsHelp = expectsHelp
    self.progress = progress
    depth = source.stream.compression == .none ? 0 : 4
  }

  /// Counts one more worker; false where there is nothing left to read.
  func join() -> Bool {
    lock.locked {
      if isExhausted { return false }
      workers += 1
      return true
    }
  }

  /// The next piece; what it says of a buffer is in `buffer`, which may be exchanged for another one.
  func next(_ buffer: inout ChunkBuffer) -> (index: Int, piece: ShardPiece)? {
    var own = buffer
    let item = lock.locked { nextItem(&own) }
    buffer = own
    return item
  }

  private func nextItem(_ own: inout ChunkBuffer) -> (index: Int, piece: ShardPiece)? {
    while true {
      if !isReading, progress.isInterrupted.load(ordering: .relaxed), !isExhausted {
        isExhausted = true
        isCutShort = true
      }
      if isReading || isExhausted || ready.count >= max(1, depth) {
        if !ready.isEmpty { return takeReady(&own) }
        if isExhausted { return nil }
        // While another thread decodes there is time to read and hash what it will need next.
        if depth > 0, lock.unlocked({ source.stream.readAhead() }) { continue }
        if isReading, ready.isEmpty { lock.wait() }
        continue
      }
      guard let item = read(&own) else {
        isExhausted = true
        lock.signal()
        continue
      }
      lock.signal()
      // Alone, or with nothing to gain from reading ahead: work on it while it is in the cache.
      if (workers < 2 && !expectsHelp) || depth == 0, ready.isEmpty { return (item.index, item.piece) }
      ready.append(item)
      own = free.popLast() ?? ChunkBuffer()
    }
  }

  private func takeReady(_ own: inout ChunkBuffer) -> (index: Int, piece: ShardPiece) {
    let item = ready.removeFirst()
    free.append(own)
    own = item.buffer
    return (item.index, item.piece)
  }

  /// Reads one piece; the lock is given up meanwhile.
  private func read(_ own: inout ChunkBuffer) -> Item? {
    isReading = true
    let buffer = own
    let piece = lock.unlocked { source.next(into: buffer) }
    isReading = false
    let stored = source.stream.storedBytes
    progress.storedBytes.add(stored - storedBytesSeen, ordering: .relaxed)
    storedBytesSeen = stored
    guard let piece else { return nil }
    taken += 1
    return (taken - 1, piece, buffer)
  }

  /// Bytes of the shard that the progress has not seen, when its last bytes were read after the last piece.
  func finishProgress(_ storedBytes: UInt64) {
    progress.storedBytes.add(storedBytes - storedBytesSeen, ordering: .relaxed)
    storedBytesSeen = storedBytes
  }
}
