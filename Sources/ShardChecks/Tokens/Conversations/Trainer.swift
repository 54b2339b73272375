import ShardRules

/// A trainer, as far as it decides which labels of a record are left.
package struct Trainer: Sendable {
  package enum Recipe: Sendable, Equatable {
    /// `finetune_multitask.py` of Monkey: the first turn is the question, the second the answer, whatever their roles.
    case monkey
    /// `finetune_multitask_dialouge_doc.py`: turns at odd places are answers.
    case textMonkey
    /// `finetune.py` of Qwen-VL.
    case qwenVL
    /// `train.py` of LLaVA 1.5 (`preprocess_v1`).
    case llava
    /// Fine-tuning with a loss on answers only.
    case template(ChatTemplate)
  }

  package var name: String
  package var recipe: Recipe
  /// Tokens of a record that are kept.
  package var limit: Int
  package var pictures: PictureCost

  package init(name: String, recipe: Recipe, limit: Int, pictures: PictureCost) {
    self.name = name
    self.recipe = recipe
    self.limit = limit
    self.pictures = pictures
  }

  package static let monkey = Trainer(name: "monkey", recipe: .monkey, limit: 2_048, pictures: .monkey)
  package static let textMonkey = Trainer(
    name: "textmonkey", recipe: .textMonkey, limit: 2_048, pictures: .textMonkey)
  package static let qwenVL = Trainer(name: "qwen-vl", recipe: .qwenVL, limit: 8_192, pictures: .qwenVL)
  package static let llava = Trainer(name: "llava", recipe: .llava, limit: 2_048, pictures: .llava)

  package static func template(
    _ template: ChatTemplate, limit: Int, pictures: PictureCost = .fixed(256, marks: 0)
  ) -> Trainer {
    Trainer(name: template.rawValue, recipe: .template(template), limit: limit, pictures: pictures)
  }

  /// The presets by name, and the templates with a limit of 2,048.
  package static let all: [Trainer] =
    [monkey, textMonkey, qwenVL, llava] + ChatTemplate.allCases.map { template($0, limit: 2_048) }

  /// The trainer that the rules name, else their template, else one without a template; with the limit of `max_tokens`, and
  /// without one where neither the rules nor the trainer's code sets it.
  package init(_ rule: TokenRule) {
    switch rule.trainer {
    case .monkey: self = .monkey
    case .textMonkey: self = .textMonkey
    case .qwenVL: self = .qwenVL
    case .llava: self = .llava
    case nil: self = .template(rule.template ?? .plain, limit: .max)
    }
    if let tokens = rule.imageTokens { pictures = PictureCost(tokens) }
    limit = rule.maxTokens ?? limit
  }

  package static func named(_ name: String) -> Trainer? { all.first { $0.name == name } }

  /// Special tokens that records of this trainer are written with.
  package var markup: Set<String> {
    switch recipe {
    case .monkey, .textMonkey, .qwenVL:
      ["<img>", "</img>", "<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>"]
    case .llava, .template: []
    }
  }

  /// What is taken for special tokens when it stands in a text.
  package var specials: SpecialTokens {
    switch recipe {
    case .monkey, .textMonkey, .qwenVL: .qwen
    case .llava: .llama
    case .template(let template): template.specials
    }
  }

  /// What the trainer makes of a conversation.
  /// - Complexity: that of the tokenizer over all texts, twice for LLaVA.
  package func train(on turns: [Turn], _ tokenizer: any TextTokenizer) -> TrainedRecord {
    switch recipe {
    case .monkey: monkey(turns, tokenizer)
    case .textMonkey: textMonkey(turns, tokenizer)
    case .qwenVL: qwenVL(turns, tokenizer)
    case .llava: llava(turns, tokenizer)
    case .template(let template): segments(template.segments(turns), tokenizer)
    }
  }

  private func segments(_ segments: [Segment], _ tokenizer: any TextTokenizer) -> TrainedRecord {
    var runs = LabelRuns()
    for segment in segments {
      let count: Int
      switch segment.kind {
      case .special: count = 1
      case .text(let bytes):
        // Special tokens are those of the vocabulary; only where it tells none, the template's.
        count =
          bytes.withUnsafeBufferPointer { tokenizer.countParsingSpecials($0) }
          ?? tokenizer.count(bytes[...], parsing: specials)
      case .picture(let picture):
        guard let tokens = pictures.tokens(picture) else { return TrainedRecord(failure: .pictureSize) }
        count = tokens
      }
      runs.append(count, segment.isLabelled ? .answer : .ignored)
    }
    var record = TrainedRecord(runs, limit: limit)
    if record.beforeFirstLabel == nil { record.failure = .noAnswer }
    return record
  }
}
