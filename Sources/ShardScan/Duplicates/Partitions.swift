import ShardModel

/// Runs of words sorted into partitions, in the order in which they were added: in memory up to a limit, beyond it in
/// files that are removed when they have been read or the object goes.
///
/// Memory: at most twice the limit, since buffers grow by doubling.
final class Partitions {
  let width: Int
  let count: Int
  private let limit: Int
  private let path: String
  private let buffers: UnsafeMutablePointer<Buffer<UInt64>>
  // Changed once a run, by one thread.
  @exclusivity(unchecked) private var held = 0
  private var spilled: [UInt64]
  /// Whether files were needed so far.
  private(set) var hasSpilled = false

  /// - Parameters:
  ///   - width: words that belong together.
  ///   - limit: bytes to hold in memory.
  ///   - path: what the names of the files begin with.
  init(width: Int, count: Int, limit: Int, path: String) {
    self.width = width
    self.count = count
    self.limit = max(width, limit / 8)
    self.path = path
    spilled = Array(repeating: 0, count: count)
    buffers = .allocate(capacity: count)
    buffers.initialize(repeating: Buffer(), count: count)
  }

  deinit {
    for partition in 0..<count {
      buffers[partition].deallocate()
      if spilled[partition] > 0 { try? Files.removeAll(filePath(partition)) }
    }
    buffers.deallocate()
  }

  private func filePath(_ partition: Int) -> String { "\(path)-\(partition).spill" }

  /// How many runs a partition has.
  func size(of partition: Int) -> Int {
    Int(clamping: (spilled[partition] + UInt64(buffers[partition].count)) / UInt64(width))
  }

  @inline(__always)
  func append(_ first: UInt64, _ second: UInt64, to partition: Int) throws(FileFailure) {
    buffers[partition].append(first)
    buffers[partition].append(second)
    held &+= 2
    if held >= limit { try spill() }
  }

  @inline(__always)
  func append(_ first: UInt64, _ second: UInt64, _ third: UInt64, to partition: Int) throws(FileFailure) {
    buffers[partition].append(first)
    buffers[partition].append(second)
    buffers[partition].append(third)
    held &+= 3
    if held >= limit { try spill() }
  }

  private func spill() throws(FileFailure) {
    hasSpilled = true
    for partition in 0..<count where buffers[partition].count > 0 {
      let isFirst = spilled[partition] == 0
      // Counted before it is written, so that a part of a file is removed as well.
      spilled[partition] += UInt64(buffers[partition].count)
      try SpillFile.append(
        UnsafeRawBufferPointer(buffers[partition].values), to: filePath(partition), isFirst: isFirst)
      buffers[partition].removeAll()
      // What one partition needed at its largest must not add up over all.
      if buffers[partition].capacity > 2 * limit / count { buffers[partition].deallocate() }
    }
    held = 0
  }

  private static let blockSize = 1 << 16

  /// Gives the runs of a partition in the order in which they were added, in blocks of whole runs, and forgets them.
  func take(_ partition: Int, _ body: (UnsafeBufferPointer<UInt64>) throws -> Void) throws {
    if spilled[partition] > 0 {
      let path = filePath(partition)
      let file = try SpillFile(path: path)
      let block = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: Self.blockSize / width * width)
      defer { block.deallocate() }
      var rest = spilled[partition]
      while rest > 0 {
        let words = Int(min(rest, UInt64(block.count)))
        let part = UnsafeMutableBufferPointer(rebasing: block[..<words])
        try file.read(into: UnsafeMutableRawBufferPointer(part))
        try body(UnsafeBufferPointer(part))
        rest -= UInt64(words)
      }
      spilled[partition] = 0
      try Files.removeAll(path)
    }
    if buffers[partition].count > 0 { try body(buffers[partition].values) }
    held -= buffers[partition].count
    buffers[partition].deallocate()
  }
}
