import ShardModel

/// What a scan has to say beside the states of its shards; stored with them, so that a merge knows it too.
package struct ScanRecord: Sendable, Equatable {
  package var settings: ScanSettings
  package var problems: [ScanProblem] = []
  /// Shards without a state.
  package var unread: [String] = []
  package var isInterrupted = false
  /// How the result was judged.
  package var policy = GatePolicy()
  /// Whether values and keys are left out of every output.
  package var redacts = false
  /// What discovery passed over, by reason.
  package var passedOver: [String: UInt64] = [:]

  package init(settings: ScanSettings) { self.settings = settings }

  package static let fileName = "scan"
  private static let magic: [UInt8] = Array("SHRDSCN".utf8) + [3]

  package mutating func merge(_ other: ScanRecord) {
    problems += other.problems
    unread += other.unread
    isInterrupted = isInterrupted || other.isInterrupted
    for (reason, count) in other.passedOver { passedOver[reason, default: 0] += count }
    settle()
  }

  mutating func settle() {
    problems.sort { ($0.path, $0.reason) < ($1.path, $1.reason) }
    unread = Set(unread).sorted { ByteOrder.precedes($0, $1) }
  }

  func write(to folder: String) throws(FileFailure) {
    var writer = ByteWriter()
    writer.write(raw: Self.magic)
    settings.encode(into: &writer)
    writer.write(isInterrupted)
    writer.write(UInt64(problems.count))
    for problem in problems {
      writer.write(problem.path)
      writer.write(problem.reason)
    }
    writer.write(UInt64(unread.count))
    for name in unread { writer.write(name) }
    policy.encode(into: &writer)
    writer.write(redacts)
    writer.write(UInt64(passedOver.count))
    for reason in passedOver.keys.sorted() {
      writer.write(reason)
      writer.write(passedOver[reason] ?? 0)
    }
    let file = try FileWriter(path: folder + "/" + Self.fileName)
    try file.write(writer.bytes)
    try file.finish()
  }

  package init(readingFrom folder: String) throws(FileFailure) {
    settings = ScanSettings()
    let path = folder + "/" + Self.fileName
    let file = try FileReader(path: path)
    let bytes = try file.read(at: 0, count: Int(min(file.count, 1 << 30)))
    guard bytes.starts(with: Self.magic) else {
      throw FileFailure(path: path, reason: "not a state of this version of shardcheck")
    }
    do throws(DecodingFailure) {
      var reader = ByteReader(bytes[8...])
      settings = try ScanSettings(decoding: &reader)
      isInterrupted = try reader.readBool()
      for _ in 0..<(try reader.readCount(minimumSize: 2)) {
        let path = try reader.readString()
        problems.append(ScanProblem(path: path, reason: try reader.readString()))
      }
      for _ in 0..<(try reader.readCount()) { unread.append(try reader.readString()) }
      policy = try GatePolicy(decoding: &reader)
      redacts = try reader.readBool()
      for _ in 0..<(try reader.readCount(minimumSize: 2)) {
        let reason = try reader.readString()
        passedOver[reason] = try reader.readTally()
      }
    } catch {
      throw FileFailure(path: path, reason: error.description)
    }
  }
}
