/// The outcome of a scan or of a merge as plain values: all that a report, a gate or a comparison needs.
///
/// It holds no finding about single records: those are streamed (`LocatedFindings`), counted here, and shown by a
/// bounded number of examples.
package struct ScanResult: Sendable, Equatable {
  package var totals = ScanTotals()
  /// By check id; checks without a finding are left out.
  package var checks: [String: CheckTally] = [:]
  /// In the order of their paths.
  package var fields: [FieldSummary] = []
  /// Sequences of tokens of all fields together; nil where there are none.
  package var tokens: TokenSummary?
  /// What counted the tokens of texts; nil: nothing did.
  package var tokenizer: TokenizerSummary?
  /// Nil where no record is a pair of a picture and a text.
  package var pairs: PairSummary?
  /// Nil where no record has a picture.
  package var images: ImageSummary?
  /// Findings about fields and about the data set.
  package var findings: [Finding] = []
  /// In the order of their names.
  package var shards: [ShardSummary] = []
  /// What was not looked at, for people, one reason a line: `12 members are not record files (jpg 10, txt 2)`.
  package var unchecked: [String] = []
  /// What could not be read for a reason outside its bytes.
  package var problems: [ScanProblem] = []
  /// Stopped by a signal before all shards were read.
  package var isInterrupted = false
  /// `--limit`, if any.
  package var recordLimit: UInt64?
  /// Fields that moved against the baseline, the most first; empty without one.
  package var drift: [DriftFigure] = []
  /// Of flagged images, at most `Thumbnail.countLimit`, the gravest first, then in shard order.
  package var thumbnails: [Thumbnail] = []
  package var gate = GateVerdict()

  package init() {}
}

package struct ScanTotals: Sendable, Equatable {
  package var shards: UInt64 = 0
  package var records: UInt64 = 0
  /// Decoded bytes of the records' members.
  package var bytes: UInt64 = 0
  package var storedBytes: UInt64 = 0
  /// Records on the quarantine list.
  package var quarantined: UInt64 = 0
  /// Findings by severity, those about fields, shards and the data set included.
  package var errors: UInt64 = 0
  package var warnings: UInt64 = 0
  package var notes: UInt64 = 0

  package init() {}
}

package struct CheckTally: Sendable, Equatable {
  package var severity: Severity
  package var findings: UInt64 = 0
  /// Distinct records with at least one of them.
  package var records: UInt64 = 0
  /// The first findings in shard order, at most `CheckTally.exampleLimit`.
  package var examples: [FindingExample] = []

  package static let exampleLimit = 3

  package init(severity: Severity) { self.severity = severity }
}

package struct FindingExample: Sendable, Equatable {
  /// Nil for a finding about a field or the data set.
  package var shard: String?
  package var location: Location
  package var finding: Finding

  package init(shard: String?, location: Location, finding: Finding) {
    self.shard = shard
    self.location = location
    self.finding = finding
  }
}

/// An input that could not be read for a reason outside its bytes.
package struct ScanProblem: Sendable, Equatable {
  package var path: String
  package var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

package struct ShardSummary: Sendable, Equatable {
  package enum Status: String, Sendable {
    /// Read to its end.
    case complete
    /// Damaged: what stands before the damage was read.
    case damaged
    /// Stopped by `--limit`.
    case limited
    /// Not read, or not to its end, for a reason outside its bytes or because of an interrupt.
    case unread
  }

  package var name: String
  package var status: Status
  /// `jsonl`, `json`, `csv`, `tsv`, or `tar of jsonl` and the like.
  package var format: String
  /// `none`, `gzip`, `zstd`, ...
  package var compression: String
  package var members: UInt64 = 0
  package var records: UInt64 = 0
  package var bytes: UInt64 = 0
  package var storedBytes: UInt64 = 0
  /// XXH3-128 of the stored bytes, 32 hexadecimal digits; nil where they were not all read.
  package var digest: String?
  package var quarantined: UInt64 = 0
  package var errors: UInt64 = 0
  package var warnings: UInt64 = 0
  package var notes: UInt64 = 0
  package var checks: [String: CheckTally] = [:]
  /// Sequences of tokens by field, in the order of the paths.
  package var tokens: [TokenSummary] = []

  package init(name: String, status: Status, format: String, compression: String) {
    self.name = name
    self.status = status
    self.format = format
    self.compression = compression
  }
}

/// What the gate says: a pure function of the result and the policy.
package struct GateVerdict: Sendable, Equatable {
  package enum Outcome: String, Sendable {
    case passed
    case failed
    /// Some input could not be read, so nothing can be said of the whole.
    case incomplete
  }

  package var outcome = Outcome.passed
  /// `error`, `warning` or `never`.
  package var failOn = "error"
  /// As the user wrote it: `0`, `100`, `0.5%`.
  package var maximumQuarantined = "0"
  /// One sentence for people, lower case, no full stop.
  package var reason = ""

  package init() {}
}
