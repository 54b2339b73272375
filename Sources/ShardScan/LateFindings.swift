import ShardModel

/// Where an entry stands in its shard.
struct RecordPlace: Comparable {
  var member: UInt64
  /// A finding about a member stands after those about its records.
  var record: UInt64

  static func < (left: RecordPlace, right: RecordPlace) -> Bool {
    left.member != right.member ? left.member < right.member : left.record < right.record
  }
}

/// A finding about a record that only the whole data set shows.
struct LateFinding {
  var place: RecordPlace
  var location: Location
  var finding: Finding
}

/// The findings of a shard that only the whole data set shows, in the order of records: outliers, which are few enough to
/// be held, and duplicates, which are not.
struct LateFindings {
  private var outliers: ArraySlice<LateFinding>
  private let duplicates: DuplicateRecords?
  private let shard: String
  private var duplicate: LateFinding?
  private var isBegun = false
  /// Of one record outliers come first: their locations have its key.
  private(set) var next: LateFinding?

  /// - Parameter outliers: in the order of records.
  init(_ outliers: [LateFinding], _ duplicates: DuplicateRecords?, shard: String) {
    self.outliers = outliers[...]
    self.duplicates = duplicates
    self.shard = shard
  }

  /// Goes on to the next finding, at first to the first.
  mutating func advance() throws {
    if !isBegun { duplicate = try nextDuplicate() }
    isBegun = true
    if let outlier = outliers.first, duplicate.map({ outlier.place <= $0.place }) ?? true {
      next = outlier
      outliers.removeFirst()
    } else if duplicate != nil {
      next = duplicate
      duplicate = try nextDuplicate()
    } else {
      next = nil
    }
  }

  private func nextDuplicate() throws -> LateFinding? {
    guard let found = try duplicates?.next(in: shard) else { return nil }
    return LateFinding(
      place: RecordPlace(member: found.memberOrdinal, record: found.location.record ?? 0),
      location: found.location, finding: found.finding)
  }
}
