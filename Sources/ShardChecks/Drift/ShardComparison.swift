import ShardModel

/// One comparison of one field: its numbers, its lengths or its categories.
struct ShardComparison {
  let path: String
  let list: String?
  let binning: FieldBinning
  let whole: [Double]
  let independent: UInt64?
  let few: Int
  /// Shards with enough values to be judged.
  private(set) var shards = 0
  private(set) var candidates: [Candidate] = []
  /// How many shards differ from the core of the data set.
  private(set) var differing = 0
  private(set) var odd: [(shard: Int, measure: FieldDrift.Measure)] = []

  struct Candidate {
    var shard: Int
    var distance: Double
    var side: DistributionJudge.Side
  }

  init(
    path: String, list: String?, binning: FieldBinning, whole: [Double], independent: UInt64?, few: Int
  ) {
    self.path = path
    self.list = list
    self.binning = binning
    self.whole = whole
    self.independent = independent
    self.few = few
  }

  private func side(_ profile: ShardProfile, _ judge: DistributionJudge) -> DistributionJudge.Side? {
    guard let field = profile.fields[path] else { return nil }
    let lists = list.map { profile.fields[$0]?.counts.list ?? 0 }
    let side = DistributionJudge.Side(binning.counts(field), independent: lists)
    return side.independent >= Double(judge.settings.fewest) ? side : nil
  }

  mutating func observe(_ shard: Int, _ profile: ShardProfile, _ judge: DistributionJudge) {
    guard let side = side(profile, judge) else { return }
    shards += 1
    let distance = binning.distance(side, rest([side]), judge)
    guard distance.isBeyond else { return }
    // The order of shards decides between equals.
    let place = candidates.firstIndex { $0.distance < distance.value } ?? candidates.count
    guard place < few else { return }
    candidates.insert(Candidate(shard: shard, distance: distance.value, side: side), at: place)
    if candidates.count > few { candidates.removeLast() }
  }

  mutating func observeAgain(_ shard: Int, _ profile: ShardProfile, _ judge: DistributionJudge) {
    guard !candidates.isEmpty, let field = profile.fields[path], let side = side(profile, judge) else {
      return
    }
    let others = candidates.filter { $0.shard != shard }.map(\.side)
    let core = rest(others + [side])
    guard binning.distance(side, core, judge).isBeyond else { return }
    differing += 1
    guard odd.count < few else { return }
    odd.append((shard, binning.measure(side, core, field, judge)))
  }

  /// The data set without some shards.
  private func rest(_ sides: [DistributionJudge.Side]) -> DistributionJudge.Side {
    var counts = whole
    var independent = Double(self.independent ?? .max)
    for side in sides {
      for bin in counts.indices { counts[bin] -= side.counts[bin] }
      if self.independent != nil { independent -= side.independent }
    }
    // Counts of bins are whole and never more than the data set's, but states come from files.
    var rest = DistributionJudge.Side(counts.map { max(0, $0) })
    rest.independent = min(rest.independent, max(0, independent))
    return rest
  }
}
