import ShardModel

extension PairIncomplete {
  /// A sample lacks a member that nearly all others have, where pictures are one kind of member, whatever their format.
  func concludeSamples(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    concludePictures(dataset, &conclusions)
    for (path, field) in dataset.fields
    where field.isMember && field.parent == FieldPath.root && !SampleMembers.isPicture(path, field) {
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

  private func concludePictures(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    // The most frequent first.
    let pictures = dataset.fields.filter { SampleMembers.isPicture($0, $1) }.sorted {
      ($1.value.occurrences, $0.key) < ($0.value.occurrences, $1.key)
    }
    guard let root = dataset.fields[FieldPath.root], let first = pictures.first?.key,
      !pictures.contains(where: { field in settings.rules.decides({ $0.required != nil }, field.key) })
    else { return }
    let all = root.counts.object
    let there = all - min(root.withoutPicture, all)
    let everywhere = NearlyAll.is(there, of: all, settings)
    // As for other members.
    let measure = everywhere ? all : root.owners
    guard there < measure, NearlyAll.is(there, of: measure, settings) else { return }
    let share = NearlyAll.percent(there, of: measure)
    let names = pictures.prefix(Self.mostNames).map { "." + SampleMembers.ending($0.key) }
    let more = pictures.count > Self.mostNames ? ", …" : ""
    let message =
      "the sample has no picture (\(names.joined(separator: ", "))\(more)), \(share) of \(measure) samples have one"
    conclusions.addMissingRule(FieldPath.root, .noPicture, everywhere: everywhere) { _ in
      Self.finding(field: first, message)
    }
  }

  /// Extensions that a message names.
  private static let mostNames = 4
}
