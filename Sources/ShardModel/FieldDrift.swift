/// How a field of one data set differs from that of another: plain values for findings, tables and files.
///
/// Distances and shares are rounded to six decimals, so that they are the same on every processor.
package struct FieldDrift: Sendable, Equatable {
  package enum Presence: String, Sendable {
    case both, added, lost
  }

  package var path: String
  package var presence: Presence
  /// Whether the field was frequent enough where it is for its absence to mean something.
  package var isPresenceBeyond = false
  package var measures: [Measure] = []
  package var rates: [Rate] = []

  package init(path: String, presence: Presence) {
    self.path = path
    self.presence = presence
  }

  /// Whether anything moved beyond its limit.
  package var isBeyond: Bool {
    isPresenceBeyond || measures.contains(where: \.isBeyond) || rates.contains(where: \.isBeyond)
  }
}

extension FieldDrift {
  /// The largest distance or difference in units of its limit; infinite for a field that is new or lost.
  package func excess(_ limits: DriftSettings) -> Double {
    if isPresenceBeyond { return .infinity }
    return max(
      measures.reduce(0) { max($0, $1.excess(limits)) }, rates.reduce(0) { max($0, $1.excess(limits)) })
  }

  /// What is compared.
  package enum Kind: String, Sendable {
    case numbers, characters, lengths, categories
  }

  /// A comparison of two distributions.
  package struct Measure: Sendable, Equatable {
    package var kind: Kind
    /// Values on both sides.
    package var before: UInt64
    package var after: UInt64
    /// Jensen-Shannon distance, base 2, less what chance alone is expected to add; nil for categories.
    package var jensenShannon: Double?
    /// Population stability index, less what chance alone is expected to add; nil for categories.
    package var stability: Double?
    package var medianBefore: Double?
    package var medianAfter: Double?
    /// The largest difference of the shares of a value; categories only.
    package var largest: Double?
    /// The value with the largest difference, and its shares.
    package var category: String?
    package var shareBefore: Double?
    package var shareAfter: Double?
    package var isBeyond = false

    /// The largest distance in units of its limit.
    package func excess(_ limits: DriftSettings) -> Double {
      max(
        (jensenShannon ?? 0) / limits.jensenShannon, (stability ?? 0) / limits.stability,
        (largest ?? 0) / limits.categories)
    }

    package init(kind: Kind, before: UInt64, after: UInt64) {
      self.kind = kind
      self.before = before
      self.after = after
    }
  }

  /// A share of the values, or of the objects for `missing`.
  package struct Rate: Sendable, Equatable {
    /// `missing`, `null`, `nan`, `infinite`, `number`, `whole`, `text`, `boolean`, `object`, `list`.
    package var name: String
    package var before: Double
    package var after: Double
    package var isBeyond: Bool

    /// The difference in units of its limit.
    package func excess(_ limits: DriftSettings) -> Double { (after - before).magnitude / limits.rates }

    package init(name: String, before: Double, after: Double, isBeyond: Bool) {
      self.name = name
      self.before = before
      self.after = after
      self.isBeyond = isBeyond
    }
  }
}

/// When a difference counts.
package struct DriftSettings: Sendable, Equatable {
  /// Jensen-Shannon distance, base 2, 0 to 1.
  package var jensenShannon = 0.1
  /// Population stability index.
  package var stability = 0.25
  /// The difference of the shares of one value of a field of categories.
  package var categories = 0.1
  /// The difference of the shares of null, missing, NaN and infinite values, and of types.
  package var rates = 0.05
  /// With fewer values than this on either side nothing is said about a distribution.
  package var fewest: UInt64 = 50

  package init() {}
}
