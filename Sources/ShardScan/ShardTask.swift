import ShardChecks
import ShardIngest
import ShardModel

/// One shard while it is read by one or more workers.
///
/// A worker takes the next piece under the lock of its feed, works on it alone, and hands in the result under the
/// lock of the results, where it waits for those before it: findings are written, and moments merged, in the order
/// of the pieces, whoever made them.
final class ShardTask: @unchecked Sendable {
  let input: ShardInput
  private let plan: ScanPlan
  private let progress: ScanProgress
  private let expectsHelp: Bool
  private let openLock = Monitor()
  private let resultLock = Monitor()

  // Under the lock of the opening; set once.
  private var source: ChunkSource?
  private var feed: PieceFeed?
  private var isOpen = false

  // Under the lock of the results.
  private var state: ShardState
  private var writer: StateWriter?
  private var index: RecordIndexWriter?
  private var nextPiece = 0
  private var early: [Int: PieceResult] = [:]
  private var order = OrderTracker()
  private var keys = SampleKeyTracker()
  /// Parts of the index that have their place and are not written.
  private var unwritten: [RecordIndexWriter.Part] = []
  /// The one that opens the shard is counted from the start.
  private var workers = 1
  private(set) var problem: ScanProblem?
  private var isAborted = false
  private let statePath: String
  private let indexPath: String?

  /// A worker waits while this many results wait for an earlier one.
  private static let earlyLimit = 64

  /// - Parameters:
  ///   - indexPath: where the index of the records goes, if they are compared with each other.
  ///   - expectsHelp: whether other workers have no shard of their own and will join at once.
  init(
    _ input: ShardInput, _ plan: ScanPlan, statePath: String, indexPath: String?, progress: ScanProgress,
    expectsHelp: Bool
  ) {
    self.input = input
    self.expectsHelp = expectsHelp
    self.plan = plan
    self.statePath = statePath
    self.indexPath = indexPath
    self.progress = progress
    state = ShardState(name: input.name, path: input.isStandardInput ? "" : input.path)
  }

  /// Opens the shard; on failure the problem is set and there is nothing to do.
  private func open(_ workspace: DecodingWorkspace) {
    do throws(IngestError) {
      let source = try ChunkSource(input, options: plan.settings.ingest, workspace: workspace)
      self.source = source
      feed = PieceFeed(source, progress: progress, expectsHelp: expectsHelp)
    } catch {
      problem = ScanProblem(path: input.name, reason: Self.reason(error, input))
      isAborted = true
      return
    }
    do throws(FileFailure) {
      writer = try StateWriter(path: statePath)
      if let indexPath { index = try RecordIndexWriter(path: indexPath) }
    } catch {
      problem = ScanProblem(path: error.path, reason: error.reason)
      isAborted = true
      feed = nil
    }
  }

  private static func reason(_ error: IngestError, _ input: ShardInput) -> String {
    if case .unreadable(_, let reason) = error { return reason }
    return error.description
  }

  /// Lets another worker help; false where there is nothing to help with.
  func join() -> Bool {
    let feed = openLock.locked {
      while !isOpen { openLock.wait() }
      return self.feed
    }
    guard let feed, feed.join() else { return false }
    return resultLock.locked {
      guard workers > 0 else { return false }
      workers += 1
      return true
    }
  }

  /// Works on the shard until no piece is left; returns whether this worker was the last, which stores the state.
  func work(_ worker: Worker, isFirst: Bool) -> Bool {
    let feed = openLock.locked {
      if isFirst {
        open(worker.workspace)
        isOpen = true
        openLock.signal()
      }
      return self.feed
    }
    if let feed {
      while let (index, piece) = feed.next(&worker.buffer) { handIn(process(piece, worker), index) }
    }
    let profile = worker.drain()
    let isLast = resultLock.locked { () -> Bool in
      // Moments and top values are in the state already.
      state.profile.merge(profile)
      workers -= 1
      return workers == 0
    }
    if isLast { finish() }
    return isLast
  }

