import ShardModel

/// A trainer stops at a conversation, or leaves a part of it out without a word.
struct ConversationUnusable: Check {
  static let description = CheckDescription(
    id: "conversation-unusable", family: .tokens, severity: .error,
    summary: "The trainer stops at a conversation, or leaves a part of it out without a word.",
    rationale: """
      A picture whose end is cut off, a tag without its other half or an unknown role ends the run at the step that reads \
      the record. A question that the tokenizer refuses is dropped, and its answer trained without it.
      """,
    triggering: [
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg What?\"}, {\"from\": \"assistant\", \"value\": \"A dog.\"}]}\n",
        options: ["--tokenizer", "bytes.json"], rules: "version: 1\ntokens: {trainer: monkey}\n")
    ],
    nonTriggering: [
      .init(
        "{\"conversations\": [{\"from\": \"user\", \"value\": \"<img>1.jpg</img> What?\"}, {\"from\": \"assistant\", \"value\": \"A dog.\"}]}\n",
        options: ["--tokenizer", "bytes.json"], rules: "version: 1\ntokens: {trainer: monkey}\n")
    ])

  /// Found by `ConversationChecker`.
  init(_ settings: CheckSettings) {}

  static func finding(_ failure: TrainingFailure, _ trainer: Trainer, field: String?) -> Finding {
    finding(field: field, value: nil, "\(trainer.name) stops here: " + failure.reason(limit: trainer.limit))
  }

  static func dropped(_ rejection: TextRejection, _ part: String, field: String?) -> Finding {
    finding(
      field: field, value: nil,
      "\(part) is dropped without a word, since the tokenizer refuses it: \(rejection.reason)")
  }

  static func swapped(field: String?) -> Finding {
    finding(
      field: field, value: nil,
      "the first turn is no question, but turns are told by their places: answers are masked, questions are learnt"
    )
  }

  /// What is never read lowers the value of the record, and is no error.
  static func unread(_ turns: Int, of all: Int, field: String?) -> Finding {
    var finding = finding(
      field: field, value: "\(all) turns", "only the first two turns are read, \(turns) of \(all) are not")
    finding.severity = .warning
    return finding
  }
}

extension TrainingFailure {
  /// What is wrong, in words.
  func reason(limit: Int) -> String {
    switch self {
    case .tooFewTurns: "too few turns, expected a question and an answer"
    case .unknownRole(let turn): "turn \(turn) has a role that it does not know"
    case .turnOrder(let turn):
      "turn \(turn) has the role of the one before; question and answer must alternate"
    case .rejected(let turn, let rejection): "turn \(turn): \(rejection.reason)"
    case .pictureCut(let end):
      "a picture ends at token \(Figures.grouped(end)), behind the limit of \(Figures.grouped(limit)); one of "
        + "\(Figures.grouped(end + 1)) would keep it"
    case .strayPictureEnd: "</img> without <img> beside a picture"
    case .picturePathUnpadded(let bytes, let most):
      "a picture's path has \(Figures.grouped(bytes)) bytes, expected at most \(Figures.grouped(most))"
    case .pictureSize: "a picture's size is unknown, or one that the model refuses"
    case .allTextsDropped(let rejection):
      "the tokenizer refuses every text, and they are dropped: \(rejection.reason)"
    case .templateMismatch(let counted, let total, let reason):
      "\(reason.reason), so the parts count \(Figures.grouped(counted)) tokens of \(Figures.grouped(total)) and all are "
        + "masked"
    case .noAnswer: "no answer in it"
    }
  }
}

extension TextRejection {
  var reason: String {
    switch self {
    case .unclosedPicture: "<img> without </img>"
    case .picturePathTooLong(let bytes, let most):
      "a picture's path has \(Figures.grouped(bytes)) bytes, expected at most \(Figures.grouped(most))"
    case .specialTokenInPath(let name): "\(name) stands in a picture's path"
    }
  }
}

extension TemplateMismatch {
  var reason: String {
    switch self {
    case .emptyTurn(let turn): "turn \(turn) is empty"
    case .separatorInText(let turn, let text): "turn \(turn) has `\(text)` in its text"
    case .noAnswer: "the last turn is no answer"
    }
  }
}
