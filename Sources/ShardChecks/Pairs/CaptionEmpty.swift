import ShardModel

/// A caption has no text, or what a reader of tables takes for none.
struct CaptionEmpty: Check {
  static let description = CheckDescription(
    id: "caption-empty", family: .pairs, severity: .error,
    summary: "A caption is null, empty, blank, or a word that pandas reads as missing.",
    rationale: """
      The picture is trained with nothing, or with the word "nan": open_clip reads captions through pandas and writes what is missing as text.
      """,
    triggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \" \\n\"}\n"),
      .init("{\"image\": \"1.jpg\", \"caption\": null}\n"),
      .init("filepath,caption\n1.jpg,NA\n2.jpg,a dog on a beach\n", file: "example.csv"),
    ],
    nonTriggering: [
      .init("{\"image\": \"1.jpg\", \"caption\": \"n/a to the dog\"}\n")
    ])

  /// What pandas.read_csv takes for a missing value by default (pandas 2.2, `STR_NA_VALUES`), without the empty text.
  private static let missing: Set<String> = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
  ]
  private static let longest = 8

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    let extent = places.pairs.captionExtent
    guard extent.hasBlank || extent.shortest <= Self.longest else { return }
    for caption in places.pairs.captions.values {
      guard caption.isNull || caption.marks.isBlank || caption.text.length <= Self.longest else { continue }
      guard let (severity, value, message) = defect(caption, batch, places) else { continue }
      findings.add(
        finding(
          severity, field: places.path(caption.position, caption.field, caption.row), value: value, message),
        row: Int(caption.row))
    }
  }

  private func defect(
    _ caption: PairCaption, _ batch: RecordBatch, _ places: PairPlaces
  ) -> (Severity, String?, String)? {
    if caption.isNull { return (.error, nil, "the caption is null") }
    if caption.text.length == 0 { return (.error, nil, "the caption is empty") }
    if caption.marks.isBlank { return (.error, nil, "the caption is blank") }
    let text = String(decoding: places.pairs.bytes(of: caption.text), as: UTF8.self)
    guard Self.missing.contains(text) else { return nil }
    // Only tables are read that way; in JSON it is the trace of a table that was.
    return (batch.isUntyped ? .error : .warning, text, "a caption that pandas reads as missing")
  }
}
