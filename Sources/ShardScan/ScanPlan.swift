import ShardChecks
import ShardIngest
import ShardTokens

/// All that a scan does, decided before it starts.
package struct ScanPlan: Sendable {
  /// Sorted by name, no name twice.
  package var inputs: [ShardInput]
  package var settings: ScanSettings
  package var threads = 1
  /// The one that the settings name, shared by all workers; without it no token of a text is counted.
  package var tokenizer: Tokenizer?
  /// What finds the pictures that records name, for one worker.
  package var pictures: @Sendable (ScanSettings) -> any PictureResolving = { PictureFinder($0) }
  /// Bytes of memory in which records are compared with each other; what does not fit goes through files.
  package var duplicateMemory = 256 << 20
  /// Whether shards may be read a second time; otherwise what an earlier second read left is used.
  package var readsAgain = true
  /// The folder for `state/` and everything else.
  package var output: String

  package init(inputs: [ShardInput], settings: ScanSettings, output: String) {
    self.inputs = inputs
    self.settings = settings
    self.output = output
  }

  package var stateFolder: String { output + "/state" }
}
