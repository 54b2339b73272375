import ShardModel
import ShardRules

/// The placeholders in the turns are not as many as the pictures, or stand where none may be.
struct PlaceholderMismatch: Check {
  static let description = CheckDescription(
    id: "placeholder-mismatch", family: .pairs, severity: .error,
    summary: "Placeholders of pictures and pictures do not match, in number or in place.",
    rationale: """
      Trainers raise where the counts differ ("image features and image tokens do not match"), or drop the picture without a word; a placeholder in an answer is trained on as text or counted as a picture.
      """,
    triggering: [
      .init(
        "{\"image\": \"1.jpg\", \"conversations\": [{\"from\": \"human\", \"value\": \"What?\"}, {\"from\": \"gpt\", \"value\": \"A dog.\"}]}\n"
      ),
      .init(
        "{\"images\": [\"1.jpg\"], \"messages\": [{\"role\": \"user\", \"content\": \"<image><image>What?\"}, {\"role\": \"assistant\", \"content\": \"A dog.\"}]}\n"
      ),
      .init(
        "{\"image\": \"1.jpg\", \"conversations\": [{\"from\": \"human\", \"value\": \"What?\"}, {\"from\": \"gpt\", \"value\": \"<image> A dog.\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"human\", \"value\": \"<image>\\nWhat?\"}, {\"from\": \"gpt\", \"value\": \"A dog.\"}]}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"image\": \"1.jpg\", \"conversations\": [{\"from\": \"human\", \"value\": \"<image>\\nWhat?\"}, {\"from\": \"gpt\", \"value\": \"A dog.\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"human\", \"value\": \"What does the element <image> do in SVG?\"}, {\"from\": \"gpt\", \"value\": \"It shows a picture.\"}]}\n"
      ),
    ])

  private let rule: PairRule

  init(_ settings: CheckSettings) { rule = settings.rules.pairs }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    places.visitConversations { row, record, shape in
      guard shape.hasTurns, record.turns.count > 0 else { return }
      var asked = 0
      var free = 0
      for turn in places.turns(of: record) {
        for index in turn.parts.indices {
          let part = places.pairs.parts[index]
          if part.kind == .image, !part.hasSource { free += 1 }
        }
        let kind: PairTag.Kind = shape == .qwenVL ? .image : .placeholder
        let count = places.tags(of: turn).count { $0.kind == kind && !$0.isClosing }
        guard count > 0 else { continue }
        if turn.role == .answer, isPicture(record, shape) {
          let what = kind == .image ? "a picture" : "a placeholder of a picture"
          findings.add(
            finding(
              field: places.content(of: turn), value: places.excerpt(turn.text),
              what + " in an answer, expected it in a question"), row: row)
        }
        asked += count
      }
      if let message = mismatch(record, shape, asked + free, places) {
        findings.add(finding(field: field(record, batch), message), row: row)
      }
    }
  }

  private func isPicture(_ record: PairRecord, _ shape: PairShape) -> Bool {
    shape != .conversation && shape != .messages
  }

  private func field(_ record: PairRecord, _ batch: RecordBatch) -> String? {
    record.turnField >= 0 ? batch.fields[Int(record.turnField)].path : nil
  }

  private func mismatch(
    _ record: PairRecord, _ shape: PairShape, _ asked: Int, _ places: PairPlaces
  ) -> String? {
    let images = Int(record.images.count)
    switch shape {
    case .llava, .imageList, .internVL:
      // Said by other checks.
      if record.isImageEmpty || record.isImageListText { return nil }
      // InternVL puts the placeholder of a single picture where it is missing.
      if shape == .internVL, asked == 0, images <= 1 { return nil }
      guard asked != images else { return nil }
      return "\(asked) \(asked == 1 ? "placeholder" : "placeholders") for "
        + "\(images) \(images == 1 ? "picture" : "pictures")"
    case .conversation:
      guard asked > 0, rule.shape != nil || beginsWithPlaceholder(record, places) else { return nil }
      return "\(asked) \(asked == 1 ? "placeholder" : "placeholders") for no picture"
    case .qwenVL, .messages, .metadata, .webDataset: return nil
    }
  }

  /// Whether the first question begins or ends with a placeholder, as LLaVA's do: a text about such a tag does not.
  private func beginsWithPlaceholder(_ record: PairRecord, _ places: PairPlaces) -> Bool {
    guard let turn = places.turns(of: record).first(where: { $0.role == .user }), turn.content == .text
    else { return false }
    let length = places.pairs.bytes(of: turn.text).count
    return places.tags(of: turn).contains {
      $0.kind == .placeholder && ($0.start == 0 || Int($0.end) == length)
    }
  }
}
