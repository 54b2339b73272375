import ShardModel
import ShardRules

/// A box in the text of a turn is none.
struct BoxMalformed: Check {
  static let description = CheckDescription(
    id: "box-malformed", family: .pairs, severity: .error,
    summary:
      "A box in a text is not two points in the range that the model takes, the first above and left of the second.",
    rationale: """
      The model learns to write boxes as the data do: fractions where it reads thousandths, or corners in the wrong order, are wrong answers that no trainer notices.
      """,
    triggering: [
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg</img> Where?\"}, {\"from\": \"assistant\", \"value\": \"<box>(588,499),(225,789)</box>\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg</img> Where?\"}, {\"from\": \"assistant\", \"value\": \"<box>(0.5,0.4),(0.7,0.8)</box>\"}]}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg</img> Where?\"}, {\"from\": \"assistant\", \"value\": \"<box>(588,499),(725,789)</box>\"}]}\n"
      )
    ])

  private let range: PairRule.BoxRange

  init(_ settings: CheckSettings) { range = settings.rules.pairs.boxRange ?? .thousand }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    places.visitConversations { row, record, shape in
      guard record.isTagged || shape == .qwenVL || shape == .internVL else { return }
      for turn in places.turns(of: record) where turn.tags.count > 1 {
        let tags = places.tags(of: turn)
        guard tags.contains(where: { $0.kind == .box || $0.kind == .quad }) else { continue }
        places.pairs.visitTexts(of: turn) { text, place, field, position in
          let bytes = places.pairs.bytes(of: text)
          for (open, close) in zip(tags, tags.dropFirst())
          where (open.kind == .box || open.kind == .quad) && !open.isClosing && close.isClosing
            && close.kind == open.kind && open.text == place && close.text == place
            && open.end <= close.start && Int(close.start) <= bytes.count
          {
            let content = UnsafeBufferPointer(rebasing: bytes[Int(open.end)..<Int(close.start)])
            guard let message = defect(content, open.kind) else { continue }
            findings.add(
              finding(
                field: places.path(position, UInt32(field), turn.row), value: Excerpt.of(content), message),
              row: row)
          }
        }
      }
    }
  }

  private func defect(_ content: UnsafeBufferPointer<UInt8>, _ kind: PairTag.Kind) -> String? {
    guard let box = BoxText(content) else { return "expected a box such as (588,499),(725,789)" }
    return box.defect(kind, range)
  }
}
