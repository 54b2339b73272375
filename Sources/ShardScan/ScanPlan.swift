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
  /// Bytes of memory in which records are compared with each other; what does not fit goes through files.
  package var duplicateMemory = 256 << 20
  /// The folder for `state/` and everything else.
  package var output: String

  package init(inputs: [ShardInput], settings: ScanSettings, output: String) {
    self.inputs = inputs
    self.settings = settings
    self.output = output
  }

  package var stateFolder: String { output + "/state" }
}
