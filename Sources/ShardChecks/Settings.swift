import ShardImages
import ShardModel
import ShardRules

/// The number format that training will use, for values that do not survive the cast.
package enum TrainingType: String, Sendable, CaseIterable {
  case fp32, fp16, bf16

  /// The largest magnitude that does not round to an infinity.
  package var largest: Double {
    switch self {
    // Half a unit in the last place above the largest finite number, exclusive: round to nearest even.
    case .fp32: 0x1.ffffffp127
    case .fp16: 65_520
    case .bf16: 0x1.ffp127
    }
  }

  /// Magnitudes at or below this round to zero.
  package var smallest: Double {
    switch self {
    case .fp32: 0x1p-150
    case .fp16: 0x1p-25
    case .bf16: 0x1p-134
    }
  }

  package func overflows(_ value: Double) -> Bool { value.isFinite && value.magnitude >= largest }

  package func underflows(_ value: Double) -> Bool { value != 0 && value.magnitude <= smallest }
}

/// What the user can say about the checks.
package struct CheckSettings: Sendable, Equatable {
  package var trainingType = TrainingType.fp32
  package var outliers = OutlierRule.iqr(3)
  /// How far the pictures of records are read.
  package var imageMode = ImageMode.full
  /// The share of records that makes a rule of what they have in common, above 0.5 and at most 1.
  package var nearlyAll = 0.95
  /// Below this many values no rule is made.
  package var fewest: UInt64 = 20
  /// Globs of the field paths by which records are compared with each other; empty: the whole record.
  package var duplicateFields: [String] = []
  package var drift = DriftSettings()
  /// What the rules file demands of fields and records.
  package var rules = Rules()
  /// The special tokens of the tokenizer in use, sorted.
  package var specialTokens: [String] = []
  /// What the user said of single checks, by id.
  package var severities: [String: Severity] = [:]
  package var parameters: [String: [String: RuleValue]] = [:]
  /// An earlier data set to compare with; nil: each shard is compared with the others.
  package var baseline: Baseline?
  /// Ids of the checks that run.
  package var enabled: Set<String>

  package init(enabled: Set<String>) { self.enabled = enabled }
}