  private func process(_ piece: ShardPiece, _ worker: Worker) -> PieceResult {
    var result = PieceResult()
    switch piece {
    case .records(let count, let origin, let layout, let isFinal):
      result = worker.process(
        count: count, of: input, origin: origin, layout: layout, isFinal: isFinal)
      progress.records.add(result.records, ordering: .relaxed)
    case .tooLong(let origin, let length):
      result.records = 1
      result.bytes = length
      result.memberOrdinal = origin.memberOrdinal
      add(
        ShardFindings.tooLong(length, plan.settings.ingest.maximumRecordBytes), at: origin, length: length,
        &result)
    case .failure(let error, let origin):
      if error.isOutsideTheBytes {
        resultLock.locked { problem = ScanProblem(path: input.name, reason: Self.reason(error, input)) }
      } else {
        result.memberOrdinal = origin.memberOrdinal
        let location = Location(
          member: origin.member, offset: ShardFindings.offset(of: error) ?? origin.offset)
        result.entries.append(
          LocatedObservations(location: location, findings: [ShardUnreadable.finding(error.description)]))
        resultLock.locked { state.status = .damaged }
      }
    case .notDecoded(let reason, let origin, let isHazard):
      result.memberOrdinal = origin.memberOrdinal
      result.entries.append(
        LocatedObservations(
          location: Location(member: origin.member),
          findings: [ShardFindings.notDecoded(reason, isHazard: isHazard)]))
      resultLock.locked { state.passedOver[ShardFindings.arrays, default: 0] += 1 }
    case .passedOver(let member):
      let ending = ShardFindings.ending(of: member.name ?? "")
      resultLock.locked { state.passedOver[ending, default: 0] += 1 }
    case .unexpected(let member, let reason):
      result.entries.append(
        LocatedObservations(
          location: Location(member: member.name),
          findings: [MemberUnexpected.finding(member.name ?? "", reason)]))
    }
    return result
  }

  private func add(_ finding: Finding, at origin: BatchOrigin, length: UInt64, _ result: inout PieceResult) {
    result.entries.append(
      LocatedObservations(
        location: Location(
          member: origin.member, record: origin.record, line: origin.line == 0 ? nil : origin.line,
          offset: origin.offset, length: length),
        findings: [finding]))
  }

  private func handIn(_ result: PieceResult, _ index: Int) {
    let parts = resultLock.locked {
      while index != nextPiece, early.count >= Self.earlyLimit, !isAborted {
        resultLock.wait(milliseconds: 50)
      }
      early[index] = result
      while let next = early.removeValue(forKey: nextPiece) {
        take(next)
        nextPiece += 1
      }
      resultLock.signal()
      defer { unwritten.removeAll() }
      return unwritten
    }
    // Nobody waits for these.
    do throws(FileFailure) {
      for part in parts { try self.index?.write(part) }
    } catch {
      let failure = ScanProblem(path: error.path, reason: error.reason)
      resultLock.locked {
        problem = failure
        isAborted = true
      }
    }
  }

  private func take(_ result: PieceResult) {
    var result = result
    for broken in order.take(result.edges, memberOrdinal: result.memberOrdinal) {
      state.profile.rules[broken.key, default: RuleTally()].broken += 1
      result.entries.insert(broken.entry)
    }
    for repeated in keys.take(result.keys) { result.entries.insert(repeated) }
    for (ending, count) in result.membersNotRead { state.passedOver[ending, default: 0] += count }
    state.records += result.records
    state.bytes += result.bytes
    state.profile.merge(result.profile)
    guard problem == nil || !isAborted else { return }
    do throws(FileFailure) {
      for entry in result.entries { try writer?.write(enabled(entry), memberOrdinal: result.memberOrdinal) }
      if !result.index.isEmpty, let index { unwritten.append(index.place(result.index)) }
    } catch {
      problem = ScanProblem(path: error.path, reason: error.reason)
      isAborted = true
    }
  }

