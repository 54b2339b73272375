import ShardModel

/// One thing that can be wrong with data: what it is called, how it is seen in a batch, and what is said about it
/// at the end.
///
/// A check is a value without state of its own: statistics are taken once, for all checks, by the `Profiler`. What
/// can be told from the record alone is found in `observe`; what hangs on the whole data set is concluded from the
/// merged profile, as rules for observations (`Conclusions`) and as findings about fields.
package protocol Check: Sendable {
  static var description: CheckDescription { get }

  init(_ settings: CheckSettings)

  /// Finds what a batch shows by itself.
  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings)

  /// Judges the data set.
  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions)

  /// The check itself where it judges single pictures; a cast would search all types of the program for it.
  var ofPictures: (any ImageCheck)? { get }
}

extension Check {
  package var ofPictures: (any ImageCheck)? { nil }

  package func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {}

  package func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {}

  /// A finding of this check.
  func finding(field: String? = nil, value: String? = nil, _ message: String) -> Finding {
    Self.finding(field: field, value: value, message)
  }

  static func finding(field: String? = nil, value: String? = nil, _ message: String) -> Finding {
    Finding(
      check: description.id, severity: description.severity, field: field, value: value, message: message)
  }
}

/// What checks are told about a batch beside its columns.
package struct BatchContext {
  package let settings: CheckSettings
  /// Parallel to the batch's fields.
  package let facts: [NumberFacts]
  package let locator: Locator
  /// Pictures and the texts that belong to them; nil where the batch has none.
  package var pairs: PairExtractor?

  package init(settings: CheckSettings, facts: [NumberFacts], locator: Locator) {
    self.settings = settings
    self.facts = facts
    self.locator = locator
  }
}

/// The verdict about a data set: what each field must be, so which of the observations are findings.
package struct Conclusions: Sendable {
  /// Turns an observation into a finding, or nil where it is none.
  package typealias Rule = @Sendable (Observation) -> Finding?

  package struct Fences: Sendable {
    package var range: ClosedRange<Double>
    package var isLogarithmic: Bool
    package var finding: @Sendable (_ value: Double, _ text: String, _ field: String) -> Finding
  }

  /// By field path, then kind.
  package private(set) var rules: [String: [ObservationKind: [Rule]]] = [:]
  /// Fields that are missing only in shards where other objects have them: a data set may hold shards of several
  /// kinds of records.
  package private(set) var missingWhereSeen: Set<String> = []
  package var fences: [String: Fences] = [:]
  /// Of the lengths of sequences of tokens, by the path of their ids or text.
  package var tokenFences: [String: Fences] = [:]
  /// Of the sizes of pictures.
  package var imageSizes: Fences?
  /// About fields and the data set.
  package var findings: [Finding] = []
  /// About a shard as a whole, from its statistics.
  package var shardRules: [@Sendable (ShardProfile) -> [Finding]] = []

  package init() {}

  package mutating func addRule(_ path: String, _ kind: ObservationKind, _ rule: @escaping Rule) {
    rules[path, default: [:]][kind, default: []].append(rule)
  }

  /// - Parameter everywhere: whether a shard in which no object has the field is wrong as well.
  package mutating func addMissingRule(_ path: String, everywhere: Bool, _ rule: @escaping Rule) {
    addRule(path, .missing, rule)
    if !everywhere { missingWhereSeen.insert(path) }
  }

  package func findings(for observation: Observation) -> [Finding] {
    guard let rules = rules[observation.path]?[observation.kind] else { return [] }
    return rules.compactMap { $0(observation) }
  }

  /// Whether the shard with this profile must be read again: whether it has values that the verdict makes findings,
  /// but that were only counted.
  package func needsSecondRead(_ shard: ShardProfile, dataset: ShardProfile) -> Bool {
    for (path, kinds) in rules {
      guard let known = dataset.fields[path] else { continue }
      let listed = shard.fields[path]?.listed
      if listed == nil, missingWhereSeen.contains(path) { continue }
      for kind in kinds.keys
      where shard.count(kind, of: path, parent: known.parent, role: known.role) > listed?[kind] ?? 0 {
        return true
      }
    }
    if let imageSizes, shard.images.needsSecondRead(imageSizes.range) { return true }
    for (path, fences) in fences {
      guard let field = shard.fields[path], let limits = field.numbers.limits else { continue }
      let reachesOut =
        limits.lowerBound < fences.range.lowerBound || limits.upperBound > fences.range.upperBound
      if reachesOut, !field.extremes.isComplete(for: fences.range) { return true }
    }
    return shard.tokens.contains { needsSecondRead($0.key, $0.value) }
  }
}
