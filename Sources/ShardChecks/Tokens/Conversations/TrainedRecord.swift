/// What stops a trainer at a record, or makes it worthless, other than the cut.
package enum TrainingFailure: Sendable, Equatable {
  // The run ends with an exception.
  case tooFewTurns
  /// A role that the trainer does not know, by its turn.
  case unknownRole(turn: Int)
  case turnOrder(turn: Int)
  /// A text that the tokenizer refuses, where nobody catches that.
  case rejected(turn: Int, TextRejection)
  /// The end of a picture stands at this token, behind the cut, and its start before it.
  case pictureCut(end: Int)
  /// `</img>` without a picture beside one with.
  case strayPictureEnd
  /// A path of so many bytes leaves no room for padding, by which its end is found.
  case picturePathUnpadded(bytes: Int, most: Int)
  /// The model refuses a picture of this size, or the size is not known.
  case pictureSize
  // The record gives no label.
  /// All texts are refused, and dropped without a word.
  case allTextsDropped(TextRejection)
  /// What was masked is not as long as the whole, so everything is masked: the text is not in the template's form.
  case templateMismatch(counted: Int, total: Int, TemplateMismatch)
  case noAnswer

  /// Whether the run ends.
  package var isCrash: Bool {
    switch self {
    case .allTextsDropped, .templateMismatch, .noAnswer: false
    default: true
    }
  }
}

/// Why Qwen-VL's tokenizer refuses a text.
package enum TextRejection: Error, Equatable {
  case unclosedPicture
  case picturePathTooLong(bytes: Int, most: Int)
  case specialTokenInPath(String)
}

/// Why a text is not in the form of its template.
package enum TemplateMismatch: Sendable, Equatable {
  case emptyTurn(Int)
  /// The separator of the answers, or the end of one, stands in a turn's text.
  case separatorInText(turn: Int, String)
  /// The last turn is a question.
  case noAnswer
}

/// What a trainer makes of one record.
package struct TrainedRecord: Sendable, Equatable {
  /// Before the cut.
  package var tokens = 0
  /// Labels that carry loss, before the cut.
  package var labelled = 0
  /// Tokens before the first label that carries loss; nil if there is none. A record gives a label iff this is below the
  /// limit: 2,047 of 2,048 leave one, 2,048 none.
  package var beforeFirstLabel: Int?
  /// Labels that carry loss after the cut.
  package var left = 0
  /// Those of them that stand on an answer, rather than on tokens of the template.
  package var answersLeft = 0
  /// Tokens before the first label on an answer.
  package var beforeFirstAnswer: Int?
  /// The least limit that keeps all labels.
  package var limitForAll = 0
  package var failure: TrainingFailure?
  /// A question that the tokenizer refuses, dropped without a word: the answer is trained without it.
  package var droppedQuestion: TextRejection?
  /// An answer that is dropped likewise.
  package var droppedAnswer: TextRejection?
  /// Whether roles are told by position and the first turn is no question.
  package var areRolesSwapped = false

  /// The least limit that leaves one label; nil if none does.
  package var limitForOne: Int? { beforeFirstLabel.map { $0 + 1 } }

  init() {}

  init(failure: TrainingFailure) { self.failure = failure }

  /// The record with these tokens, cut at `limit`, with labels shifted by one: the first is never used.
  init(_ runs: LabelRuns, limit: Int) {
    tokens = runs.count
    labelled = runs.labelled(in: 1..<max(1, runs.count))
    beforeFirstLabel = runs.firstLabel(from: 1)
    beforeFirstAnswer = runs.firstLabel(from: 1, answersOnly: true)
    let kept = 1..<max(1, min(limit, runs.count))
    left = runs.labelled(in: kept)
    answersLeft = runs.labelled(in: kept, answersOnly: true)
    limitForAll = runs.end
  }
}
