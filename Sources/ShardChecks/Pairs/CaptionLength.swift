import ShardModel
import ShardRules

/// A caption is shorter or longer than the model can use.
struct CaptionLength: Check {
  static let description = CheckDescription(
    id: "caption-length", family: .pairs, severity: .warning,
    summary:
      "A caption is shorter or longer than the rules allow, or longer than any description of a picture.",
    rationale: """
      A text encoder cuts what is beyond its limit (77 tokens for CLIP) without a word, and page texts that slipped in as captions waste memory and describe no picture.
      """,
    parameters: [
      .init("longest", default: "10000", "characters of a caption, where the rules set no limit of their own")
    ],
    triggering: [
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"a dog on a beach\"}\n",
        rules: "version: 1\npairs: {caption_length: [1, 10]}\n"),
      .init(
        "{\"image\": \"1.jpg\", \"caption\": \"a dog on a beach\"}\n",
        rules: "version: 1\nchecks: {caption-length: {longest: 10}}\n"),
    ],
    nonTriggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"a dog on a beach\"}\n")
    ])

  private let range: LengthRange

  init(_ settings: CheckSettings) {
    let longest = settings.number("longest", of: Self.description.id) ?? 10_000
    range = settings.rules.pairs.captionLength ?? LengthRange(minimum: 0, maximum: Int(min(longest, 1e12)))
  }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    let extent = places.pairs.captionExtent
    guard
      Int(extent.fewestCharacters) < range.minimum
        || Int(extent.mostCharacters) > range.maximum ?? Int.max
    else { return }
    for caption in places.pairs.captions.values where !caption.isNull && !caption.marks.isBlank {
      let characters = Int(caption.text.characters)
      guard characters < range.minimum || characters > range.maximum ?? Int.max else { continue }
      let expected =
        characters < range.minimum ? "at least \(range.minimum)" : "at most \(range.maximum ?? Int.max)"
      findings.add(
        finding(
          field: places.path(caption.position, caption.field, caption.row),
          value: places.excerpt(caption.text),
          "\(characters) characters, expected \(expected)"), row: Int(caption.row))
    }
  }
}
