import ShardModel
import ShardRules

/// An answer has no text.
struct AnswerEmpty: Check {
  static let description = CheckDescription(
    id: "answer-empty", family: .pairs, severity: .error,
    summary: "An answer has no text.",
    rationale: """
      LLaVA then loses count of its tokens and masks the whole sample; Monkey learns to say nothing. With one answer in the batch there is no label left, and the loss is NaN.
      """,
    triggering: [
      .init(
        "{\"conversations\": [{\"from\": \"human\", \"value\": \"What?\"}, {\"from\": \"gpt\", \"value\": \" \"}]}\n"
      ),
      .init(
        "{\"messages\": [{\"role\": \"user\", \"content\": \"What?\"}, {\"role\": \"assistant\", \"content\": null}]}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"messages\": [{\"role\": \"user\", \"content\": \"What?\"}, {\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": \"1\"}]}, {\"role\": \"tool\", \"content\": \"\"}, {\"role\": \"assistant\", \"content\": \"A dog.\"}]}\n"
      )
    ])

  init(_ settings: CheckSettings) {}

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    places.visitConversations { row, record, shape in
      guard shape.hasTurns else { return }
      for turn in places.turns(of: record) where turn.role == .answer {
        let message: String
        switch turn.content {
        case .text where turn.marks.isBlank: message = "the answer is empty"
        case .parts where turn.marks.isBlank: message = "the answer has no text"
        case .null: message = "the answer is null"
        case .missing: message = "the answer has no content"
        default: continue
        }
        findings.add(finding(field: places.content(of: turn), message), row: row)
      }
    }
  }
}
