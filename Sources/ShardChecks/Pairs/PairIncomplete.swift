import ShardModel
import ShardRules

/// A record that should have a picture and a text lacks one of them.
struct PairIncomplete: Check {
  static let description = CheckDescription(
    id: "pair-incomplete", family: .pairs, severity: .error,
    summary: "A record that should have a picture and a text lacks one of them.",
    rationale: """
      Loaders fail on it in the middle of an epoch, or put another sample in its place without a word. Conversations without a picture are legal in most formats; they are counted and said once as a note.
      """,
    parameters: NearlyAll.parameters,
    triggering: [
      SampleMembers.example([("012.jpg", "x")]), SampleMembers.example([("012.txt", "a cat")]),
      .init("{\"image\": null, \"caption\": \"a dog on a beach\"}\n"),
      .init(
        "{\"image\": \"\", \"conversations\": [{\"from\": \"human\", \"value\": \"<image>\\nWhat?\"}, {\"from\": \"gpt\", \"value\": \"A dog.\"}]}\n"
      ),
      .init("{\"image\": \"1.jpg\", \"conversations\": []}\n"),
    ],
    nonTriggering: [
      SampleMembers.example([("012.txt", "a cat"), ("012.jpg", "x")]),
      .init("{\"image\": \"1.jpg\", \"caption\": \"a dog on a beach\"}\n"),
      .init(
        "{\"conversations\": [{\"from\": \"human\", \"value\": \"Hello\"}, {\"from\": \"gpt\", \"value\": \"Hello.\"}]}\n"
      ),
      .init("{\"image\": \"1.jpg\", \"label\": 3}\n"),
    ])

  let settings: CheckSettings

  init(_ settings: CheckSettings) { self.settings = settings }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    let rule = settings.rules.pairs
    places.visit { row, record, shape in
      if shape.hasTurns, record.turns.count == 0 {
        let field = record.turnField >= 0 ? batch.fields[Int(record.turnField)].path : nil
        findings.add(finding(field: field, "no turn in the conversation"), row: row)
      }
      if record.isImageEmpty {
        let field = places.path(record.imagePosition, UInt32(bitPattern: record.imageField), UInt32(row))
        findings.add(finding(field: field, "the picture is null or an empty text"), row: row)
      } else if record.images.count == 0, lacksPicture(record, shape, rule) {
        findings.add(finding("no picture, expected one in each record"), row: row)
      }
      if shape.needsPicture, record.captionField < 0 {
        findings.add(finding("no text, expected a caption in each record"), row: row)
      }
      for turn in places.turns(of: record) where turn.content == .parts {
        for index in turn.parts.indices {
          let part = places.pairs.parts[index]
          // `{"type": "image"}` without an address stands for one of the list beside the turns.
          guard part.kind == .image, !part.hasSource, !record.hasImageList else { continue }
          findings.add(
            finding(
              field: places.path(part.position, part.field, turn.row), "a part that is a picture names none"),
            row: row)
        }
      }
    }
  }

  private func lacksPicture(_ record: PairRecord, _ shape: PairShape, _ rule: PairRule) -> Bool {
    if shape.needsPicture { return record.imageField < 0 }
    return rule.allowsTextOnly == false
  }

  func conclude(_ dataset: ShardProfile, _ conclusions: inout Conclusions) {
    let pairs = dataset.pairs
    concludeSamples(dataset, &conclusions)
    // That a record has no such field at all shows only beside others of its kind.
    let fields = [(pairs.captionFields, "no text"), (pairs.imageFields, "no picture")]
    for (counts, what) in fields {
      for (path, count) in counts {
        // Objects of shards that have the field.
        guard let field = dataset.fields[path], field.parent == FieldPath.root, !field.isMember,
          NearlyAll.is(min(count, field.owners), of: field.owners, settings)
        else { continue }
        conclusions.addMissingRule(path, everywhere: false) { observation in
          Self.finding(field: observation.field, what + ", which nearly all records have under this name")
        }
      }
    }
    let conversations = pairs.conversations
    guard pairs.withoutImage > 0, pairs.withoutImage < conversations else { return }
    var note = finding(
      "\(pairs.withoutImage) of \(conversations) conversations have no picture; that is legal, if it is meant"
    )
    note.severity = .note
    conclusions.findings.append(note)
  }
}
