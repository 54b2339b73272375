extension Trainer {
  private static let separator = Array(" ASSISTANT: ".utf8)
  private static let end = Array("</s>".utf8)
  /// What stands for padding, whose tokens are not counted.
  private static let padding = Array("<unk>".utf8)
  private static let placeholder = Array("<image>".utf8)

  /// The whole conversation is written as Vicuna's prompt and made into tokens; then the prompt is split into rounds at
  /// `</s>` and each at the answer's header, their tokens are counted again, and what is not counted as an answer is
  /// masked. Where the counts do not add up to the whole, all of it is.
  ///
  /// Until the model puts features in its place, a picture is one token.
  func llava(_ turns: [Turn], _ tokenizer: any TextTokenizer) -> TrainedRecord {
    guard let first = turns.first else { return TrainedRecord(failure: .tooFewTurns) }
    if let turn = turns.firstIndex(where: { $0.role != .user && $0.role != .assistant }) {
      return TrainedRecord(failure: .unknownRole(turn: turn))
    }
    let dropped = first.role == .user ? 0 : 1
    let kept = turns.dropFirst(dropped)
    for (index, turn) in zip(0..., kept) where turn.role != (index % 2 == 0 ? .user : .assistant) {
      return TrainedRecord(failure: .turnOrder(turn: index + dropped))
    }
    let images = turns.flatMap(\.pictures)
    var prompt = Array((ChatTemplate.vicunaSystem + " ").utf8)
    for (index, turn) in zip(0..., kept) {
      let isAnswer = index % 2 == 1
      let content = images.isEmpty ? turn.content : Self.withPictureFirst(turn.content)
      prompt += Array((isAnswer ? "ASSISTANT:" : "USER:").utf8)
      guard !content.isEmpty else { continue }
      prompt += [UInt8(ascii: " ")] + content + (isAnswer ? Self.end : [UInt8(ascii: " ")])
    }
    return llava(prompt, kept, dropped: dropped, images: images, tokenizer)
  }

  private func llava(
    _ prompt: [UInt8], _ turns: ArraySlice<Turn>, dropped: Int, images: [TurnPicture],
    _ tokenizer: any TextTokenizer
  ) -> TrainedRecord {
    let hasImage = !images.isEmpty
    let whole = VicunaText(prompt[...], hasImage: hasImage, tokenizer)
    var counted = 1
    var answers: [Range<Int>] = []
    for round in prompt[...].parts(at: Self.end) {
      if round.isEmpty { break }
      let parts = round.parts(at: Self.separator)
      guard parts.count == 2 else { break }
      let question = round[..<parts[1].startIndex]
      let length = 1 + VicunaText(round, hasImage: hasImage, tokenizer).tokens
      // Less the beginning of the text, and the space before the answer, which is a part of its first token.
      let masked = VicunaText(question, hasImage: hasImage, tokenizer).tokens - 1
      answers.append((counted + max(0, masked))..<max(counted + max(0, masked), counted + length))
      counted += length
    }
    let total = 1 + whole.tokens
    let padding = prompt[...].parts(at: Self.padding).count - 1
    let isMismatch = counted < limit && counted != total - padding
    var runs = LabelRuns()
    let all = images.map { pictures.tokens($0) }
    var costs = all[...]
    var places = whole.pictures.map { 1 + $0 }[...]
    var place = 0
    // Labels on a picture are dropped where its features are put.
    func append(upTo end: Int, _ worth: LabelRuns.Worth) -> Bool {
      while let picture = places.first, picture < end {
        runs.append(picture - place, worth)
        let cost = costs.first ?? all.last ?? nil
        guard let cost else { return false }
        runs.append(cost, .ignored)
        costs = costs.dropFirst()
        places = places.dropFirst()
        place = picture + 1
      }
      runs.append(end - place, worth)
      place = max(place, end)
      return true
    }
    var isKnown = true
    for answer in isMismatch ? [] : answers where answer.lowerBound < total {
      isKnown = isKnown && append(upTo: answer.lowerBound, .ignored)
      isKnown = isKnown && append(upTo: min(answer.upperBound, total), .answer)
    }
    isKnown = isKnown && append(upTo: total, .ignored)
    guard isKnown else { return TrainedRecord(failure: .pictureSize) }
    var record = TrainedRecord(runs, limit: limit)
    if isMismatch {
      record.failure = .templateMismatch(
        counted: counted, total: total - padding, Self.reason(turns, dropped: dropped))
    } else if record.beforeFirstLabel == nil {
      record.failure = .noAnswer
    }
    return record
  }

  /// Placeholders are taken out and one is put before the text.
  private static func withPictureFirst(_ content: [UInt8]) -> [UInt8] {
    let parts = content[...].parts(at: placeholder)
    guard parts.count > 1 else { return content }
    let text = PythonText.stripped(Array(parts.joined())[...])
    return Array(PythonText.stripped((placeholder + [UInt8(ascii: "\n")] + text)[...]))
  }

  private static func reason(_ turns: ArraySlice<Turn>, dropped: Int) -> TemplateMismatch {
    for (index, turn) in zip(dropped..., turns) {
      for separator in [separator, end, padding] where turn.content[...].firstRange(of: separator) != nil {
        return .separatorInText(turn: index, String(decoding: separator, as: UTF8.self))
      }
    }
    for (index, turn) in zip(dropped..., turns) where turn.content.isEmpty { return .emptyTurn(index) }
    return .noAnswer
  }
}

/// A text as LLaVA's tokenizer cuts it, without the beginning of the text before it.
private struct VicunaText {
  var tokens = 0
  /// Tokens that stand for a picture.
  var pictures: [Int] = []

  init(_ bytes: ArraySlice<UInt8>, hasImage: Bool, _ tokenizer: any TextTokenizer) {
    let chunks = hasImage ? bytes.parts(at: Array("<image>".utf8)) : [bytes]
    for (index, chunk) in chunks.enumerated() {
      if index > 0 {
        pictures.append(tokens)
        tokens += 1
      }
      tokens += tokenizer.count(chunk, parsing: .llama)
    }
  }
}

/// What Python's methods of texts do.
enum PythonText {
  /// Without white space at both ends; `isspace` is the property White_Space and the four separators of ASCII.
  static func stripped(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    let isSpace = { (scalar: Unicode.Scalar) in
      scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
    // Bytes that are no UTF-8 are no white space: what is cut off is as long as it was.
    let before = scalars.prefix(while: isSpace).reduce(0) { $0 + UTF8.width($1) }
    guard before < bytes.count else { return bytes[bytes.endIndex...] }
    let after = scalars.reversed().prefix(while: isSpace).reduce(0) { $0 + UTF8.width($1) }
    return bytes[(bytes.startIndex + before)..<(bytes.endIndex - after)]
  }
}
