import ShardModel

/// Findings and observations of one chunk while it is being checked, to be put in the order of their records.
package struct ChunkFindings {
  private var findings: [(row: Int, finding: Finding)] = []
  private var observations: [(row: Int, observation: Observation)] = []

  package init() {}

  package var isEmpty: Bool { findings.isEmpty && observations.isEmpty }

  package mutating func add(_ finding: Finding, row: Int) { findings.append((row, finding)) }

  package mutating func add(_ observation: Observation, row: Int) { observations.append((row, observation)) }

  /// One entry a record, in record order; within a record in the order of `FindingOrder`.
  /// - Complexity: O(n log n) in the number of findings of the chunk.
  package mutating func located(by locator: Locator) -> [LocatedObservations] {
    findings.sort { $0.row < $1.row }
    observations.sort { $0.row < $1.row }
    var result: [LocatedObservations] = []
    var nextFinding = 0
    var nextObservation = 0
    while nextFinding < findings.count || nextObservation < observations.count {
      let row = min(
        nextFinding < findings.count ? findings[nextFinding].row : Int.max,
        nextObservation < observations.count ? observations[nextObservation].row : Int.max)
      var entry = LocatedObservations(location: locator.location(ofRow: row))
      while nextFinding < findings.count, findings[nextFinding].row == row {
        entry.findings.append(findings[nextFinding].finding)
        nextFinding += 1
      }
      while nextObservation < observations.count, observations[nextObservation].row == row {
        entry.observations.append(observations[nextObservation].observation)
        nextObservation += 1
      }
      result.append(entry)
    }
    findings.removeAll(keepingCapacity: true)
    observations.removeAll(keepingCapacity: true)
    return result
  }
}

/// The order of findings within a record: errors first, then by check, field and value, so that it does not
/// depend on which of them was seen first.
package enum FindingOrder {
  package static func precedes(_ left: Finding, _ right: Finding) -> Bool {
    if left.severity != right.severity { return left.severity > right.severity }
    if left.check != right.check { return left.check < right.check }
    if left.field != right.field { return left.field ?? "" < right.field ?? "" }
    return left.message < right.message
  }
}
