import ShardChecks
import ShardModel

/// The results that a scan or a merge left in a folder, judged once more from their states: no data are read.
package struct StoredScan: Sendable {
  package let folder: String
  private let record: ScanRecord

  /// - Throws: `ScanRun.MergeFailure` where the folder holds no results, `FileFailure` where they cannot be read.
  package init(_ folder: String) throws {
    self.folder = folder
    let stored = folder + "/state"
    guard Files.exists(stored + "/" + ScanRecord.fileName) else { throw ScanRun.MergeFailure.noState(folder) }
    record = try ScanRecord(readingFrom: stored)
  }

  /// Whether the scan left values and keys out of its output.
  package var redacts: Bool { record.redacts }

  /// Gives the sink what it got when the results were made, and returns the same result.
  ///
  /// - Complexity: O(states); memory as in a merge.
  package func replay(sink: any ResultSink) throws -> ScanResult {
    let stored = folder + "/state"
    var states: [(name: String, path: String)] = []
    for path in try Files.listAll(stored) where path.hasSuffix(StateFile.fileEnding) {
      states.append((try StateReader(path: stored + "/" + path).state.name, stored + "/" + path))
    }
    var plan = ScanPlan(inputs: [], settings: record.settings, output: folder)
    plan.readsAgain = false
    var conclude = Conclude(plan: plan, policy: record.policy, progress: ScanProgress())
    return try conclude.run(states: states, record: record, sink: sink)
  }
}
