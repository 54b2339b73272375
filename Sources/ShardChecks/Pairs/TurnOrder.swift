import ShardModel
import ShardRules

/// The turns of a conversation do not alternate as trainers need them to.
struct TurnOrder: Check {
  static let description = CheckDescription(
    id: "turn-order", family: .pairs, severity: .error,
    summary: "Turns do not alternate between question and answer, or a role is unknown.",
    rationale: """
      Trainers assert the order and stop, skip the record, or go by position and train on the wrong side. Where a record has no picture, and where chat trainers bear it, it is a warning.
      """,
    triggering: [
      .init(
        "{\"image\": \"1.jpg\", \"conversations\": [{\"from\": \"human\", \"value\": \"<image>\\nWhat?\"}, {\"from\": \"human\", \"value\": \"A dog?\"}, {\"from\": \"gpt\", \"value\": \"Yes.\"}]}\n"
      ),
      .init(
        "{\"conversations\": [{\"from\": \"person\", \"value\": \"What?\"}, {\"from\": \"gpt\", \"value\": \"A dog.\"}]}\n"
      ),
    ],
    nonTriggering: [
      .init(
        "{\"messages\": [{\"role\": \"system\", \"content\": \"Be brief.\"}, {\"role\": \"user\", \"content\": \"What?\"}, {\"role\": \"assistant\", \"content\": \"A dog.\"}]}\n"
      ),
      .init(
        "{\"messages\": [{\"role\": \"user\", \"content\": \"What?\"}, {\"role\": \"assistant\", \"content\": null, \"tool_calls\": [1]}, {\"role\": \"tool\", \"content\": \"4\"}, {\"role\": \"tool\", \"content\": \"5\"}, {\"role\": \"assistant\", \"content\": \"A dog.\"}]}\n"
      ),
    ])

  private let rule: PairRule

  init(_ settings: CheckSettings) { rule = settings.rules.pairs }

  func observe(_ batch: RecordBatch, _ context: BatchContext, _ findings: inout ChunkFindings) {
    guard let places = PairPlaces(context) else { return }
    places.visitConversations { row, record, shape in
      guard shape.hasTurns, record.turns.count > 0 else { return }
      let hasPicture = record.images.count > 0 || rule.shape != nil
      for (turn, message, isCertain) in defects(places.turns(of: record), shape) {
        let role = turn.role == .missing ? nil : places.excerpt(turn.roleText)
        let severity: Severity = hasPicture && isCertain ? .error : .warning
        findings.add(finding(severity, field: places.turn(turn), value: role, message), row: row)
      }
    }
  }

  /// The first defect of each kind.
  private func defects(
    _ turns: UnsafeBufferPointer<PairTurn>, _ shape: PairShape
  ) -> [(PairTurn, String, Bool)] {
    var defects: [(PairTurn, String, Bool)] = []
    if let turn = turns.first(where: { $0.role == .unknown }) { defects.append((turn, "unknown role", true)) }
    if let turn = turns.first(where: { $0.role == .missing }) {
      defects.append((turn, "a turn without a role", true))
    }
    if let turn = turns.dropFirst().first(where: { $0.role == .system }) {
      defects.append((turn, "a system turn behind others, expected it first", true))
    }
    // What the others are is not known then.
    guard defects.isEmpty, let first = turns.first(where: { $0.role != .system }), let last = turns.last
    else {
      return defects
    }
    if first.role == .answer {
      // LLaVA leaves it out; Monkey and Qwen-VL go by position.
      defects.append((first, "the conversation begins with an answer, expected a question", shape == .qwenVL))
    }
    // Several tools may answer one call.
    if !turns.contains(where: { $0.role == .tool }) {
      var previous = PairRole.system
      for turn in turns where turn.role != .system {
        if turn.role == previous {
          let what = turn.role == .answer ? "answers" : "questions"
          defects.append((turn, "two \(what) one after the other", true))
          break
        }
        previous = turn.role
      }
    }
    if last.role != .answer {
      // A prompt without an answer is what reinforcement learning starts from.
      let isPrompt = shape == .messages || shape == .conversation
      defects.append((last, "the conversation ends without an answer", !isPrompt))
    }
    return defects
  }
}
