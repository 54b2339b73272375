import ShardModel
import Testing

@testable import ShardScan

@Suite("Findings handed to a sink") struct SinkQueueTests {
  /// Writes down what it is told, and fails at a record if it is to.
  private final class Listener: ResultSink {
    struct Failure: Error {}

    var told: [String] = []
    var largestBatch = 0
    var failsAt: UInt64?

    func quarantine(_ batch: [LocatedFindings], shard: String) throws {
      largestBatch = max(largestBatch, batch.reduce(0) { $0 + $1.findings.count })
      for line in batch {
        if let failsAt, line.location.record == failsAt { throw Failure() }
        told.append("\(shard) \(line.location.record ?? 0)")
      }
    }

    func finish(_ shard: ShardSummary) throws { told.append("end of \(shard.name)") }
  }

  private static func line(_ record: UInt64, findings: Int = 1) -> LocatedFindings {
    LocatedFindings(
      location: Location(record: record),
      findings: Array(repeating: Finding(check: "c", severity: .error, message: "m"), count: findings))
  }

  private static func shard(_ name: String) -> ShardSummary {
    ShardSummary(name: name, status: .complete, format: "jsonl", compression: "none")
  }

  @Test("All comes in order, with a thread and without", arguments: [true, false])
  func order(_ hasThread: Bool) throws {
    let listener = Listener()
    let queue = SinkQueue(listener, hasThread: hasThread)
    defer { queue.close() }
    var expected: [String] = []
    for name in ["a", "b", "", "c"] {
      for record in 0..<UInt64(name == "b" ? 5_000 : 3) {
        try queue.add(Self.line(record, findings: record == 2 ? 2_000 : 1), shard: name)
        expected.append("\(name) \(record)")
      }
      // What is said of a gap between shards has no shard that ends.
      guard !name.isEmpty else { continue }
      try queue.finish(Self.shard(name))
      expected.append("end of \(name)")
    }
    try queue.drain()
    #expect(listener.told == expected)
    #expect(listener.largestBatch < 3_000)
  }

  @Test("An error of the sink reaches the caller, and nothing comes after it", arguments: [true, false])
  func failure(_ hasThread: Bool) throws {
    let listener = Listener()
    listener.failsAt = 1_000
    let queue = SinkQueue(listener, hasThread: hasThread)
    defer { queue.close() }
    #expect(throws: Listener.Failure.self) {
      for record in 0..<UInt64(1_000_000) { try queue.add(Self.line(record), shard: "a") }
      try queue.drain()
    }
    #expect(listener.told == (0..<UInt64(1_000)).map { "a \($0)" })
  }

  @Test("An error at the very end is thrown by what waits for the end", arguments: [true, false])
  func lateFailure(_ hasThread: Bool) throws {
    let listener = Listener()
    listener.failsAt = 1
    let queue = SinkQueue(listener, hasThread: hasThread)
    defer { queue.close() }
    try queue.add(Self.line(0), shard: "a")
    try queue.add(Self.line(1), shard: "a")
    #expect(throws: Listener.Failure.self) { try queue.drain() }
  }

  @Test("A queue that is given up early ends", arguments: [true, false])
  func givenUp(_ hasThread: Bool) throws {
    let listener = Listener()
    let queue = SinkQueue(listener, hasThread: hasThread)
    for record in 0..<UInt64(10_000) { try queue.add(Self.line(record), shard: "a") }
    queue.close()
    #expect(listener.told == (0..<UInt64(listener.told.count)).map { "a \($0)" })
  }
}
