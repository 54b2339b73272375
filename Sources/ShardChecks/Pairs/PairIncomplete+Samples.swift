import ShardModel

extension PairIncomplete {
  /// A sample lacks a member that nearly all others have.
  func concludeSamples(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    for (path, field) in dataset.fields where field.isMember && field.parent == FieldPath.root {
      if settings.rules.decides({ $0.required != nil }, path) { continue }
      let there = field.occurrences
      let all = dataset.fields[FieldPath.root]?.counts.object ?? 0
      let everywhere = NearlyAll.is(there, of: all, settings)
      // Samples of several kinds may lie side by side: then the shards that have the member at all are the measure.
      let measure = everywhere ? all : field.owners
      guard there < measure, NearlyAll.is(there, of: measure, settings) else { continue }
      let share = NearlyAll.percent(there, of: measure)
      let ending = SampleMembers.ending(path)
      conclusions.addMissingRule(path, everywhere: everywhere) { observation in
        Self.finding(
          field: observation.field,
          "the sample has no member .\(ending), \(share) of \(measure) samples have it")
      }
    }
  }
}
