extension RulesTable {
  private static let field = Shape.text("the path of a field")
  private static let fields = Shape.oneOf([field, .list(of: field, count: 1...100, "a list of field paths")])
  private static let name = Shape.text("a name")
  private static let names = Shape.list(of: .text("a name"), count: 1...100, "a list of names")
  private static let size = Shape.integer(.init(minimum: 1, maximum: Double(PairRule.largest)))

  static let pairs = Shape.object(
    [
      .init(
        "shape", .choice(PairShape.allNames),
        "How records say which picture belongs to which text; told from their fields where it is not named."),
      .init(
        "image", fields, "The field with the picture, or several, of which the first that is there counts."),
      .init("caption", fields, "The field with the caption, or several."),
      .init("turns", field, "The field with the list of turns; default conversations or messages."),
      .init("role", name, "The member of a turn that says who speaks; default from or role."),
      .init("content", name, "The member of a turn that says what; default value or content."),
      .init("users", names, "Names of the role that asks."),
      .init("answers", names, "Names of the role that answers: what is trained on."),
      .init("placeholder", .text("a text"), "What stands for a picture in a turn; default <image>."),
      .init("box_range", .choice(PairRule.BoxRange.allNames), "The range of the coordinates in <box>."),
      .init("max_image_path", size, "The most bytes that the path of a picture in <img> may have."),
      .init("caption_length", length, "Characters of a caption."),
      .init(
        "separators", .list(of: .text("a text"), count: 0...100, "a list of texts"),
        "What the trainer puts between turns; in the text of a turn it breaks the sample apart."),
      .init("text_only", .boolean, "Whether records without a picture are meant."),
    ], .key)
}

extension RulesBuilder {
  mutating func pairRule(_ node: YAMLNode) -> PairRule {
    var rule = PairRule()
    rule.shape = node["shape"]?.choice()
    rule.images = fields(node["image"])
    rule.captions = fields(node["caption"])
    rule.turns = node["turns"]?.text
    rule.role = node["role"]?.text
    rule.content = node["content"]?.text
    rule.users = node["users"]?.texts ?? []
    rule.answers = node["answers"]?.texts ?? []
    rule.placeholder = node["placeholder"]?.text
    rule.boxRange = node["box_range"]?.choice()
    rule.longestPath = node["max_image_path"]?.integer
    rule.captionLength = node["caption_length"].flatMap { length($0) }
    rule.separators = node["separators"]?.texts ?? []
    rule.allowsTextOnly = node["text_only"]?.boolean
    if let maximum = rule.captionLength?.maximum, maximum > PairRule.largest,
      let written = node["caption_length"]
    {
      report(written.position, "no text is as long as \(maximum) characters")
    }
    let users = Set(rule.users)
    if let both = rule.answers.first(where: { users.contains($0) }), let written = node["answers"] {
      report(written.position, "the role `\(Shown.text(both))` cannot both ask and answer")
    }
    return rule
  }

  private func fields(_ node: YAMLNode?) -> [String] { node?.texts ?? node?.text.map { [$0] } ?? [] }
}
