import ShardModel

/// Samples as a source of examples, and what few of them have.
enum SampleMembers {
  /// Twenty-four good samples with others in the middle.
  static func example(_ odd: [(name: String, content: String)]) -> CheckDescription.Example {
    let names = (0..<25).map { $0 < 10 ? "00\($0)" : "0\($0)" }
    let good = names.map { name in [("\(name).jpg", "picture \(name)"), ("\(name).txt", "a cat, \(name)")] }
    let members = good[..<12].flatMap { $0 } + odd + good[13...].flatMap { $0 }
    return .init(samples: members, options: ["--nearly-all", "0.9"])
  }

  /// The extensions that few samples have, of the data set and of the shards that have them, with how many do.
  static func rare(
    _ dataset: ShardProfile, _ settings: CheckSettings
  ) -> [(path: String, count: UInt64, samples: UInt64)] {
    let samples = dataset.fields[FieldPath.root]?.counts.object ?? 0
    return dataset.fields.compactMap { path, field in
      guard field.isMember, field.parent == FieldPath.root else { return nil }
      // A picture in another format is the sample's picture all the same.
      if isPicture(path, field) { return nil }
      let count = field.occurrences
      let fewest = min(samples, field.owners)
      guard NearlyAll.is(fewest - min(count, fewest), of: fewest, settings) else { return nil }
      return (path, count, fewest)
    }
  }

  /// Whether a field is a member that is the picture of its sample, in one format or another; an extension with a period,
  /// `seg.png`, is a member of its own kind.
  static func isPicture(_ path: String, _ field: FieldProfile) -> Bool {
    field.isMember && field.parent == FieldPath.root && field.counts.picture > 0
      && !ending(path).contains(".")
  }

  /// Whether a member's path is that of an extension with a period, `["v2.jpg"]`, whose last part other samples have alone.
  static func hasPeriod(_ path: String, _ dataset: ShardProfile) -> Bool {
    guard path.hasPrefix("$[\""), let period = path.lastIndex(of: "."), path.hasSuffix("\"]") else {
      return false
    }
    return dataset.fields[String(path[path.index(after: period)...].dropLast(2))]?.isMember ?? false
  }

  /// The extension that a member's path names.
  static func ending(_ path: String) -> String {
    path.hasPrefix("$[\"") && path.hasSuffix("\"]") ? String(path.dropFirst(3).dropLast(2)) : path
  }
}
