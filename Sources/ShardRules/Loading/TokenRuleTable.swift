extension RulesTable {
  private static let field = Shape.text("the name or the path of a field")
  private static let limit = Shape.integer(Shape.Bounds(minimum: 1, maximum: Double(TokenRule.largest)))
  private static let label = Shape.integer(
    Shape.Bounds(minimum: -Double(TokenRule.largest), maximum: Double(TokenRule.largest)))

  private static let count = Shape.integer(
    Shape.Bounds(minimum: 0, maximum: Double(ImageTokens.largest)))

  static let tokens = Shape.object(
    [
      .init("ids", field, "The field of token ids; default input_ids."),
      .init("labels", field, "The field of labels beside them; default labels."),
      .init("attention_mask", field, "The field of the mask beside them; default attention_mask."),
      .init("token_type_ids", field, "The field of segment numbers; default token_type_ids."),
      .init("position_ids", field, "The field of positions; default position_ids."),
      .init(
        "labels_are", .choice(TokenRule.Labels.allNames),
        "What labels are: the ids themselves, classes of tokens, or sequences of their own; auto asks the data."
      ),
      .init("ignore_index", label, "The label that carries no loss; default -100."),
      .init(
        "shift", .boolean,
        "Whether the trainer shifts labels by one, so that the first is unused; default true."),
      .init(
        "packed", .boolean, "Whether a mask may number the documents of a packed sequence; default false."),
      .init("max_tokens", limit, "How many tokens of a sequence training keeps."),
      .init("vocab_size", limit, "Rows of the embedding: every id is below it."),
      .init(
        "tokenizer", .text("a path or auto"),
        "The tokenizer's file, seen from this one, or auto: the one beside the data."),
      .init(
        "trainer", .choice(TokenRule.TrainerName.allNames),
        "The trainer whose code decides which tokens of a conversation carry labels; it sets max_tokens, too."
      ),
      .init(
        "template", .choice(TokenRule.Template.allNames),
        "How conversations are written; told by the tokenizer's special tokens where neither it nor a trainer is named."
      ),
      .init(
        "image_tokens",
        .oneOf([
          count, .choice(ImageTokens.Model.allNames),
          .object(
            [
              .init("tokens", count, "Tokens of a picture.", isRequired: true),
              .init("marks", count, "Tokens that stand around them."),
            ], .key),
        ]), "Tokens of a picture in a conversation, or the model that says how many."),
      .init(
        "texts", .list(of: .text("a field path"), count: 0...1_000, "a list of field paths"),
        "Texts that are trained on as they are, beside captions; `*` and `?` are wildcards."),
    ], .key)
}

extension RulesBuilder {
  mutating func tokenRule(_ node: YAMLNode) -> TokenRule {
    var rule = TokenRule()
    rule.ids = node["ids"]?.text
    rule.labels = node["labels"]?.text
    rule.attentionMask = node["attention_mask"]?.text
    rule.tokenTypes = node["token_type_ids"]?.text
    rule.positions = node["position_ids"]?.text
    rule.labelsAre = node["labels_are"]?.choice()
    rule.ignored = node["ignore_index"]?.integer
    rule.isShifted = node["shift"]?.boolean
    rule.isPacked = node["packed"]?.boolean
    rule.maxTokens = node["max_tokens"]?.integer
    rule.vocabularySize = node["vocab_size"]?.integer
    rule.tokenizer = node["tokenizer"]?.text
    rule.template = node["template"]?.choice()
    rule.trainer = node["trainer"]?.choice()
    rule.texts = node["texts"]?.texts ?? []
    rule.imageTokens = node["image_tokens"].flatMap { node in
      if let tokens = node.integer ?? node["tokens"]?.integer {
        return .fixed(tokens, marks: node["marks"]?.integer ?? 0)
      }
      return node.choice().map { .model($0) }
    }
    if rule.template != nil, rule.trainer != nil, let written = node["template"] {
      report(written.position, "a trainer has its own template; name one of the two")
    }
    return rule
  }
}