  /// Without the findings of checks that are off.
  private func enabled(_ entry: LocatedObservations) -> LocatedObservations {
    var entry = entry
    entry.findings.removeAll { !plan.settings.checks.enabled.contains($0.check) }
    return entry
  }

  private func finish() {
    guard let source, let feed, !isAborted, !feed.isCutShort else {
      writer?.abandon()
      index?.abandon()
      return
    }
    state.profile.close()
    state.members = source.memberCount
    state.compression = source.stream.compression.rawValue
    let container = source.stream.container
    let formats = source.formats.joined(separator: "+")
    state.format =
      container == .none || source.stream.isSamples
      ? formats : "\(container.rawValue) of \(formats.isEmpty ? "no records" : formats)"
    do throws(IngestError) {
      // A limit leaves the rest unread: its bytes are not part of the result.
      if source.isCutByLimit {
        if state.status == .complete { state.status = .limited }
      } else {
        state.digest = try source.stream.finishDigest()
      }
    } catch {
      problem = ScanProblem(path: input.name, reason: Self.reason(error, input))
    }
    state.storedBytes = source.stream.storedBytes
    feed.finishProgress(state.storedBytes)
    if problem != nil { state.status = .unread }
    do throws(FileFailure) {
      if let mismatch = source.stream.nameMismatch,
        plan.settings.checks.enabled.contains(ShardUnreadable.description.id)
      {
        try writer?.write(
          LocatedObservations(location: Location(), findings: [ShardFindings.nameMismatch(mismatch)]),
          memberOrdinal: 0)
      }
      if keys.isFull, plan.settings.checks.enabled.contains(SampleSplit.description.id) {
        try writer?.write(
          LocatedObservations(
            location: Location(), findings: [SampleSplit.limitReached(SampleKeyTracker.limit)]),
          memberOrdinal: 0)
      }
      // A state that is there has its index.
      try index?.finish()
      try writer?.finish(state)
    } catch {
      problem = ScanProblem(path: error.path, reason: error.reason)
    }
    progress.shards.add(1, ordering: .relaxed)
    keys = SampleKeyTracker()
    self.source = nil
    self.feed = nil
  }
}

extension [LocatedObservations] {
  /// Adds observations about a record where they belong; the entries are in record order.
  fileprivate mutating func insert(_ entry: LocatedObservations) {
    let record = entry.location.record ?? 0
    let place = firstIndex { $0.location.record ?? UInt64.max >= record } ?? endIndex
    if place < endIndex, self[place].location.record == record {
      self[place].findings += entry.findings
      self[place].observations += entry.observations
    } else {
      insert(entry, at: place)
    }
  }
}

/// Findings that come from reading, not from a batch.
enum ShardFindings {
  /// Under which arrays are counted that are not decoded; endings of names are shorter.
  static let arrays = "arrays of other types"

  static func tooLong(_ length: UInt64, _ limit: Int) -> Finding {
    Finding(
      check: "record-malformed", severity: .error,
      message: "\(length) bytes long, over the limit of \(limit) bytes, skipped; raise it with --max-record")
  }

  /// What is sound but not read is worth knowing; what would run code if it were loaded is an error.
  static func notDecoded(_ reason: String, isHazard: Bool) -> Finding {
    var finding = ShardUnreadable.finding(reason)
    finding.severity = isHazard ? .error : .note
    return finding
  }

  static func nameMismatch(_ text: String) -> Finding {
    var finding = ShardUnreadable.finding("the name does not fit the content: " + text)
    finding.severity = .warning
    return finding
  }

  static func offset(of error: IngestError) -> UInt64? {
    switch error {
    case .damaged(_, _, let offset), .limit(_, let offset): offset
    default: nil
    }
  }

  /// The ending of a member's name, in lower case, for counting.
  static func ending(of name: String) -> String {
    let file = name.split(separator: "/").last ?? ""
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return "no ending" }
    return String(file[file.index(after: dot)...].prefix(16)).lowercased()
  }
}
