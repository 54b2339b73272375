// The trainers that use Qwen-VL's tokenizer and vision model.
extension Trainer {
  /// Tokens of a picture between its marks.
  private var span: Int {
    if case .fixed(let tokens, _) = pictures { tokens } else { 256 }
  }

  private func text(_ turn: Turn, _ tokenizer: any TextTokenizer) -> Result<QwenText, TextRejection> {
    do throws(TextRejection) {
      return .success(try QwenText(turn.content, span: span, tokenizer))
    } catch {
      return .failure(error)
    }
  }

  // MARK: Monkey

  /// Question, answer, one end of text that carries a label. A text that the tokenizer refuses is left out.
  func monkey(_ turns: [Turn], _ tokenizer: any TextTokenizer) -> TrainedRecord {
    guard turns.count >= 2 else { return TrainedRecord(failure: .tooFewTurns) }
    var layout = Layout()
    let question = layout.add(text(turns[0], tokenizer), .ignored)
    let answer = layout.add(text(turns[1], tokenizer), .answer)
    layout.runs.append(1, .answer)
    var record = TrainedRecord(layout.runs, limit: limit)
    record.droppedQuestion = question
    record.droppedAnswer = answer
    record.areRolesSwapped = turns[0].role == .assistant || turns[0].role == .system
    record.failure = crash(layout)
    if record.failure == nil, record.beforeFirstLabel == nil {
      record.failure = question.map { .allTextsDropped($0) } ?? .noAnswer
    }
    return record
  }

  /// All turns, each answer followed by an end of text; an answer that the tokenizer refuses loses that too.
  func textMonkey(_ turns: [Turn], _ tokenizer: any TextTokenizer) -> TrainedRecord {
    var layout = Layout()
    var record = TrainedRecord()
    for (index, turn) in turns.enumerated() {
      let isAnswer = index % 2 == 1
      let rejection = layout.add(text(turn, tokenizer), isAnswer ? .answer : .ignored)
      if isAnswer, rejection == nil { layout.runs.append(1, .answer) }
      if isAnswer {
        record.droppedAnswer = record.droppedAnswer ?? rejection
      } else {
        record.droppedQuestion = record.droppedQuestion ?? rejection
      }
    }
    let (question, answer) = (record.droppedQuestion, record.droppedAnswer)
    record = TrainedRecord(layout.runs, limit: limit)
    record.droppedQuestion = question
    record.droppedAnswer = answer
    record.areRolesSwapped = turns.first.map { $0.role == .assistant || $0.role == .system } ?? false
    record.failure = crash(layout)
    if record.failure == nil, record.beforeFirstLabel == nil {
      record.failure = answer.map { .allTextsDropped($0) } ?? .noAnswer
    }
    return record
  }

  // MARK: Qwen-VL

  /// ChatML, in which the marks of every turn carry labels: the record is never without one, but may be without an
  /// answer.
  func qwenVL(_ turns: [Turn], _ tokenizer: any TextTokenizer) -> TrainedRecord {
    guard let first = turns.first else { return TrainedRecord(failure: .tooFewTurns) }
    if first.role != .user, first.role != .assistant { return TrainedRecord(failure: .unknownRole(turn: 0)) }
    var layout = Layout()
    let line = tokenizer.count(Array("\n".utf8))
    let system = tokenizer.count(Array("system".utf8)) + line
    layout.runs.append(1, .frame)
    layout.runs.append(
      system + tokenizer.count(Array("You are a helpful assistant.".utf8)), .ignored)
    layout.runs.append(1 + line, .frame)
    for (index, turn) in turns.enumerated() where index > 0 || turn.role == .user {
      guard turn.role == .user || turn.role == .assistant else {
        return TrainedRecord(failure: .unknownRole(turn: index))
      }
      let isAnswer = turn.role == .assistant
      layout.runs.append(1, .frame)
      layout.runs.append(tokenizer.count(Array((isAnswer ? "assistant" : "user").utf8)) + line, .ignored)
      if let rejection = layout.add(text(turn, tokenizer), isAnswer ? .answer : .ignored) {
        return TrainedRecord(failure: .rejected(turn: index, rejection))
      }
      // What ends an answer is learnt with it.
      layout.runs.append(1, isAnswer ? .answer : .frame)
      layout.runs.append(line, .frame)
    }
    var record = TrainedRecord(layout.runs, limit: limit)
    record.failure = crash(layout)
    if record.failure == nil, record.beforeFirstAnswer == nil { record.failure = .noAnswer }
    return record
  }

  // MARK: Pictures

  /// Tokens of a record with the places of its pictures.
  struct Layout {
    var runs = LabelRuns()
    var pictures: [QwenText.Span] = []
    var strayEnds: [Int] = []

    /// Adds a text; returns why it is left out.
    mutating func add(_ text: Result<QwenText, TextRejection>, _ worth: LabelRuns.Worth) -> TextRejection? {
      switch text {
      case .failure(let rejection): return rejection
      case .success(let text):
        let start = runs.count
        for picture in text.pictures {
          pictures.append(
            QwenText.Span(
              start: start + picture.start, end: start + picture.end, pathBytes: picture.pathBytes))
        }
        strayEnds += text.strayEnds.map { start + $0 }
        runs.append(text.tokens, worth)
        return nil
      }
    }
  }

  /// The vision model pairs the starts and the ends that are left after the cut, and looks for padding between them.
  private func crash(_ layout: Layout) -> TrainingFailure? {
    let begun = layout.pictures.filter { $0.start < limit }
    guard !begun.isEmpty else { return nil }
    if layout.strayEnds.contains(where: { $0 < limit }) { return .strayPictureEnd }
    if let cut = begun.first(where: { $0.end >= limit }) { return .pictureCut(end: cut.end) }
    // The last place before the end is not looked at.
    if let path = begun.first(where: { $0.pathBytes > span - 2 }) {
      return .picturePathUnpadded(bytes: path.pathBytes, most: span - 2)
    }
    return nil
  }
}
