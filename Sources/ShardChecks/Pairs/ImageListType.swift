import ShardModel

/// `images` is a text where a list is meant.
struct ImageListType: Check {
  static let description = CheckDescription(
    id: "image-list-type", family: .pairs, severity: .error,
    summary: "`images` is a text where a list of pictures is meant.",
    rationale: """
      Trainers take the length of the text for the number of pictures, and its letters for their paths.
      """,
    triggering: [
      .init(
        "{\"images\": \"1.jpg\", \"messages\": [{\"role\": \"user\", \"content\": \"<image>What?\"}, {\"role\": \"assistant\", \"content\": \"A dog.\"}]}\n"
      )
    ],
    nonTriggering: [
      .init(
        "{\"images\": [\"1.jpg\"], \"messages\": [{\"role\": \"user\", \"content\": \"<image>What?\"}, {\"role\": \"assistant\", \"content\": \"A dog.\"}]}\n"
      ),
      .init(
        "{\"image\": \"1.jpg\", \"conversations\": [{\"from\": \"human\", \"value\": \"<image>\\nWhat?\"}, {\"from\": \"gpt\", \"value\": \"A dog.\"}]}\n"
      ),
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    guard places.pairs.fields.images.contains(where: \.isList) else { return }
    places.visit { row, record, shape in
      guard shape.hasTurns, record.isImageListText else { return }
      let value = places.images(of: record).first.map { Excerpt.of(places.pairs.bytes(of: $0)) }
      let field = batch.fields[Int(record.imageField)].path
      findings.add(finding(field: field, value: value, "a text, expected a list of pictures"), row: row)
    }
  }
}
